"""The retry policy, once for both clients: a generator that does no I/O.

It yields what to do (send the request, or wait) and is sent what came of it. What v0 answers
is turned into results and errors elsewhere.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar, cast

LONGEST_WAIT = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0


class Reply(Protocol):
    """The part of a response that the policy looks at."""

    @property
    def status_code(self) -> int:
        """Such as 200."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By names in any case."""
        ...


R = TypeVar("R", bound=Reply)


@dataclass(frozen=True, slots=True)
class Lost:
    """An exchange without a whole answer."""

    text: str
    timed_out: bool = False
    maybe_sent: bool = True  # v0 may have begun to work on it
    unreadable: bool = False  # an answer came, but its encoding is broken


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request; `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for a while."""

    seconds: float


def attempts(
    method: str,
    max_retries: int,
    *,
    chance: Callable[[], float] = random.random,
    now: Callable[[], float] = time.time,
) -> Generator[Send | Wait, R | Lost | None, R | Lost]:
    """Yield Send and Wait steps, be sent each outcome, and return the one that counts."""
    number = 0
    while True:
        number += 1
        outcome = cast("R | Lost", (yield Send(number)))  # None only comes after a Wait
        if number > max_retries or not worth_another(method, outcome):
            return outcome
        asked = None
        if not isinstance(outcome, Lost):
            asked = retry_after(outcome.headers, now())
        if asked is not None and asked > LONGEST_WAIT:
            return outcome
        yield Wait(pause(number, chance()) if asked is None else asked)


def worth_another(method: str, outcome: Reply | Lost) -> bool:
    """Whether sending again can help and cannot do anything twice."""
    if isinstance(outcome, Lost):
        if outcome.unreadable:
            return False
        return method == "GET" or not outcome.maybe_sent
    status = outcome.status_code
    return method == "GET" and (status in (408, 429) or status >= 500)


def pause(number: int, chance: float) -> float:
    """Seconds before attempt `number` + 1: doubled each time, and spread by up to a half."""
    longest = min(FIRST_PAUSE * 2.0 ** (number - 1), LONGEST_PAUSE)
    return longest * (1 - chance / 2)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the answer asks to wait, or None; `Retry-After` is seconds or an HTTP date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        seconds = float(value)
        return seconds if math.isfinite(seconds) else None
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None
