"""The form of v2's lists of chats and of messages."""

from __future__ import annotations

from typing import Generic, TypeVar

from v0client.shapes import Page

T = TypeVar("T")


class CursorPage(Page[T], Generic[T]):
    """One page of a list that says with `cursor` where it goes on."""

    cursor: str | None = None

    @property
    def next_cursor(self) -> str | None:
        """Where the list goes on, None at its end."""
        return self.cursor

    @property
    def has_more(self) -> bool:
        """Whether more follows."""
        return bool(self.cursor)
