"""Messages of v1: list, read, send, resume, stop, and answers to what an agent asked."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation
from v0client.simulator.exchange import Call, Refusal, Response, Routes
from v0client.simulator.records import Chat
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import SendMessage
from v0client.simulator.v1.flow import deliver, guard_limits, prompt_of, stream
from v0client.simulator.v1.paging import page


def find(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/messages"""
    chat = call.store.chat(call.params["chatId"], call.person)
    rows, pagination = page(call, chat.messages, lambda m: m.id)
    data = [shapes.message(call, row) for row in rows]
    return {"object": "list", "data": data, "pagination": pagination}


def get(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/messages/{messageId}"""
    chat = call.store.chat(call.params["chatId"], call.person)
    record = call.store.message(chat, call.params["messageId"])
    return {**shapes.message(call, record), "chatId": chat.id}


def idle_chat(call: Call) -> Chat:
    """A chat that the caller may write to and that is not answering: else 404, 403 or 409."""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    if generation.running(chat, call.now):
        raise Refusal(409, "A message of this chat is still being generated")
    return chat


def send(call: Call) -> Response:
    """POST /chats/{chatId}/messages"""
    chat = idle_chat(call)
    body = read(call, SendMessage)
    prompt = prompt_of(body, "fix-with-v0" if "action" in body.model_fields_set else "message")
    guard_limits(call)
    if "modelConfiguration" in body.model_fields_set:
        chat.model = body.modelConfiguration.stored()
    reply = generation.start(call.store, chat, call.person, prompt, call.now)
    return deliver(call, chat, reply, body.responseMode)


def resume(call: Call) -> Response:
    """POST /chats/{chatId}/messages/{messageId}/resume"""
    chat = call.store.chat(call.params["chatId"], call.person)
    record = call.store.message(chat, call.params["messageId"])
    if record.run is None:
        raise Refusal(422, "Only messages of the assistant can be resumed")
    return stream(call, chat, record, record.run)


def stop(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/messages/{messageId}/stop"""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    record = call.store.message(chat, call.params["messageId"])
    if record.run is None:
        raise Refusal(422, "Only messages of the assistant can be stopped")
    generation.stop(call.store, chat, record, call.now)
    return {"success": True}


ROUTES: Routes = {
    ("GET", "/chats/{chatId}/messages"): find,
    ("POST", "/chats/{chatId}/messages"): send,
    ("GET", "/chats/{chatId}/messages/{messageId}"): get,
    ("POST", "/chats/{chatId}/messages/{messageId}/resume"): resume,
    ("POST", "/chats/{chatId}/messages/{messageId}/stop"): stop,
}
