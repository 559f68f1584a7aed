"""The things the simulator remembers. Plain data; what they look like in JSON is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SpendLimit:
    """Whole dollars a month."""

    dollars: int
    created_at: float
    updated_at: float


@dataclass(slots=True)
class Team:
    id: str
    name: str
    slug: str
    # The organization whose child this team is.
    organization_id: str | None = None
    spend_limit: SpendLimit | None = None
    preview_hosts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Organization:
    """Stands above its child teams; the owners of the parent team run it."""

    id: str
    parent_team_id: str
    spend_limit: SpendLimit | None = None


@dataclass(slots=True)
class Person:
    id: str
    name: str
    email: str
    team_id: str
    role: str
    created_at: float
    personal_scope: str
    # People whose own account pays, not the team: older billing and a daily limit.
    pays_personally: bool = False
    # All credits are used up; agents write nothing more for this person.
    broke: bool = False


@dataclass(slots=True)
class Key:
    secret: str
    person_id: str
    label: str
    revoked: bool = False
    last_used_at: float | None = None


@dataclass(slots=True)
class File:
    name: str
    content: str
    locked: bool = False
    # The content is a data URL, because it is no text.
    binary: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was handed in for a chat."""

    chat_id: str
    content: bytes
    content_type: str


@dataclass(slots=True)
class Version:
    id: str
    chat_id: str
    created_at: float
    # The prompts that led here; generated files follow from them alone.
    prompts: tuple[str, ...]
    finished_at: float
    failed: bool = False
    updated_at: float | None = None
    # Files put there by hand (or None: removed); they win over generated ones.
    overlay: dict[str, File | None] | None = None


@dataclass(slots=True)
class ConnectSetup:
    """A connector that somebody has to set up in a browser while the agent waits."""

    request_id: str
    service: str
    connector_id: str
    connector_name: str
    requested_at: float
    # When its page was visited, and what went wrong there.
    opened_at: float | None = None
    error: str = ""


@dataclass(slots=True)
class Run:
    """How an answer is being written: everything about it follows from the time."""

    started_at: float
    duration: float
    version_id: str
    prompts: tuple[str, ...]
    failed: bool
    model: str
    thinking: bool
    images: bool
    # What it comes to: a version, something that people are asked for, only words, or nothing.
    outcome: str = "version"
    # The outcome of the run before, where this one goes on with what people did about it.
    continues: str = ""
    # What it asks for has been dealt with or passed over.
    closed: bool = False
    setup: ConnectSetup | None = None
    stopped_at: float | None = None
    # Copied from another chat, which has paid for it.
    copied: bool = False

    @property
    def finished_at(self) -> float:
        if self.stopped_at is not None:
            return self.stopped_at
        # Whole milliseconds, as the clock shows: a sum of two may miss them by a hair.
        return round(self.started_at + self.duration, 3)

    @property
    def charged(self) -> bool:
        """Whether it costs something: not where it was stopped or nothing was written."""
        return self.stopped_at is None and self.outcome != "nothing" and not self.copied


@dataclass(slots=True)
class Message:
    id: str
    chat_id: str
    role: str
    type: str
    created_at: float
    text: str
    author_id: str | None
    parent_id: str | None = None
    attachments: tuple[str, ...] = ()
    run: Run | None = None
    # What v2 tells instead of the text, and the version that came of it, where nothing ran.
    parts: tuple[dict[str, Any], ...] = ()
    version_id: str = ""


@dataclass(slots=True)
class Chat:
    id: str
    author_id: str
    team_id: str
    created_at: float
    updated_at: float
    privacy: str
    name: str | None
    # The title appears while the first answer is written.
    named_at: float
    project_id: str | None = None
    favorite: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    model: dict[str, object] | None = None
    messages: list[Message] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    branch: str | None = None
    # Chats of one generation of the API do not exist for the other.
    generation: str = "v1"
    # A Vercel project of its own; v1 chats have one through their project.
    vercel_project_id: str | None = None
    # When its preview has started, in v2.
    preview_from: float = 0.0
    # JSON already written, dropped at every change.
    written: dict[object, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that hooks may be told of; `event` is one of v0's names."""

    event: str
    chat: Chat
    message_id: str | None
    at: float


@dataclass(slots=True)
class EnvVar:
    id: str
    key: str
    value: str
    created_at: float
    updated_at: float | None = None


@dataclass(slots=True)
class Project:
    id: str
    team_id: str
    author_id: str
    name: str
    privacy: str
    created_at: float
    vercel_project_id: str
    description: str | None = None
    instructions: str | None = None
    icon: str = "icon-wand-sparkles"
    updated_at: float | None = None
    env_vars: dict[str, EnvVar] = field(default_factory=dict)


@dataclass(slots=True)
class Deployment:
    id: str
    chat_id: str
    version_id: str
    project_id: str | None
    team_id: str
    created_at: float
    duration: float
    failed: bool
    name: str


@dataclass(slots=True)
class UsageEvent:
    id: str
    type: str
    team_id: str
    person_id: str
    created_at: float
    prompt_cost: float
    completion_cost: float
    model: str
    tokens: tuple[int, int, int, int]
    chat_id: str | None = None
    message_id: str | None = None
    # What credits pay in full: repairs that v0 itself offered.
    waived: bool = False

    @property
    def cost(self) -> float:
        return self.prompt_cost + self.completion_cost

    @property
    def charged(self) -> float:
        return 0.0 if self.waived else self.cost


@dataclass(slots=True)
class Hook:
    id: str
    team_id: str
    person_id: str
    name: str
    events: list[str]
    url: str
    created_at: float
    chat_id: str | None = None


@dataclass(slots=True)
class McpServer:
    id: str
    team_id: str
    person_id: str
    name: str
    url: str
    enabled: bool
    auth: str
    scope: str
    created_at: float
    description: str | None = None
    updated_at: float | None = None
    # The token, the headers or the OAuth configuration, by the API's names.
    credentials: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class VercelProject:
    id: str
    team_id: str
    name: str
