"""Request bodies of v1 that chats, messages and versions take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from v0client.simulator.exchange import Refusal
from v0client.simulator.tasks import Task
from v0client.simulator.v1.bodies import Address, Body

Privacy = Literal["public", "private", "team-edit", "team", "unlisted"]
Mode = Literal["sync", "async", "experimental_stream"]
MetadataKey = Annotated[str, Field(min_length=1, max_length=40)]
MetadataValue = Annotated[str, Field(max_length=500)]
Metadata = dict[MetadataKey, MetadataValue]


class Attachment(Body):
    url: str


class ModelConfiguration(Body):
    modelId: Literal["v0-auto", "v0-mini", "v0-pro", "v0-max", "v0-max-fast"] = "v0-pro"
    imageGenerations: bool = False
    thinking: bool = False

    def stored(self) -> dict[str, object]:
        """As it is given back; the deprecated automatic choice falls back."""
        return {**self.model_dump(), "modelId": self.effective}

    @property
    def effective(self) -> str:
        return "v0-pro" if self.modelId == "v0-auto" else self.modelId


class RemoteSkill(Body):
    type: Literal["remote"]
    id: str


class MemorySkill(Body):
    type: Literal["memory"]
    scope: Literal["user", "team"]
    skillName: str


class ProjectSkill(Body):
    type: Literal["project"]
    skillName: str


Skill = Annotated[RemoteSkill | MemorySkill | ProjectSkill, Field(discriminator="type")]


class Prompting(Body):
    """What a first message and a later one have in common."""

    message: str
    attachments: list[Attachment] = []
    system: str = ""
    modelConfiguration: ModelConfiguration = ModelConfiguration()
    responseMode: Mode = "sync"
    mcpServerIds: list[str] = []
    attachedSkillIds: list[str] = []
    skills: list[Skill] = []

    def model_post_init(self, context: Any) -> None:
        if len(self.skills) + len(self.attachedSkillIds) > 3:
            raise Refusal(422, "At most 3 skills can be attached to a chat")
        if not self.message.strip():
            raise Refusal(422, "message: must not be empty")


class CreateChat(Prompting):
    chatPrivacy: Privacy = "private"
    projectId: str = ""
    designSystemId: str | None = None
    metadata: Metadata = {}


class Action(Body):
    type: Literal["fix-with-v0"]


class SendMessage(Prompting):
    # Only whether it was given counts.
    action: Action = Action(type="fix-with-v0")


class UpdateChat(Body):
    name: str = ""
    privacy: Privacy = "private"
    metadata: dict[MetadataKey, MetadataValue | None] | None = None


class Favorite(Body):
    isFavorite: bool


class Fork(Body):
    versionId: Annotated[str, Field(max_length=32)] = ""
    privacy: Privacy = "private"


class NamedFile(Body):
    name: str
    content: str
    locked: bool = False


class UpdateFiles(Body):
    files: list[NamedFile]


class DeleteFiles(Body):
    filePaths: list[str]


class InlineFile(Body):
    name: str
    content: str
    locked: bool = False


class RemoteFile(Body):
    name: str
    url: str
    locked: bool = False


class Initializing(Body):
    """What every way to start from existing code has in common."""

    name: str = ""
    chatPrivacy: Privacy = "private"
    projectId: str = ""
    metadata: Metadata = {}


class InitFromFiles(Initializing):
    type: Literal["files"]
    files: list[InlineFile | RemoteFile]


class Repository(Body):
    url: str
    branch: Annotated[str, Field(max_length=250)] = ""


class InitFromRepo(Initializing):
    type: Literal["repo"]
    repo: Repository
    lockAllFiles: bool = False


class Registry(Body):
    url: str


class InitFromRegistry(Initializing):
    type: Literal["registry"]
    registry: Registry
    lockAllFiles: bool = False


class Archive(Body):
    url: Address


class InitFromZip(Initializing):
    type: Literal["zip"]
    zip: Archive
    lockAllFiles: bool = False


class InitFromTemplate(Initializing):
    type: Literal["template"]
    templateId: str


class Init(
    RootModel[
        Annotated[
            InitFromFiles | InitFromRepo | InitFromRegistry | InitFromZip | InitFromTemplate,
            Field(discriminator="type"),
        ]
    ]
):
    """One of the ways, told apart by `type`."""


class ResolveTask(Body):
    task: Annotated[Task, Field(discriminator="type")]
    responseMode: Mode = "sync"
    modelConfiguration: ModelConfiguration = ModelConfiguration()
