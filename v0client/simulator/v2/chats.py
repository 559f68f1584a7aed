"""Chats of v2: list, read, change, delete, resume. Their creation and messages are elsewhere."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation
from v0client.simulator.exchange import Call, Refusal, Response, Routes, dump
from v0client.simulator.records import Chat
from v0client.simulator.v2 import flow, shapes
from v0client.simulator.v2.bodies import read
from v0client.simulator.v2.chat_bodies import MOST_METADATA, UpdateChat
from v0client.simulator.v2.paging import page


def new_chat(
    call: Call,
    *,
    privacy: str = "private",
    title: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Chat:
    """An empty chat of the caller."""
    if metadata and len(metadata) > MOST_METADATA:
        raise Refusal(422, f"metadata: at most {MOST_METADATA} entries")
    chat = call.store.add_chat(call.person, call.now, privacy=privacy, name=title, generation="v2")
    chat.metadata = dict(metadata or {})
    return chat


def find(call: Call) -> bytes:
    """GET /chats"""
    chats = call.store.listed(call.person, "v2")
    if author := call.text("authorId"):
        person = call.store.people.get(author)
        if person is None or person.team_id != call.person.team_id:
            raise Refusal(422, "authorId: not a member of this team")
        chats = [chat for chat in chats if chat.author_id == author]
    if project := call.text("vercelProjectId"):
        chats = [chat for chat in chats if chat.vercel_project_id == project]
    if wanted := metadata_filter(call):
        chats = [chat for chat in chats if wanted.items() <= chat.metadata.items()]
    rows, cursor = page(call, chats, lambda chat: (chat.updated_at, chat.id))
    told = b",".join(shapes.chat_row(call, chat) for chat in rows)
    return b'{"chats":[' + told + b'],"cursor":' + dump(cursor) + b"}"


def metadata_filter(call: Call) -> dict[str, str]:
    """The pairs of `metadata[key]=value`."""
    wanted = {}
    for name, value in call.query.items():
        if name.startswith("metadata[") and name.endswith("]"):
            if len(value) > 500:
                raise Refusal(422, f"Query parameter '{name}' is too long")
            wanted[name[len("metadata[") : -1]] = value
    return wanted


def get(call: Call) -> bytes:
    """GET /chats/{chatId}"""
    return shapes.chat_row(call, call.store.chat(call.params["chatId"], call.person, "v2"))


def update(call: Call) -> bytes:
    """PATCH /chats/{chatId}"""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    body = read(call, UpdateChat)
    given = body.model_fields_set
    if "metadata" in given:
        merged = {} if body.metadata is None else {**chat.metadata, **body.metadata}
        kept = {key: value for key, value in merged.items() if value is not None}
        if len(kept) > MOST_METADATA:
            raise Refusal(422, f"metadata: at most {MOST_METADATA} entries")
        chat.metadata = kept
    if "title" in given:
        chat.name, chat.named_at = body.title, call.now
    if "privacy" in given:
        chat.privacy = body.privacy
    call.store.touch(chat, call.now)
    return shapes.chat_row(call, chat)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /chats/{chatId}"""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    call.store.drop_chat(chat, call.now)
    return {"chatId": chat.id}


def resume(call: Call) -> Response:
    """POST /chats/{chatId}/resume"""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    return flow.stream_chat(call, chat, generation.running(chat, call.now))


ROUTES: Routes = {
    ("GET", "/chats"): find,
    ("GET", "/chats/{chatId}"): get,
    ("PATCH", "/chats/{chatId}"): update,
    ("DELETE", "/chats/{chatId}"): delete,
    ("POST", "/chats/{chatId}/resume"): resume,
}
