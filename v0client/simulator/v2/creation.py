"""New chats of v2 from a prompt, in today's form and in the early one, whose `type` may also name
an archive or a repository."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation
from v0client.simulator.exchange import Call, Response, Routes, answer
from v0client.simulator.records import Chat, Message
from v0client.simulator.v2 import flow, imports, shapes
from v0client.simulator.v2.bodies import read
from v0client.simulator.v2.chat_bodies import CreateChat, CreateFromRepo, CreateFromZip, Way
from v0client.simulator.v2.chats import new_chat


def begin(call: Call) -> tuple[Chat, Message]:
    """A new chat and the answer to its first message."""
    body = read(call, CreateChat)
    prompt = flow.prompt_of(call, body)
    title = body.title or None
    chat = new_chat(call, privacy=body.privacy, title=title, metadata=body.metadata)
    return chat, generation.start(call.store, chat, call.person, prompt, call.now)


def create(call: Call) -> Response | dict[str, Any]:
    """POST /chats"""
    way = read(call, Way).type
    if way == "zip":
        from_zip = read(call, CreateFromZip)
        return imports.begin_with_zip(call, from_zip, from_zip.zip.url)
    if way == "repo":
        from_repo = read(call, CreateFromRepo)
        return imports.begin_with_repository(call, from_repo, from_repo.repo)
    chat, reply = begin(call)
    return flow.when_finished(call, reply, lambda: shapes.chat_with_usage(call, chat, reply))


def create_stream(call: Call) -> Response:
    """POST /chats/stream"""
    return flow.stream_chat(call, *begin(call))


def create_async(call: Call) -> Response:
    """POST /chats/async"""
    chat, reply = begin(call)
    return answer({"chatId": chat.id, "messageId": reply.id}, 202)


ROUTES: Routes = {
    ("POST", "/chats"): create,
    ("POST", "/chats/stream"): create_stream,
    ("POST", "/chats/async"): create_async,
}
