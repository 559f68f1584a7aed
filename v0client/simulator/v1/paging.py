"""Cursor lists of v1: newest first, a cursor names the last row that was given."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from v0client.simulator.exchange import Call, Refusal

Row = TypeVar("Row")


def encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> str:
    """What a cursor holds, else 422."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Refusal(422, "Query parameter 'cursor' is not valid") from None


def page(
    call: Call, rows: Sequence[Row], key: Callable[[Row], str], highest: int = 150
) -> tuple[list[Row], dict[str, Any]]:
    """The rows of one page (rows come oldest first) and the `pagination` object."""
    limit = call.number("limit", 20, 1, highest)
    end = len(rows)
    if (cursor := call.text("cursor")) is not None:
        last = decode(cursor)
        places = [i for i, row in enumerate(rows) if key(row) == last]
        if not places:
            raise Refusal(422, "Query parameter 'cursor' is not valid")
        end = places[0]
    start = max(0, end - limit)
    chosen = list(reversed(rows[start:end]))
    if start == 0:
        return chosen, {"hasMore": False}
    cursor = encode(key(chosen[-1]))
    base = f"{call.simulator.base_url}{call.request.path}"
    return chosen, {
        "hasMore": True,
        "nextCursor": cursor,
        "nextUrl": f"{base}?limit={limit}&cursor={cursor}",
    }
