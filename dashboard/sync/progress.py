"""How far a run is: counts, requests and errors, written about once a second; renews the lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from dashboard.models import SyncRun
from dashboard.sync import lease

WRITE_EVERY = 1.0  # seconds
RENEW_EVERY = 5.0

Tell = Callable[[str, int, int], None]


class Progress:
    """Of one run. Only `answered` may be called from other threads."""

    def __init__(self, run: SyncRun, tell: Tell | None = None) -> None:
        self.run = run
        self.counts: dict[str, dict[str, int]] = {}
        self.errors: dict[str, str] = {}
        self.area, self.done, self.total = "", 0, 0
        self._tell = tell
        self._counting = threading.Lock()
        self.requests = run.requests
        self._written = self._renewed = time.monotonic()

    def answered(self) -> None:
        """v0 gave an answer."""
        with self._counting:
            self.requests += 1

    def begin(self, area: str, total: int = 0) -> None:
        """The next area, or the number of its items once it is known."""
        self.area, self.done, self.total = area, 0, total
        lease.renew(self.run)
        self._renewed = time.monotonic()
        self._write()

    def stepped(self, items: int) -> None:
        self.done += items
        self.alive()

    def alive(self) -> None:
        """Called often while waiting and working. Raises lease.Lost or lease.Stopped."""
        now = time.monotonic()
        if now - self._renewed > RENEW_EVERY:
            lease.renew(self.run)
            self._renewed = now
        if now - self._written > WRITE_EVERY:
            self._write()

    def count(self, area: str, **more: int) -> None:
        """Adds to what the run has done."""
        counts = self.counts.setdefault(area, {})
        for what, number in more.items():
            if number:
                counts[what] = counts.get(what, 0) + number

    def failed(self, area: str, sentence: str) -> None:
        self.errors[area] = sentence

    def _write(self) -> None:
        self._written = time.monotonic()
        SyncRun.objects.filter(pk=self.run.pk).update(
            area=self.area,
            done_items=self.done,
            total_items=self.total,
            requests=self.requests,
            counts=self.counts,
        )
        if self._tell is not None:
            self._tell(self.area, self.done, self.total)
