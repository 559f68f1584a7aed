"""Usage reports of v1: ledger rows, model tokens, and who was active."""

from __future__ import annotations

import re
from typing import Any

from v0client.simulator.clock import iso, seconds
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import HASHED, digest, spell
from v0client.simulator.money import ledger, sees_team_money
from v0client.simulator.records import Person, UsageEvent
from v0client.simulator.store import DAY
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.paging import decode, encode, page

PLACE = re.compile(r"[0-9]{1,15}")


def moment(call: Call, name: str) -> float | None:
    """A time in the query, in seconds, else 422."""
    if (text := call.text(name)) is None:
        return None
    try:
        return seconds(text)
    except ValueError:
        raise Refusal(422, f"Query parameter '{name}' must be a time with its zone") from None


def money(amount: float) -> str:
    return f"{amount:.6f}"


def row(call: Call, event: UsageEvent) -> dict[str, Any]:
    person = call.store.people[event.person_id]
    written: dict[str, Any] = {
        "id": event.id,
        "object": "usage_event",
        "type": event.type,
        "promptCost": money(event.prompt_cost),
        "completionCost": money(event.completion_cost),
        "totalCost": money(event.charged),
    }
    if event.chat_id and event.message_id:
        written["chatId"], written["messageId"] = event.chat_id, event.message_id
    written["userId"] = person.id
    written["user"] = shapes.user(call, person)
    written["createdAt"] = iso(event.created_at)
    return written


def usage(call: Call) -> dict[str, Any]:
    """GET /reports/usage: `limit` bounds the rows that are looked at, not those that match."""
    start, end = moment(call, "startDate"), moment(call, "endDate")
    rows, pagination = page(call, ordered(call), lambda event: event.id)
    wanted = {
        "chat_id": call.text("chatId"),
        "message_id": call.text("messageId"),
        "person_id": call.text("userId"),
    }
    data = [
        row(call, event)
        for event in rows
        if (start is None or event.created_at >= start)
        and (end is None or event.created_at <= end)
        and all(v is None or getattr(event, name) == v for name, v in wanted.items())
    ]
    meta = {"totalCount": len(data)}
    return {"object": "list", "data": data, "pagination": pagination, "meta": meta}


def ordered(call: Call) -> list[UsageEvent]:
    """What the caller may see of the ledger, oldest first."""
    return sorted(ledger(call.store, call.person), key=lambda event: event.created_at)


def ai_row(call: Call, event: UsageEvent) -> dict[str, Any]:
    read, written, cache_write, cache_read = event.tokens
    return {
        "eventId": event.id,
        "modelId": event.model,
        "inputTokens": read,
        "outputTokens": written,
        "totalTokens": read + written + cache_write + cache_read,
        "cacheCreationInputTokens": cache_write,
        "cacheCreationInputTokens1h": 0,
        "cacheReadInputTokens": cache_read,
        "timestamp": iso(event.created_at),
        "requestId": "req_" + spell(digest("request", event.id), HASHED),
        "useCase": "chat",
        "chatId": event.chat_id,
        "messageId": event.message_id,
        "userId": event.person_id,
        "userEmail": call.store.people[event.person_id].email,
    }


def ai_usage(call: Call) -> dict[str, Any]:
    """GET /reports/usage/ai"""
    start, end = moment(call, "start"), moment(call, "end")
    limit = call.number("limit", 1000, 1, 5000)
    events = [
        event
        for event in ordered(call)
        if event.message_id
        and (start is None or event.created_at >= start)
        and (end is None or event.created_at < end)
    ]
    cursor = call.text("cursor")
    begin = 0
    if cursor is not None:
        place = decode(cursor)
        if PLACE.fullmatch(place) is None:
            raise Refusal(422, "Query parameter 'cursor' is not valid")
        begin = int(place)
    following = encode(str(begin + limit)) if begin + limit < len(events) else None
    return {
        "object": "list",
        "data": [ai_row(call, event) for event in events[begin : begin + limit]],
        "pagination": {"nextCursor": following},
        "dateRange": span(start, end),
    }


def span(start: float | None, end: float | None) -> dict[str, str | None]:
    """A range of dates as it was asked for."""
    return {
        "start": iso(start) if start is not None else None,
        "end": iso(end) if end is not None else None,
    }


def activity(call: Call, person: Person, start: float | None, end: float | None) -> dict[str, Any]:
    moments, chats = [], set()
    for chat in call.store.chats.values():
        for message in chat.messages:
            if message.author_id != person.id:
                continue
            at = message.created_at
            if (start is None or at >= start) and (end is None or at <= end):
                moments.append(at)
                chats.add(chat.id)
    return {
        "id": spell(digest("activity", person.id), HASHED),
        "object": "user_activity",
        "user": {**shapes.user(call, person), "teamV0Role": "V0Builder"},
        "chatCount": len(chats),
        "messageCount": len(moments),
        "activeDays": len({int(at // DAY) for at in moments}),
        "firstActivity": iso(min(moments)) if moments else None,
        "lastActivity": iso(max(moments)) if moments else None,
    }


def user_activity(call: Call) -> dict[str, Any]:
    """GET /reports/user-activity"""
    if not sees_team_money(call.person):
        raise Refusal(403, "Only owners may read this report")
    start, end = moment(call, "startDate"), moment(call, "endDate")
    team = [p for p in call.store.people.values() if p.team_id == call.person.team_id]
    data = [activity(call, person, start, end) for person in team]
    meta = {"totalCount": len(data), "dateRange": span(start, end)}
    return {"object": "list", "data": data, "meta": meta}


ROUTES: Routes = {
    ("GET", "/reports/usage"): usage,
    ("GET", "/reports/usage/ai"): ai_usage,
    ("GET", "/reports/user-activity"): user_activity,
}
