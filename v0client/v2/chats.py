"""Chats as a whole: listing, reading, changing, duplicating, deleting.

Prompts are in prompts.py, beginning with files in sources.py, files in files.py, and what runs of
a chat in vercel.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from v0client.calls import Call, M, Null, PagedCall, Resource, given, operation, pages
from v0client.paging import cursor_pages
from v0client.shapes import Moment, Shape
from v0client.v2.amounts import Usage
from v0client.v2.pages import CursorPage


class Chat(Shape):
    """A chat. `privacy`: public, private, team, team-edit or unlisted.

    `title` is None until v0 has found one. `write_permission` is what this key may do.
    """

    id: str
    title: str | None = None
    privacy: str
    created_at: Moment
    updated_at: Moment | None = None
    author_id: str
    vercel_project_id: str | None = None
    metadata: dict[str, str]
    write_permission: bool


class ChatWithUsage(Shape):
    """A new chat, and what its first answer took."""

    chat: Chat
    usage: Usage


class QueuedChat(Shape):
    """A new chat and the message in which it is being answered: read that message with
    `client.v2.messages.get` until its `finish_reason` is there."""

    chat_id: str
    message_id: str


class DeletedChat(Shape):
    """What is left of a deleted chat."""

    chat_id: str


class ChatPage(CursorPage[Chat]):
    """One page of chats."""

    data: list[Chat] = Field(alias="chats")


CHAT = "v2/chats/{chat_id}"


class ChatOperations(Resource[M]):
    """The part of `client.v2.chats` that is about chats as a whole."""

    _name = "v2.chats"

    @pages
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        author_id: str | None = None,
        vercel_project_id: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> PagedCall[Chat]:
        """All chats that the key sees. `limit` is per page: 1 to 100, 20 if not given.

        `author_id` must be a member of the team that the key acts in. `metadata` finds the chats
        that have all of these pairs; a value has at most 500 characters.
        """
        query = given(
            limit=limit,
            cursor=cursor,
            author_id=author_id,
            vercel_project_id=vercel_project_id,
            metadata=metadata,
        )
        return PagedCall("GET", "v2/chats", ChatPage, {}, query, plan=cursor_pages)

    @operation
    def get(self, chat_id: str) -> Call[Chat]:
        """One chat."""
        return Call("GET", CHAT, Chat, {"chat_id": chat_id})

    @operation
    def update(
        self,
        chat_id: str,
        *,
        title: str | None = None,
        privacy: str | None = None,
        metadata: Mapping[str, str | None] | Null | None = None,
    ) -> Call[Chat]:
        """Rename a chat, or change who sees it, or its metadata.

        What `metadata` names is merged into what is there; None deletes a key, NULL in place of
        the whole deletes all. At most 50 entries, keys of 1 to 50 and values of at most 500
        characters.
        """
        body = given(title=title, privacy=privacy, metadata=metadata)
        return Call("PATCH", CHAT, Chat, {"chat_id": chat_id}, body=body)

    @operation
    def duplicate(
        self, chat_id: str, *, privacy: str | None = None, title: str | None = None
    ) -> Call[Chat]:
        """A new chat from a chat as it is now; private, with the title numbered, if not given."""
        body = given(privacy=privacy, title=title)
        return Call("POST", f"{CHAT}/duplicate", Chat, {"chat_id": chat_id}, body=body, slow=True)

    @operation
    def delete(self, chat_id: str) -> Call[DeletedChat]:
        """Delete a chat with all its messages."""
        return Call("DELETE", CHAT, DeletedChat, {"chat_id": chat_id})
