"""Whatever makes v0 write: a new chat, a message, the answer to a task.

Each comes in three modes: the plain one answers when all is written, which takes minutes;
`_stream` tells while it is written; `_async` answers at once, and the message it names is
finished when its `finish_reason` is there. All of them cost money and are never sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from v0client.calls import Call, M, Resource, StreamCall, given, operation, stream, typed
from v0client.tasks import Task
from v0client.v1.prompts import Attachment, Skill
from v0client.v2.chats import CHAT, ChatWithUsage, QueuedChat
from v0client.v2.events import StreamEvent, Written, followed
from v0client.v2.messages import MESSAGES, Message, QueuedMessage
from v0client.v2.sources import NewImport


class ModelConfiguration(TypedDict, total=False):
    """Known `model_id`s: v0-mini, v0-pro (if not given), v0-max, v0-max-fast.

    `image_generations` allows up to 5 images per version.
    """

    model_id: str
    image_generations: bool


class NewMessage(TypedDict, total=False):
    """What a message may carry. `system_prompt` is context, such as the frameworks in use; without
    `mcp_server_ids` those that are enabled may be used. At most 3 skills."""

    system_prompt: str | None
    model_configuration: ModelConfiguration | None
    attachments: Sequence[Attachment] | None
    mcp_server_ids: Sequence[str] | None
    skills: Sequence[Skill] | None


class NewChat(NewMessage, NewImport, total=False):
    """What begins a chat. Metadata keys have 1 to 40 characters, values at most 500."""


class Resolution(TypedDict, total=False):
    """What may go with the answer to a task."""

    model_configuration: ModelConfiguration | None


class ChatPromptOperations(Resource[M]):
    """The part of `client.v2.chats` that begins chats with a prompt. `message` is not empty."""

    _name = "v2.chats"

    @operation
    def create(self, *, message: str, **chat: Unpack[NewChat]) -> Call[ChatWithUsage]:
        """Begin a chat with a prompt; further fields are those of NewChat."""
        body = given(message=message, **typed(NewChat, chat))
        return Call("POST", "v2/chats", ChatWithUsage, body=body, slow=True)

    @stream
    def create_stream(
        self, *, message: str, **chat: Unpack[NewChat]
    ) -> StreamCall[StreamEvent, Written]:
        """Begin a chat and read what is written while it is written."""
        body = given(message=message, **typed(NewChat, chat))
        return followed("v2/chats/stream", {}, body)

    @operation
    def create_async(self, *, message: str, **chat: Unpack[NewChat]) -> Call[QueuedChat]:
        """Begin a chat and do not wait for the answer."""
        body = given(message=message, **typed(NewChat, chat))
        return Call("POST", "v2/chats/async", QueuedChat, body=body, slow=True)

    @stream
    def resume(self, chat_id: str) -> StreamCall[StreamEvent, Written]:
        """Follow what is being written in a chat; where nothing is, the chat's closing snapshot is
        the only event."""
        return followed(f"{CHAT}/resume", {"chat_id": chat_id}, joined=True)


class MessagePromptOperations(Resource[M]):
    """The part of `client.v2.messages` that goes on with chats. `message` is not empty."""

    _name = "v2.messages"

    @operation
    def send(self, chat_id: str, *, message: str, **prompt: Unpack[NewMessage]) -> Call[Message]:
        """Go on with a chat and get the answer; further fields are those of NewMessage."""
        body = given(message=message, **typed(NewMessage, prompt))
        return Call("POST", MESSAGES, Message, {"chat_id": chat_id}, body=body, slow=True)

    @stream
    def send_stream(
        self, chat_id: str, *, message: str, **prompt: Unpack[NewMessage]
    ) -> StreamCall[StreamEvent, Written]:
        """Go on with a chat and read the answer while it is written."""
        body = given(message=message, **typed(NewMessage, prompt))
        return followed(f"{MESSAGES}/stream", {"chat_id": chat_id}, body)

    @operation
    def send_async(
        self, chat_id: str, *, message: str, **prompt: Unpack[NewMessage]
    ) -> Call[QueuedMessage]:
        """Go on with a chat and do not wait for the answer."""
        body = given(message=message, **typed(NewMessage, prompt))
        ids = {"chat_id": chat_id}
        return Call("POST", f"{MESSAGES}/async", QueuedMessage, ids, body=body, slow=True)

    @operation
    def resolve(self, chat_id: str, *, task: Task, **answer: Unpack[Resolution]) -> Call[Message]:
        """Answer the task at which the agent has stopped, and get what it writes then.

        A message's `open_task` builds the task. A 409 says that the agent does not wait for this
        one, or no longer.
        """
        body = given(task=task, **typed(Resolution, answer))
        ids = {"chat_id": chat_id}
        return Call("POST", f"{MESSAGES}/resolve", Message, ids, body=body, slow=True)

    @stream
    def resolve_stream(
        self, chat_id: str, *, task: Task, **answer: Unpack[Resolution]
    ) -> StreamCall[StreamEvent, Written]:
        """Answer the task and read what is written while it is written."""
        body = given(task=task, **typed(Resolution, answer))
        return followed(f"{MESSAGES}/resolve/stream", {"chat_id": chat_id}, body)

    @operation
    def resolve_async(
        self, chat_id: str, *, task: Task, **answer: Unpack[Resolution]
    ) -> Call[QueuedMessage]:
        """Answer the task and do not wait for what the agent writes then."""
        body = given(task=task, **typed(Resolution, answer))
        ids = {"chat_id": chat_id}
        return Call("POST", f"{MESSAGES}/resolve/async", QueuedMessage, ids, body=body, slow=True)
