"""Whatever makes v0 write: a new chat, a message, the answer to a question of its own.

Each comes as an operation and as a stream. All of them cost money and are never sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict, Unpack

from v0client.calls import (
    Call,
    M,
    Null,
    Resource,
    StreamCall,
    given,
    operation,
    stream,
    typed,
)
from v0client.tasks import Task
from v0client.v1.chats import ChatDetail
from v0client.v1.events import StreamEvent, Written, followed

STREAMED = "experimental_stream"


class Attachment(TypedDict):
    """A file or page to look at: its address, or a data: URL."""

    url: Required[str]


class ModelConfiguration(TypedDict, total=False):
    """Known `model_id`s: v0-mini, v0-pro (if not given), v0-max, v0-max-fast, v0-auto (deprecated).

    `image_generations` allows up to 5 images per version, `thinking` several steps.
    """

    model_id: str
    image_generations: bool
    thinking: bool


class Skill(TypedDict, total=False):
    """`type` remote (with `id`), memory (`scope` user or team, `skill_name`) or project
    (`skill_name`)."""

    type: Required[str]
    id: str
    scope: str
    skill_name: str


class Action(TypedDict):
    """`type` fix-with-v0: the message then holds the errors to fix."""

    type: Required[str]


class Prompt(TypedDict, total=False):
    """What a new chat and a further message may carry.

    `system` tells of frameworks, tools and surroundings. Without `mcp_server_ids` the person's
    enabled servers are used. `attached_skill_ids` are skills of type remote; at most 3 in sum.
    """

    attachments: Sequence[Attachment] | None
    system: str | None
    model_configuration: ModelConfiguration | None
    mcp_server_ids: Sequence[str] | None
    attached_skill_ids: Sequence[str] | None
    skills: Sequence[Skill] | None


class NewChat(Prompt, total=False):
    """What begins a chat. `chat_privacy` is private if not given, else public, team, team-edit or
    unlisted; metadata has keys of 1 to 40 characters and values of at most 500."""

    chat_privacy: str | None
    project_id: str | None
    design_system_id: str | Null | None
    metadata: Mapping[str, str] | None


class NewMessage(Prompt, total=False):
    """What goes on with a chat."""

    action: Action | None


class Resolution(TypedDict, total=False):
    """What may go with the answer to a task."""

    model_configuration: ModelConfiguration | None


def body(
    kind: Any, optional: Mapping[str, Any], response_mode: str | None, **required: Any
) -> dict[str, Any]:
    """The fields that were given."""
    return given(**required, **typed(kind, optional), response_mode=response_mode)


class PromptOperations(Resource[M]):
    """The part of `client.v1.chats` that makes v0 write.

    `response_mode`: sync (if not given) answers when all is written, which takes minutes; async
    answers at once, and the chat's `latest_version.status` tells when it is done.
    """

    _name = "v1.chats"

    @operation
    def create(
        self, *, message: str, response_mode: str | None = None, **prompt: Unpack[NewChat]
    ) -> Call[ChatDetail]:
        """Begin a chat with a prompt; further fields are those of NewChat."""
        fields = body(NewChat, prompt, response_mode, message=message)
        return Call("POST", "v1/chats", ChatDetail, body=fields, slow=True)

    @stream
    def create_stream(
        self, *, message: str, **prompt: Unpack[NewChat]
    ) -> StreamCall[StreamEvent, Written]:
        """Begin a chat and read what is written while it is written."""
        fields = body(NewChat, prompt, STREAMED, message=message)
        return followed("v1/chats", {}, fields)

    @operation
    def send_message(
        self,
        chat_id: str,
        *,
        message: str,
        response_mode: str | None = None,
        **prompt: Unpack[NewMessage],
    ) -> Call[ChatDetail]:
        """Go on with a chat; further fields are those of NewMessage."""
        fields = body(NewMessage, prompt, response_mode, message=message)
        ids = {"chat_id": chat_id}
        return Call("POST", "v1/chats/{chat_id}/messages", ChatDetail, ids, body=fields, slow=True)

    @stream
    def send_message_stream(
        self, chat_id: str, *, message: str, **prompt: Unpack[NewMessage]
    ) -> StreamCall[StreamEvent, Written]:
        """Go on with a chat and read what is written while it is written."""
        fields = body(NewMessage, prompt, STREAMED, message=message)
        ids = {"chat_id": chat_id}
        return followed("v1/chats/{chat_id}/messages", ids, fields)

    @operation
    def resolve_task(
        self,
        chat_id: str,
        *,
        task: Task,
        response_mode: str | None = None,
        **answer: Unpack[Resolution],
    ) -> Call[ChatDetail]:
        """Answer what v0 has stopped to ask: the `open_task` of the chat's latest message builds
        the `task`. One that does not fit, or comes late, is answered with Conflict."""
        fields = body(Resolution, answer, response_mode, task=task)
        ids = {"chat_id": chat_id}
        path = "v1/chats/{chat_id}/tasks/resolve"
        return Call("POST", path, ChatDetail, ids, body=fields, slow=True)

    @stream
    def resolve_task_stream(
        self, chat_id: str, *, task: Task, **answer: Unpack[Resolution]
    ) -> StreamCall[StreamEvent, Written]:
        """Answer what v0 has stopped to ask, and read what is written while it is written."""
        fields = body(Resolution, answer, STREAMED, task=task)
        ids = {"chat_id": chat_id}
        path = "v1/chats/{chat_id}/tasks/resolve"
        return followed(path, ids, fields)
