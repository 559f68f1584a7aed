"""What runs of a chat, and what belongs to it on Vercel: preview, deployment, project, connectors.

v2 lists neither deployments nor logs: Vercel's own API does, by the ids given here.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import Field

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Moment, Shape
from v0client.v2.chats import CHAT


class Preview(Shape):
    """A running preview. Requests to `url` carry `token` in the header `x-v0-preview-token`; an
    answer with `x-v0-preview-refresh: 1` asks for a new one."""

    url: str
    token: str = Field(repr=False)
    expires_at: Moment


class Deployment(Shape):
    """A deployment that was begun; Vercel goes on building it."""

    deployment_id: str
    vercel_project_id: str


class AttachedProject(Shape):
    """The Vercel project that a chat has from now on."""

    vercel_project_id: str


class ReadyConnector(Shape):
    """A connector that a set-up has made. Known subject types: app, user, jwt-bearer."""

    id: str
    uid: str | None = None
    name: str
    service: str | None = None
    type: str
    supported_subject_types: list[str] | None = None
    supports_installation: bool | None = None
    attached_to_project: bool


class ConnectPending(Shape):
    """The set-up is under way: ask again after a few seconds."""

    status: Literal["pending"]
    progress: str | None = None


class ConnectReady(Shape):
    """The connector is set up: the agent's task can be resolved."""

    status: Literal["ready"]
    connector: ReadyConnector


class ConnectFailed(Shape):
    """The set-up ended with an error; `message` is meant for people."""

    status: Literal["error"]
    message: str


class ConnectOther(Shape):
    """A status that is not known yet."""

    status: str


ConnectStatus = ConnectPending | ConnectReady | ConnectFailed | ConnectOther
KnownConnectStatus = Annotated[
    ConnectPending | ConnectReady | ConnectFailed, Field(discriminator="status")
]


class VercelOperations(Resource[M]):
    """The part of `client.v2.chats` that is about what runs."""

    _name = "v2.chats"

    @operation
    def get_preview(self, chat_id: str) -> Call[Preview | None]:
        """Where the chat's app can be seen; None while it starts: ask again until it is there."""
        returns = cast("type[Preview | None]", Preview | None)
        return Call("GET", f"{CHAT}/preview", returns, {"chat_id": chat_id})

    @operation
    def deploy(self, chat_id: str) -> Call[Deployment]:
        """Deploy the chat's files; makes a Vercel project if the chat has none."""
        return Call("POST", f"{CHAT}/deploy", Deployment, {"chat_id": chat_id}, slow=True)

    @operation
    def create_vercel_project(
        self, chat_id: str, *, name: str | None = None
    ) -> Call[AttachedProject]:
        """A new Vercel project for the chat; called by the chat's title, if not given."""
        ids = {"chat_id": chat_id}
        body = given(name=name)
        return Call("POST", f"{CHAT}/vercel-project", AttachedProject, ids, body=body)

    @operation
    def get_connect_status(self, chat_id: str, *, request_id: str) -> Call[ConnectStatus]:
        """How far the set-up of a connector is. `request_id` is the task's: 1 to 128 characters."""
        returns = Annotated[KnownConnectStatus | ConnectOther, Field(union_mode="left_to_right")]
        return Call(
            "GET",
            f"{CHAT}/connect/status",
            cast("type[ConnectStatus]", returns),
            {"chat_id": chat_id},
            given(request_id=request_id),
        )
