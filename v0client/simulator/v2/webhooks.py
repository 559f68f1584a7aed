"""Webhook registrations of v2: the same hooks as v1's, written in another shape. Delivery is
elsewhere."""

from __future__ import annotations

from typing import Any

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.records import Hook
from v0client.simulator.v1.bodies import NewHook, UpdateHook
from v0client.simulator.v1.hooks import add, asked, change, own
from v0client.simulator.v2.bodies import read


class CreateWebhook(NewHook):
    chatId: str | None = None


def detail(hook: Hook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "createdAt": iso(hook.created_at),
        "name": hook.name,
        "events": hook.events,
        "url": hook.url,
        "chatId": hook.chat_id,
    }


def scoped(call: Call, chat_id: str | None) -> str | None:
    """The chat that a hook is to listen to: one of the caller's team."""
    if chat_id is None:
        return None
    chat = call.store.chat(chat_id, call.person, "v2")
    if chat.team_id != call.person.team_id:
        raise Refusal(403, "This chat belongs to another team")
    return chat.id


def find(call: Call) -> Response:
    """GET /hooks"""
    return answer([{"id": hook.id, "name": hook.name} for hook in own(call)])


def create(call: Call) -> dict[str, Any]:
    """POST /hooks"""
    body = read(call, CreateWebhook)
    return detail(add(call, body, scoped(call, body.chatId)))


def get_by_id(call: Call) -> dict[str, Any]:
    """GET /hooks/{hookId}"""
    return detail(asked(call))


def update(call: Call) -> dict[str, Any]:
    """PATCH /hooks/{hookId}"""
    hook = asked(call)
    change(hook, read(call, UpdateHook))
    return detail(hook)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /hooks/{hookId}"""
    hook = asked(call)
    del call.store.hooks[hook.id]
    return {"id": hook.id, "deleted": True}


ROUTES: Routes = {
    ("GET", "/hooks"): find,
    ("POST", "/hooks"): create,
    ("GET", "/hooks/{hookId}"): get_by_id,
    ("PATCH", "/hooks/{hookId}"): update,
    ("DELETE", "/hooks/{hookId}"): delete,
}
