"""What faults do to an answer that was fine: changes in its JSON, events that do not belong to it,
and the place where it breaks off. Streams are damaged event by event, as they go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from v0client.simulator.exchange import Pieces, Response, dump

EVENT, EVENT_END = b"data: ", b"\n\n"
LONG_CHARACTER = re.compile(rb"[\xc2-\xf4]")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an answer breaks off: after so many bytes or events, or within its first character
    that takes several bytes."""

    after_bytes: int | None = None
    after_events: int | None = None
    in_character: bool = False

    def place(self, piece: bytes, sent: int, events: int) -> int | None:
        """How much of this piece is sent before the break, if it comes in it."""
        places = []
        if self.after_bytes is not None and sent + len(piece) >= self.after_bytes:
            places.append(self.after_bytes - sent)
        if self.after_events is not None and events + piece.count(EVENT_END) >= self.after_events:
            places.append(len(piece))
        if self.in_character and (found := LONG_CHARACTER.search(piece)):
            places.append(found.start() + 1)
        return min(places, default=None)


def break_off(response: Response, cut: Cut) -> None:
    """Lets the answer end at the cut, where there is so much of it."""
    if response.pieces is not None:
        response.pieces = until(response, response.pieces, cut)
        return
    response.headers["content-length"] = str(len(response.body))
    pieces = until(response, iter([(0.0, response.body)]), cut)
    response.body = b"".join(piece for _, piece in pieces)


def until(response: Response, pieces: Pieces, cut: Cut) -> Pieces:
    """The pieces up to the break."""
    sent = events = 0
    for due, piece in pieces:
        place = cut.place(piece, sent, events)
        yield due, piece[:place]
        if place is not None:
            response.broken = True
            return
        sent += len(piece)
        events += piece.count(EVENT_END)


def patch(response: Response, values: dict[str, Any]) -> None:
    """Changes JSON answers, and each event of a stream."""
    if response.pieces is not None:
        response.pieces = changed_events(response.pieces, values)
    elif response.content_type.startswith("application/json"):
        response.body = changed(response.body, values)


def changed_events(pieces: Pieces, values: dict[str, Any]) -> Pieces:
    for due, piece in pieces:
        is_event = piece.startswith(EVENT + b"{")
        told = piece.removeprefix(EVENT)
        yield due, EVENT + changed(told, values) + EVENT_END if is_event else piece


def slip_in(response: Response, events: Mapping[int, Any]) -> None:
    """Puts further events into a stream, each behind so many of its own."""
    if response.pieces is not None:
        response.pieces = with_more(response.pieces, events)


def with_more(pieces: Pieces, events: Mapping[int, Any]) -> Pieces:
    passed, waiting = 0, dict(events)
    for due, piece in pieces:
        for place in sorted(place for place in waiting if place <= passed):
            yield due, EVENT + dump(waiting.pop(place)) + EVENT_END
        yield due, piece
        passed += piece.count(EVENT_END)


def changed(body: bytes, values: dict[str, Any]) -> bytes:
    """JSON with other values; see Fault.patch for the paths."""
    value = json.loads(body)
    for path, fresh in values.items():
        value = put(value, path.split(".") if path else [], fresh)
    return dump(value)


def put(value: Any, steps: list[str], fresh: Any) -> Any:
    """The value with `fresh` where the steps lead; a path that leads nowhere changes nothing."""
    if not steps:
        return fresh
    step, *rest = steps
    if isinstance(value, list):
        places = range(len(value)) if step == "*" else [int(step)] if step.isdecimal() else []
        for place in places:
            if place < len(value):
                value[place] = put(value[place], rest, fresh)
    elif isinstance(value, dict):
        for name in list(value) if step == "*" else [step]:
            if name in value or not rest:
                value[name] = put(value.get(name), rest, fresh)
    return value
