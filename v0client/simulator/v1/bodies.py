"""What v1 accepts in request bodies: strict, unknown fields refused, limits as published. The
bodies of chats, messages and versions are in chat_bodies.py."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from v0client.simulator.exchange import Call, Refusal

LARGEST_BODY = 4_500_000

Event = Literal[
    "chat.created",
    "chat.updated",
    "chat.deleted",
    "message.created",
    "message.updated",
    "message.deleted",
    "message.finished",
]
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


class Variable(Body):
    key: Annotated[str, Field(min_length=1)]
    value: str


class CreateVariables(Body):
    environmentVariables: list[Variable]
    upsert: bool = False


class ChangedVariable(Body):
    id: str
    value: str


class UpdateVariables(Body):
    environmentVariables: list[ChangedVariable]


class DeleteVariables(Body):
    environmentVariableIds: list[str]


class CreateDeployment(Body):
    projectId: str = ""
    chatId: str
    versionId: str


class NewHook(Body):
    """What a hook is, but for the chat that it listens to."""

    name: str
    events: list[Event]
    url: Address


class CreateHook(NewHook):
    chatId: str = ""


class UpdateHook(Body):
    name: str = ""
    events: list[Event] = []
    url: Address = "-:-"


class CreateVercelProject(Body):
    projectId: str
    name: str


class NoAuth(Body):
    type: Literal["none"]


class BearerAuth(Body):
    type: Literal["bearer"]
    token: Annotated[str, Field(min_length=1, max_length=1000)]


class HeaderAuth(Body):
    type: Literal["custom-headers"]
    headers: dict[str, Annotated[str, Field(max_length=500)]]


class OAuthConfig(Body):
    authorizationUrl: Address
    tokenUrl: Address
    registrationUrl: Address = "-:-"
    clientId: Annotated[str, Field(min_length=1)]
    clientSecret: str = ""
    scopes: list[str] = []
    usePKCE: bool = True
    issuer: str = ""
    resource: str = ""
    clientIdMetadataDocumentSupported: bool = False


class OAuth(Body):
    type: Literal["oauth"]
    config: OAuthConfig


Auth = Annotated[NoAuth | BearerAuth | HeaderAuth | OAuth, Field(discriminator="type")]
ServerName = Annotated[str, Field(min_length=1, max_length=100)]
ServerAddress = Annotated[Address, Field(max_length=500)]
ServerText = Annotated[str, Field(max_length=500)]


class Server(Body):
    """What an MCP server is, but for the way to sign in."""

    name: ServerName
    url: ServerAddress
    description: ServerText = ""
    enabled: bool = True
    scope: Literal["user", "team"] = "user"


class CreateMcpServer(Server):
    auth: Auth = NoAuth(type="none")


class UpdateMcpServer(CreateMcpServer):
    name: ServerName = "-"
    url: ServerAddress = "-:-"


class Authorize(Body):
    returnUrl: Address
