"""Who was active where, in v2: counted by the ledger's messages, so that chats which are gone or
closed to the caller still count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Routes
from v0client.simulator.records import Chat, UsageEvent
from v0client.simulator.store import DAY, may_read
from v0client.simulator.v2.scope import range_of, scope_of, spending

Shape = dict[str, Any]
Messages = list[UsageEvent]


def project_of(call: Call, chat: Chat) -> tuple[str | None, str | None]:
    """The id and name of the Vercel project of a chat, if it has one."""
    id_ = chat.vercel_project_id
    if chat.project_id and (project := call.store.projects.get(chat.project_id)):
        id_ = project.vercel_project_id
    found = call.store.vercel_projects.get(id_ or "")
    return (found.id, found.name) if found else (None, None)


def times(messages: Messages) -> Shape:
    """How much happened, and from when to when."""
    moments = [message.created_at for message in messages]
    return {
        "messageCount": len(messages),
        "activeDays": days(messages),
        "firstActivity": iso(min(moments)),
        "lastActivity": iso(max(moments)),
    }


def days(messages: Iterable[UsageEvent]) -> int:
    return len({message.created_at // DAY for message in messages})


def chat_row(call: Call, chat_id: str, messages: Messages) -> Shape:
    """A chat, or that there is one which cannot be shown."""
    chat = call.store.chats.get(chat_id)
    shape: Shape = {"kind": "unavailable", "chatId": chat_id, "title": "Unavailable chat"}
    project: tuple[str | None, str | None] = (None, None)
    if chat is not None and may_read(chat, call.person):
        shape |= {"kind": "chat", "title": chat.name or "Untitled"}
        project = project_of(call, chat)
    shape["vercelProjectId"], shape["projectName"] = project
    return {**shape, **times(messages)}


def project_row(chats: list[Shape], messages: Messages) -> Shape:
    """A project, the chats without one, or the chats that cannot be shown, as one row."""
    one = chats[0]
    kind, name = "drafts", "Drafts"
    if one["kind"] == "unavailable":
        kind, name = "unavailable", "Unavailable chats"
    elif one["vercelProjectId"] is not None:
        kind, name = "project", one["projectName"]
    shape = {"kind": kind, "vercelProjectId": one["vercelProjectId"], "name": name}
    return {**shape, "chatCount": len(chats), **times(messages)}


def latest_first(rows: Iterable[Shape]) -> list[Shape]:
    return sorted(rows, key=lambda row: str(row["lastActivity"]), reverse=True)


def get_activity(call: Call) -> Shape:
    """GET /usage/activity"""
    scope, span = scope_of(call, call.text("userId")), range_of(call)
    messages = [row.event for row in spending(call, scope, span) if row.event.message_id]
    by_chat: dict[str, Messages] = defaultdict(list)
    for message in messages:
        by_chat[message.chat_id or ""].append(message)
    chats = [chat_row(call, chat_id, found) for chat_id, found in by_chat.items()]
    by_project: dict[object, list[Shape]] = defaultdict(list)
    for chat in chats:
        by_project[chat["kind"], chat["vercelProjectId"]].append(chat)
    projects = [
        project_row(rows, [m for row in rows for m in by_chat[row["chatId"]]])
        for rows in by_project.values()
    ]
    return {
        "object": "usage_activity",
        "range": span.shape(),
        "scope": scope.shape(),
        "summary": {
            "activeUsers": len({message.person_id for message in messages}),
            "activeDays": days(messages),
            "chatCount": len(chats),
            "messageCount": len(messages),
        },
        "projects": latest_first(projects),
        "chats": latest_first(chats),
    }


ROUTES: Routes = {("GET", "/usage/activity"): get_activity}
