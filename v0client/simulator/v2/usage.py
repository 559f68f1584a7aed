"""What was spent, in v2: sums, and the single events. Who was active is in activity.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from v0client.simulator import prices
from v0client.simulator.clock import EARLIEST, LATEST, iso
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.v1.paging import decode, encode
from v0client.simulator.v2 import shapes
from v0client.simulator.v2.scope import (
    Paid,
    Range,
    moment,
    range_of,
    scope_of,
    spending,
)


def day(at: float) -> str:
    """The UTC date."""
    return iso(at)[:10]


def credits(rows: Iterable[Paid]) -> dict[str, float]:
    """What these rows cost, by who paid."""
    plan = on_demand = 0.0
    for row in rows:
        plan += row.plan
        on_demand += row.on_demand
    sums = {"plan": plan, "onDemand": on_demand, "total": plan + on_demand}
    return {name: round(amount, 6) for name, amount in sums.items()}


def summary(call: Call) -> dict[str, Any]:
    """GET /usage/summary"""
    scope, span = scope_of(call, call.text("userId")), range_of(call)
    rows = spending(call, scope, span)
    days: dict[str, list[Paid]] = defaultdict(list)
    for row in rows:
        days[day(row.event.created_at)].append(row)
    return {
        "object": "usage_summary",
        "range": span.shape(),
        "scope": scope.shape(),
        "credits": credits(rows),
        "daily": [{"date": date, "credits": credits(found)} for date, found in days.items()],
        "dataAsOf": iso(call.now),
    }


class Place(BaseModel):
    """What a cursor holds: who asked for what, and the last row that was looked at."""

    viewer: str
    scope: str
    start: Annotated[float, Field(ge=EARLIEST)]
    end: Annotated[float, Field(le=LATEST)]
    userId: str | None = None
    chatId: str | None = None
    messageId: str | None = None
    last: str = ""


FILTERS = ("userId", "chatId", "messageId")


def first_place(call: Call) -> Place:
    """Before the newest event of what the query asks for."""
    filters = {name: call.text(name) for name in FILTERS}
    scope, span = scope_of(call, filters["userId"]), range_of(call)
    viewer = call.person.id
    return Place(viewer=viewer, scope=scope.id, start=span.start, end=span.end, **filters)


def later_place(call: Call, cursor: str) -> Place:
    """Where a cursor says; 409 where the rest of the request asks for something else."""
    try:
        place = Place.model_validate_json(decode(cursor))
    except ValidationError:
        raise Refusal(422, "Query parameter 'cursor' is not valid") from None
    asked: dict[str, object] = {name: call.text(name) for name in FILTERS}
    asked |= {name: moment(call, name, 0.0) for name in ("start", "end")}
    asked = {name: value for name, value in asked.items() if name in call.query}
    asked["viewer"] = call.person.id
    asked["scope"] = scope_of(call, None).id
    if any(getattr(place, name) != value for name, value in asked.items()):
        raise Refusal(409, "The cursor belongs to another range, filter or scope")
    return place


def considered(rows: list[Paid], limit: int) -> list[Paid]:
    """The first rows, as many as hold `limit` records of either source."""
    records: Counter[str] = Counter()
    for i, row in enumerate(rows):
        sources = row.sources or ["plan"]
        if any(records[source] == limit for source in sources):
            return rows[:i]
        records.update(sources)
    return rows


def cost(row: Paid) -> dict[str, float]:
    """What a row cost by kind of token, and what of it was charged."""
    event = row.event
    kinds = prices.Counts(event.prompt_cost, event.completion_cost)
    if event.message_id is not None:
        kinds = prices.spent(event.message_id, event.model).cost
    return {**shapes.counts(kinds), "charged": round(event.charged, 6)}


def shape(call: Call, row: Paid) -> dict[str, Any]:
    event = row.event
    written: dict[str, Any] = {
        "id": event.id,
        "object": "usage_event",
        "type": event.type,
        "createdAt": iso(event.created_at),
        "userId": event.person_id,
    }
    if event.chat_id and event.message_id:
        written["chatId"], written["messageId"] = event.chat_id, event.message_id
    written["model"] = event.model
    written["sources"] = row.sources
    written["waived"] = event.waived
    written["tokens"] = None
    if event.message_id in call.store.messages:
        written["tokens"] = shapes.counts(prices.spent(event.message_id, event.model).tokens)
    written["creditsCost"] = cost(row)
    return written


def list_events(call: Call) -> dict[str, Any]:
    """GET /usage/events: newest first; filters apply to the rows that were looked at."""
    limit, cursor = call.number("limit", 50, 1, 100), call.text("cursor")
    place = first_place(call) if cursor is None else later_place(call, cursor)
    scope, span = scope_of(call, place.userId), Range(place.start, place.end)
    rows = spending(call, scope, span)[::-1]
    ids = [row.event.id for row in rows]
    if place.last and place.last not in ids:
        raise Refusal(422, "Query parameter 'cursor' is not valid")
    left = rows[ids.index(place.last) + 1 :] if place.last else rows
    page = considered(left, limit)
    following = None
    if len(page) < len(left):
        last = place.model_copy(update={"last": page[-1].event.id})
        following = encode(last.model_dump_json())
    return {
        "object": "list",
        "range": span.shape(),
        "scope": scope.shape(),
        "data": [
            shape(call, row)
            for row in page
            if place.chatId in (None, row.event.chat_id)
            and place.messageId in (None, row.event.message_id)
        ],
        "pagination": {"hasMore": following is not None, "cursor": following},
    }


ROUTES: Routes = {
    ("GET", "/usage/summary"): summary,
    ("GET", "/usage/events"): list_events,
}
