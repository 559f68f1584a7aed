"""What this process knows of the previews that are open: where they run, and with which token.

Whether the person is still signed in and sees the chat is looked up again every few seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.db import connections
from django.utils import timezone

from dashboard.actions import previews
from dashboard.labels import Label
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import PreviewRecord

MARGIN = timedelta(seconds=30)  # a token this close to its end is not used any more
MOST = 1000
PASSING = ("busy", "slow", "unreachable", "broken")  # refusals of v0 that time mends

Found = TypeVar("Found")


@dataclass
class Door:
    preview: PreviewRecord | None = None
    seen_at: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Doors:
    """The open previews by label. Requests for the same one wait for the first of them.

    `seen_for` is how many seconds a look at who sees the chat counts.
    """

    def __init__(self, *, seen_for: float) -> None:
        self.seen_for = seen_for
        self._doors: dict[Label, Door] = {}

    async def open(self, label: Label) -> PreviewRecord | None:
        """Where the preview runs; None while it starts. Raises Refused."""
        door = self._door(label)
        async with door.turn:
            if door.preview is None or door.preview.expires_at - timezone.now() < MARGIN:
                door.preview = await in_thread(previews.open_preview, label)
            elif time.monotonic() - door.seen_at > self.seen_for:
                await in_thread(previews.seen_by, label)
            else:
                return door.preview
            door.seen_at = time.monotonic()
            return door.preview

    async def until_closed(self, label: Label) -> None:
        """Returns when the person may not look any more."""
        while not label.is_over:
            await asyncio.sleep(self.seen_for)
            try:
                await self.open(label)
            except Refused as refusal:
                if refusal.kind not in PASSING:
                    return

    def renew(self, label: Label, used: PreviewRecord) -> None:
        """The next request fetches a new token, unless one after `used` was fetched meanwhile."""
        door = self._door(label)
        if door.preview is used:
            door.preview = None

    def _door(self, label: Label) -> Door:
        if label not in self._doors and len(self._doors) >= MOST:
            del self._doors[next(iter(self._doors))]
        return self._doors.setdefault(label, Door())


async def in_thread(work: Callable[[Label], Found], label: Label) -> Found:
    """Runs what asks the database or v0, and gives the thread's connection back."""

    def run() -> Found:
        try:
            return work(label)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)
