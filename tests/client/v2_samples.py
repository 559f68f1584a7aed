"""Answers of v2 as the contract declares them, with every required field and few others."""

from __future__ import annotations

from typing import Any

TIME = "2026-03-01T10:00:00.000Z"
DAY = {"start": "2026-03-01T00:00:00.000Z", "end": "2026-03-02T00:00:00.000Z"}
SCOPE = {"id": "team_1", "type": "team", "isTeamWide": True}
COUNTS = {"input": 120, "output": 40, "cacheRead": 900, "cacheWrite": 60, "total": 1120}
COSTS = {"input": 0.012, "output": 0.02, "cacheRead": 0.009, "cacheWrite": 0.003, "total": 0.044}
USAGE = {"tokens": COUNTS, "creditsCost": COSTS}


def chat(**more: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "privacy": "private",
        "createdAt": TIME,
        "authorId": "u1",
        "metadata": {},
        "writePermission": True,
        **more,
    }


def chat_with_usage() -> dict[str, Any]:
    return {"chat": chat(), "usage": USAGE}


def message(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "chatId": "c1",
        "role": "assistant",
        "createdAt": TIME,
        "updatedAt": TIME,
        "content": "Done.",
        "parts": list(parts or [{"type": "text", "text": "Done."}]),
        "finishReason": "stop",
        "restorable": False,
        "authorId": None,
        "usage": USAGE,
        **more,
    }


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"object": kind, **fields}


def mcp_server(**more: Any) -> dict[str, Any]:
    return {
        "id": "s1",
        "name": "Linear",
        "url": "https://mcp.example.com",
        "description": "",
        "createdAt": TIME,
        "updatedAt": TIME,
        "userId": "u1",
        "enabled": True,
        "auth": {"type": "none"},
        "scope": "user",
        **more,
    }


def webhook(**more: Any) -> dict[str, Any]:
    return {
        "id": "h1",
        "createdAt": TIME,
        "name": "Hook",
        "events": ["chat.created"],
        "url": "https://example.com/hook",
        "chatId": None,
        **more,
    }


def spend_limit(source: str, entity_id: str) -> dict[str, Any]:
    return {
        "entityId": entity_id,
        "limit": 500,
        "source": source,
        "createdAt": TIME,
        "updatedAt": TIME,
    }


def usage_event(**more: Any) -> dict[str, Any]:
    return {
        "id": "e1",
        "object": "usage_event",
        "type": "message",
        "createdAt": TIME,
        "sources": ["plan"],
        "waived": False,
        "tokens": COUNTS,
        "creditsCost": {**COSTS, "charged": 0.044},
        **more,
    }


def usage_events(*rows: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {
        "object": "list",
        "range": DAY,
        "scope": SCOPE,
        "data": list(rows),
        "pagination": {"hasMore": cursor is not None, "cursor": cursor},
    }


def usage_summary() -> dict[str, Any]:
    credits = {"plan": 1.5, "onDemand": 0.25, "total": 1.75}
    return {
        "object": "usage_summary",
        "range": DAY,
        "scope": SCOPE,
        "credits": credits,
        "daily": [{"date": "2026-03-01", "credits": credits}],
    }


def usage_activity() -> dict[str, Any]:
    active = {"messageCount": 2, "activeDays": 1, "firstActivity": TIME, "lastActivity": TIME}
    project = {"kind": "drafts", "vercelProjectId": None, "name": "Drafts", "chatCount": 1}
    talk = {"kind": "chat", "chatId": "c1", "title": "A page", "vercelProjectId": None}
    return {
        "object": "usage_activity",
        "range": DAY,
        "scope": SCOPE,
        "summary": {"activeUsers": 1, "activeDays": 1, "chatCount": 1, "messageCount": 2},
        "projects": [{**project, **active}],
        "chats": [{**talk, "projectName": None, **active}],
    }
