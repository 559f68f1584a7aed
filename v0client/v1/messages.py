"""What people and v0 say in a chat: reading messages, following one, stopping it.

Sending is in prompts.py.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import Field

from v0client.calls import Call, M, PagedCall, Resource, StreamCall, given, operation, pages, stream
from v0client.open_tasks import OpenTask
from v0client.paging import cursor_pages
from v0client.shapes import Moment, Number, Page, Shape
from v0client.v1.contents import Node, Task, nodes
from v0client.v1.events import StreamEvent, Written, followed
from v0client.v1.markup import blocks


class MessageAttachment(Shape):
    """Something attached to a message. Known types: screenshot, figma, zip."""

    url: str
    name: str | None = None
    content_type: str | None = None
    size: Number | None = None  # bytes
    content: str | None = None
    type: str | None = None


class MessageSummary(Shape):
    """A message.

    `role`: user or assistant. `finish_reason`: stop, length, content-filter, tool-calls, error,
    other; None while it is being written. `type`: message, refinement, forked-block,
    edited-file, fix-with-v0, answered-questions and many more; new ones come without notice.
    """

    id: str
    object: str = "message"
    content: str
    experimental_content: list[Any] | None = Field(default=None, alias="experimental_content")
    created_at: Moment
    updated_at: Moment | None = None
    type: str
    role: str
    finish_reason: str | None = None
    api_url: str
    author_id: str | None = None
    parent_id: str | None = None
    attachments: list[MessageAttachment] | None = None

    @cached_property
    def parts(self) -> list[Node]:
        """What the message says, piece by piece: the nodes of `experimental_content`, or those of
        `content` where v0 sends no other."""
        found = nodes(self.experimental_content)
        return found if found or self.experimental_content else blocks(self.content)

    @property
    def open_task(self) -> OpenTask | None:
        """What v0 waits for at the end of this message, None where it does not wait.

        Only a chat's latest message can wait. The task builds its own answer, for `resolve_task`.
        """
        tasks = [part for part in self.parts if isinstance(part, Task)]
        return tasks[-1].open_task if tasks else None


class MessageDetail(MessageSummary):
    """A message that names its chat."""

    chat_id: str


class Stopped(Shape):
    """The answer to `stop`."""

    success: bool


def message_ids(chat_id: str, message_id: str) -> dict[str, str]:
    """The ids in the address of a message."""
    return {"chat_id": chat_id, "message_id": message_id}


MESSAGE = "v1/chats/{chat_id}/messages/{message_id}"


class MessageOperations(Resource[M]):
    """The part of `client.v1.chats` that is about messages."""

    _name = "v1.chats"

    @pages
    def find_messages(
        self, chat_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PagedCall[MessageSummary]:
        """All messages, newest first. `limit` is per page: 1 to 150, 20 if not given."""
        return PagedCall(
            "GET",
            "v1/chats/{chat_id}/messages",
            Page[MessageSummary],
            {"chat_id": chat_id},
            given(limit=limit, cursor=cursor),
            plan=cursor_pages,
        )

    @operation
    def get_message(self, chat_id: str, message_id: str) -> Call[MessageDetail]:
        """One message."""
        return Call("GET", MESSAGE, MessageDetail, message_ids(chat_id, message_id))

    @stream
    def resume(self, chat_id: str, message_id: str) -> StreamCall[StreamEvent, Written]:
        """Follow a message that is being written; a stopped one is not started again."""
        return followed(f"{MESSAGE}/resume", message_ids(chat_id, message_id))

    @operation
    def stop(self, chat_id: str, message_id: str) -> Call[Stopped]:
        """Stop a message that is being written."""
        return Call("POST", f"{MESSAGE}/stop", Stopped, message_ids(chat_id, message_id))
