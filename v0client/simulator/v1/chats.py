"""Chats of v1: create, read, change, fork, delete. Messages and versions are elsewhere."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation
from v0client.simulator.exchange import Call, Refusal, Response, Routes
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import CreateChat, Favorite, Fork, UpdateChat
from v0client.simulator.v1.flow import deliver, guard_limits, prompt_of

FLAGS = ("true", "false")


def create(call: Call) -> Response:
    """POST /chats"""
    body = read(call, CreateChat)
    project_id = call.store.project(body.projectId, call.person).id if body.projectId else None
    prompt = prompt_of(body)
    guard_limits(call)
    chat = call.store.add_chat(call.person, call.now, privacy=body.chatPrivacy)
    chat.project_id = project_id
    chat.metadata = dict(body.metadata)
    chat.model = body.modelConfiguration.stored()
    reply = generation.start(call.store, chat, call.person, prompt, call.now)
    return deliver(call, chat, reply, body.responseMode)


def find(call: Call) -> bytes:
    """GET /chats"""
    limit = call.number("limit", 60, 0, 60)
    offset = call.number("offset", 0, 0)
    favorite = call.choice("isFavorite", FLAGS, "")
    chats = call.store.listed(call.person)
    if favorite:
        chats = [chat for chat in chats if chat.favorite == (favorite == "true")]
    if wanted := call.text("vercelProjectId"):
        linked = {p.id for p in call.store.projects.values() if p.vercel_project_id == wanted}
        chats = [chat for chat in chats if chat.project_id in linked]
    if branch := call.text("branch"):
        chats = [chat for chat in chats if chat.branch == branch]
    if metadata := call.mapping("metadata"):  # undeclared, but v0's own SDK sends it
        chats = [chat for chat in chats if metadata.items() <= chat.metadata.items()]
    rows = [shapes.chat_row(call, chat) for chat in chats[offset : offset + limit]]
    return b'{"object":"list","data":[' + b",".join(rows) + b"]}"


def get_by_id(call: Call) -> bytes:
    """GET /chats/{chatId}"""
    return shapes.chat_page(call, call.store.chat(call.params["chatId"], call.person))


def update(call: Call) -> bytes:
    """PATCH /chats/{chatId}"""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    body = read(call, UpdateChat)
    given = body.model_fields_set
    if "name" in given:
        chat.name, chat.named_at = body.name, call.now
    if "privacy" in given:
        chat.privacy = body.privacy
    if "metadata" in given:
        merged = {} if body.metadata is None else {**chat.metadata, **body.metadata}
        chat.metadata = {key: value for key, value in merged.items() if value is not None}
    call.store.touch(chat, call.now)
    return shapes.chat_page(call, chat)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /chats/{chatId}"""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    if chat.author_id != call.person.id:
        raise Refusal(403, "Only its author can delete this chat")
    call.store.drop_chat(chat, call.now)
    return {"id": chat.id, "object": "chat", "deleted": True}


def favorite(call: Call) -> dict[str, Any]:
    """PUT /chats/{chatId}/favorite"""
    chat = call.store.chat(call.params["chatId"], call.person)
    chat.favorite = read(call, Favorite).isFavorite
    call.store.touch(chat, call.now)
    return {"id": chat.id, "object": "chat", "favorited": chat.favorite}


def fork(call: Call) -> bytes:
    """POST /chats/{chatId}/fork"""
    chat = call.store.chat(call.params["chatId"], call.person)
    body = read(call, Fork)
    version = call.store.version(chat, body.versionId) if body.versionId else None
    copy = call.store.add_chat(call.person, call.now, privacy=body.privacy, name=chat.name)
    copy.model = chat.model
    generation.copy_state(call.store, chat, copy, call.person, version, call.now)
    return shapes.chat_page(call, copy)


ROUTES: Routes = {
    ("POST", "/chats"): create,
    ("GET", "/chats"): find,
    ("GET", "/chats/{chatId}"): get_by_id,
    ("PATCH", "/chats/{chatId}"): update,
    ("DELETE", "/chats/{chatId}"): delete,
    ("PUT", "/chats/{chatId}/favorite"): favorite,
    ("POST", "/chats/{chatId}/fork"): fork,
}
