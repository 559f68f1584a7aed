"""Cursor lists of v2, newest first. A cursor is the place after the last row that was given, so
rows that come and go between two pages neither hide others nor show them twice."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from v0client.simulator.exchange import Call, Refusal
from v0client.simulator.v1.paging import decode, encode

Row = TypeVar("Row")


def page(
    call: Call, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]
) -> tuple[list[Row], str | None]:
    """The rows of one page and the cursor of the next; `key` falls from row to row."""
    limit = call.number("limit", 20, 1, 100)
    start = 0
    if (cursor := call.text("cursor")) is not None:
        try:
            last = tuple(json.loads(decode(cursor)))
            start = bisect_left(rows, True, key=lambda row: key(row) < last)
        except (TypeError, ValueError, RecursionError):
            raise Refusal(422, "Query parameter 'cursor' is not valid") from None
    chosen = list(rows[start : start + limit])
    more = start + limit < len(rows)
    return chosen, encode(json.dumps(key(chosen[-1]))) if more else None
