"""What people and agents say in a chat: reading messages, and stopping one.

Sending is in prompts.py.
"""

from __future__ import annotations

from pydantic import Field

from v0client.calls import Call, M, PagedCall, Resource, given, operation, pages
from v0client.open_tasks import OpenTask
from v0client.paging import cursor_pages
from v0client.shapes import Moment, Shape
from v0client.v2.amounts import Usage
from v0client.v2.pages import CursorPage
from v0client.v2.parts import AnyPart, open_task


class MessageAttachment(Shape):
    """A file that is attached to a message; `size` is in bytes."""

    url: str
    name: str | None = None
    content_type: str | None = None
    size: int | None = None


class Message(Shape):
    """A message. `parts` tells all of it, in order; `content` is the prose at its end, or "".

    `role`: user or assistant. `finish_reason`: stop, length, content-filter, tool-calls, error or
    other; None while it is being written. `author_id` is None for the agent. A restorable message
    has files that are not the chat's present ones.
    """

    id: str
    chat_id: str
    role: str
    created_at: Moment
    updated_at: Moment
    content: str
    parts: list[AnyPart]
    finish_reason: str | None
    restorable: bool
    attachments: list[MessageAttachment] | None = None
    author_id: str | None
    usage: Usage

    @property
    def finished(self) -> bool:
        """Whether it is complete; one that is not can be asked for again, or followed."""
        return self.finish_reason is not None

    @property
    def open_task(self) -> OpenTask | None:
        """What the agent waits for at the end of this message, None where it does not wait.

        Only a chat's latest message can wait. The task builds its own answer, for `resolve`.
        """
        return open_task(self.parts)


class MessagePage(CursorPage[Message]):
    """One page of messages, newest first."""

    data: list[Message] = Field(alias="messages")


class QueuedMessage(Shape):
    """The message that is being written: read it again until its `finish_reason` is there."""

    message_id: str


class RecordedMessages(Shape):
    """The messages, oldest first, that record a change of the chat's files."""

    messages: list[Message]


def message_ids(chat_id: str, message_id: str) -> dict[str, str]:
    """The ids in the address of a message."""
    return {"chat_id": chat_id, "message_id": message_id}


MESSAGES = "v2/chats/{chat_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"


class MessageOperations(Resource[M]):
    """The part of `client.v2.messages` that does not make v0 write."""

    _name = "v2.messages"

    @pages
    def list(
        self, chat_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PagedCall[Message]:
        """All messages of a chat, newest first. `limit` is per page: 1 to 100, 20 if not given."""
        query = given(limit=limit, cursor=cursor)
        return PagedCall(
            "GET", MESSAGES, MessagePage, {"chat_id": chat_id}, query, plan=cursor_pages
        )

    @operation
    def get(self, chat_id: str, message_id: str) -> Call[Message]:
        """One message."""
        return Call("GET", MESSAGE, Message, message_ids(chat_id, message_id))

    @operation
    def stop(self, chat_id: str, message_id: str) -> Call[QueuedMessage]:
        """Stop a message that is being written, as soon as the agent can; it is then finished."""
        return Call("POST", f"{MESSAGE}/stop", QueuedMessage, message_ids(chat_id, message_id))
