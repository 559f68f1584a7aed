"""What v1 accepts in request bodies: strict, unknown fields refused, limits as published."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from v0client.simulator.exchange import Call, Refusal

LARGEST_BODY = 4_500_000

Privacy = Literal["public", "private", "team-edit", "team", "unlisted"]
Mode = Literal["sync", "async", "experimental_stream"]
Event = Literal[
    "chat.created",
    "chat.updated",
    "chat.deleted",
    "message.created",
    "message.updated",
    "message.deleted",
    "message.finished",
]
MetadataKey = Annotated[str, Field(min_length=1, max_length=40)]
MetadataValue = Annotated[str, Field(max_length=500)]
Metadata = dict[MetadataKey, MetadataValue]
Address = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:.+")]


class Body(BaseModel):
    """The rules of every body."""

    model_config = ConfigDict(extra="forbid", strict=True)


BodyType = TypeVar("BodyType", bound=BaseModel)


def read(call: Call, model: type[BodyType]) -> BodyType:
    """The body of this call as `model`, else 413 or 422 with what is wrong with it."""
    if len(call.request.body) > LARGEST_BODY:
        raise Refusal(413, "Request body is too large")
    try:
        return model.model_validate_json(call.request.body or b"")
    except ValidationError as error:
        raise Refusal(422, explain(error)) from None


def explain(error: ValidationError) -> str:
    """Every complaint in one sentence each."""
    complaints: list[str] = []
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(step) for step in detail["loc"])
        complaints.append(f"{place}: {detail['msg']}" if place else detail["msg"])
    return "; ".join(dict.fromkeys(complaints))


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


class Prompting(Body):
    """What a first message and a later one have in common."""

    message: str
    attachments: list[Attachment] = []
    system: str = ""
    modelConfiguration: ModelConfiguration = ModelConfiguration()
    responseMode: Mode = "sync"
    mcpServerIds: list[str] = []
    attachedSkillIds: list[str] = []
    skills: list[
        Annotated[RemoteSkill | MemorySkill | ProjectSkill, Field(discriminator="type")]
    ] = []

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
    action: Action = Action.model_construct(type="")


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


class NewVariable(Body):
    key: Annotated[str, Field(max_length=255)]
    value: Annotated[str, Field(max_length=1000)]


class CreateProject(Body):
    name: Annotated[str, Field(max_length=255)]
    description: Annotated[str, Field(max_length=1000)] = ""
    icon: str = "icon-wand-sparkles"
    environmentVariables: list[NewVariable] = []
    instructions: Annotated[str, Field(max_length=2000)] = ""
    vercelProjectId: str = ""
    privacy: Literal["private", "team"] = "team"


class UpdateProject(Body):
    name: Annotated[str, Field(max_length=255)] = ""
    description: Annotated[str, Field(max_length=1000)] = ""
    instructions: Annotated[str, Field(max_length=2000)] = ""
    privacy: Literal["private", "team"] = "team"


class AssignProject(Body):
    chatId: str
