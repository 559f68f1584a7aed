"""What v0 tells, in one vocabulary for all generations of its API. Plain data without any I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """The person a key belongs to. `scopes` are {"id", "name"}."""

    id: str
    name: str
    email: str
    avatar_url: str
    scopes: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRecord:
    id: str
    status: str
    created_at: datetime
    updated_at: datetime | None = None
    demo_url: str = ""
    screenshot_url: str = ""
    dark_screenshot_url: str = ""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file. `text` is base64 where `encoding` is not utf8 but base64."""

    path: str
    text: str
    locked: bool = False
    encoding: str = "utf8"


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """An archive on its way. `size` is in bytes, None where v0 does not say."""

    size: int | None
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class MessageRecord:
    id: str
    role: str
    kind: str
    content: str
    created_at: datetime
    updated_at: datetime | None = None
    parts: list[Any] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    finish_reason: str = ""
    author_id: str = ""
    # v0's credits (US dollars) and token counts; None where v0 does not tell them here.
    cost: Decimal | None = None
    tokens: dict[str, int] | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class CostRecord:
    """What v0 reports of one use for a message, apart from the message; None where it does not say.
    A message may have several, whose amounts and token counts add up."""

    chat_id: str
    message_id: str
    cost: Decimal | None = None
    tokens: dict[str, int] | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class AskRecord:
    """What the agent waits for at the end of a message. `kind`: questions, plan, permissions,
    integration or connect; `asked` is as v0 tells it."""

    message_id: str
    kind: str
    asked: dict[str, Any]
    asked_at: datetime
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class SetupRecord:
    """How far the set-up of a connector is. `state`: pending, ready or failed; `text` is what v0
    says to it, of a ready one its name."""

    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChatListing:
    """A row of the list of chats."""

    id: str
    name: str
    privacy: str
    favorite: bool
    author_id: str
    project_id: str
    vercel_project_id: str
    web_url: str
    created_at: datetime
    updated_at: datetime | None
    latest: VersionRecord | None
    generation: str = "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRecord(ChatListing):
    """A chat with its messages (oldest first) and the files of its latest version.

    `versions` (oldest first) is None where they have to be asked for. `ending` is how the newest
    answer stands, where messages tell it better than versions: running, failed or done.
    """

    messages: tuple[MessageRecord, ...] = ()
    latest_files: tuple[FileRecord, ...] | None = None
    versions: tuple[VersionRecord, ...] | None = None
    ending: str = ""
    ask: AskRecord | None = None
    can_write: bool = True
    model_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether v0 is still writing."""
        if self.ending:
            return self.ending == "running"
        return self.latest is not None and self.latest.status == "pending"


@dataclass(frozen=True, slots=True)
class ProjectListing:
    """A row of the list of projects."""

    id: str
    name: str
    privacy: str
    vercel_project_id: str
    web_url: str
    created_at: datetime
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord(ProjectListing):
    description: str = ""
    instructions: str = ""
    chat_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeploymentRecord:
    id: str
    chat_id: str
    version_id: str
    project_id: str
    web_url: str
    inspector_url: str


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line of a deployment's log."""

    id: str
    created_at: datetime
    text: str
    stream: str
    level: str


@dataclass(frozen=True, slots=True)
class DeploymentErrorRecord:
    """Why a deployment failed; all empty where v0 reports nothing."""

    kind: str = ""
    text: str = ""
    summary: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.text or self.summary)


@dataclass(frozen=True, slots=True)
class PreviewRecord:
    """Where a chat's app runs; requests carry the token in x-v0-preview-token."""

    url: str
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MoneyRecord:
    """Plan, balance and limits. None where v0 says nothing, never zero in its place."""

    plan: str = ""
    billing_type: str = ""
    billing_mode: str = ""
    role: str = ""
    cycle_start: datetime | None = None
    cycle_end: datetime | None = None
    balance_remaining: float | None = None
    balance_total: float | None = None
    on_demand_balance: float | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    legacy_remaining: float | None = None
    legacy_limit: float | None = None
    legacy_reset_at: datetime | None = None
    rate_remaining: float | None = None
    rate_limit: float | None = None
    rate_reset_at: datetime | None = None
    daily_remaining: float | None = None
    daily_limit: float | None = None
    daily_reset_at: datetime | None = None
    daily_grace: bool | None = None
