"""The simulator's time: virtual (stands still until moved) or real. Durations are scaled by the
store, not here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

# Where virtual time starts unless a test says otherwise: any fixed instant keeps runs repeatable.
VIRTUAL_START = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
# The times that can be written: those of the years 1 to 9999.
EARLIEST, LATEST = -62_135_596_800, 253_402_300_799


def iso(moment: float) -> str:
    """Seconds since 1970 as the API writes times: UTC, milliseconds, Z."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def seconds(text: str) -> float:
    """A time in ISO 8601 with a zone, in seconds since 1970. ValueError for what is none, or lies
    before or after all times that can be written."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not EARLIEST <= moment.timestamp() <= LATEST:
        raise ValueError(f"{text!r} is no moment that can be written")
    return moment.timestamp()


class Clock:
    """Seconds since 1970; `frozen` holds the virtual time, or None when the real one counts."""

    def __init__(self, *, start: datetime | None = None, real: bool = False) -> None:
        virtual = (start or VIRTUAL_START).timestamp()
        self.frozen: float | None = None if real else virtual
        # Is called after time was moved, not when it passes by itself.
        self.on_move: Callable[[], None] = lambda: None
        self.shift = start.timestamp() - time.time() if real and start else 0.0

    def now(self) -> float:
        """The present moment, rounded to the milliseconds that answers carry."""
        return round(self.exact(), 3)

    def exact(self) -> float:
        return time.time() + self.shift if self.frozen is None else self.frozen

    def advance(self, seconds: float) -> None:
        """Moves time forward; real clocks get a lasting offset."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        if self.frozen is None:
            self.shift += seconds
        else:
            self.frozen += seconds
        self.on_move()

    def move_to(self, moment: float) -> None:
        """Virtual time jumps to `moment`, never back."""
        if self.frozen is not None and moment > self.frozen:
            self.frozen = moment
            self.on_move()

    def wait(self, moment: float) -> None:
        """Returns when `moment` has come: at once, by moving, when time is virtual."""
        self.move_to(moment)
        while (left := moment - self.exact()) > 0:
            time.sleep(left)

    async def wait_async(self, moment: float) -> None:
        """The same without blocking the event loop."""
        self.move_to(moment)
        # Timers may fire a moment early.
        while (left := moment - self.exact()) > 0:
            await asyncio.sleep(left)
