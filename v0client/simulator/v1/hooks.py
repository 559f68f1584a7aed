"""Webhook registrations of v1. Nothing is delivered from here."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import HASHED
from v0client.simulator.records import Hook
from v0client.simulator.v1.bodies import CreateHook, NewHook, UpdateHook, read


def detail(hook: Hook) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": hook.id,
        "object": "hook",
        "name": hook.name,
        "events": hook.events,
    }
    if hook.chat_id is not None:
        written["chatId"] = hook.chat_id
    return {**written, "url": hook.url}


def asked(call: Call) -> Hook:
    hook = call.store.hooks.get(call.params["hookId"])
    if hook is None or hook.person_id != call.person.id:
        raise Refusal(404, "Hook not found")
    return hook


def own(call: Call) -> list[Hook]:
    """The caller's hooks, of either generation."""
    return [hook for hook in call.store.hooks.values() if hook.person_id == call.person.id]


def add(call: Call, body: NewHook, chat_id: str | None) -> Hook:
    """A new hook of the caller, for one chat or for all."""
    hook = Hook(
        id=call.store.minter.mint("hook", HASHED, "hook_"),
        team_id=call.person.team_id,
        person_id=call.person.id,
        name=body.name,
        events=list(body.events),
        url=body.url,
        created_at=call.now,
        chat_id=chat_id,
    )
    call.store.hooks[hook.id] = hook
    return hook


def change(hook: Hook, body: UpdateHook) -> None:
    """What the body names."""
    for name in body.model_fields_set:
        setattr(hook, name, getattr(body, name))


def find(call: Call) -> dict[str, Any]:
    """GET /hooks"""
    data = [{"id": hook.id, "object": "hook", "name": hook.name} for hook in own(call)]
    return {"object": "list", "data": data}


def create(call: Call) -> dict[str, Any]:
    """POST /hooks"""
    body = read(call, CreateHook)
    chat_id = call.store.chat(body.chatId, call.person).id if body.chatId else None
    return detail(add(call, body, chat_id))


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
    return {"id": hook.id, "object": "hook", "deleted": True}


ROUTES: Routes = {
    ("GET", "/hooks"): find,
    ("POST", "/hooks"): create,
    ("GET", "/hooks/{hookId}"): get_by_id,
    ("PATCH", "/hooks/{hookId}"): update,
    ("DELETE", "/hooks/{hookId}"): delete,
}
