"""Messages of v2: list, read, send, stop, and answers to what an agent asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from v0client.simulator import asking, generation, money, tasks
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.records import Chat, Message
from v0client.simulator.v2 import flow, shapes
from v0client.simulator.v2.bodies import read
from v0client.simulator.v2.chat_bodies import ResolveTask, SendMessage
from v0client.simulator.v2.deploy import UNTITLED, attach
from v0client.simulator.v2.paging import page

Begun = tuple[Chat, Message]


def find(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/messages"""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    places = range(len(chat.messages) - 1, -1, -1)
    rows, cursor = page(call, places, lambda place: (place,))
    told = [shapes.message(call, chat.messages[place]) for place in rows]
    return {"messages": told, "cursor": cursor}


def get(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/messages/{messageId}"""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    return shapes.message(call, call.store.message(chat, call.params["messageId"]))


def idle_chat(call: Call, status: int = 409) -> Chat:
    """A chat that the caller may write to and that is not answering, else 404, 403 or `status`."""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    if generation.running(chat, call.now):
        raise Refusal(status, "A message of this chat is still being generated")
    return chat


def ask(call: Call) -> Begun:
    """The answer to a further message. While another is being written that is refused with 422, for
    no conflict is declared here."""
    chat = idle_chat(call, 422)
    body = read(call, SendMessage)
    prompt = flow.prompt_of(call, body, "fix-with-v0" if body.action else "message")
    return chat, generation.start(call.store, chat, call.person, prompt, call.now)


def resolve(call: Call) -> Begun:
    """The answer to what somebody did about an open task."""
    chat = idle_chat(call)
    body = read(call, ResolveTask)
    money.guard(call.person, 403)
    waiting = tasks.waiting_run(chat, body.task, call.now)
    given = "modelConfiguration" in body.model_fields_set
    model = body.modelConfiguration.effective if given else None
    prompt = tasks.prompt(waiting, body.task, model, call.now)
    if waiting.outcome == asking.CONNECT and chat.vercel_project_id is None:
        attach(call, chat, chat.name or UNTITLED)
    return chat, generation.start(call.store, chat, call.person, prompt, call.now)


def blocking(begin: Callable[[Call], Begun]) -> Callable[[Call], Response]:
    """Answers with the message when it is complete."""

    def handler(call: Call) -> Response:
        _, reply = begin(call)
        return flow.when_finished(call, reply, lambda: shapes.message(call, reply))

    return handler


def streaming(begin: Callable[[Call], Begun]) -> Callable[[Call], Response]:
    """Answers with events while it is written."""
    return lambda call: flow.stream_message(call, *begin(call))


def queued(begin: Callable[[Call], Begun]) -> Callable[[Call], Response]:
    """Answers at once with the id to ask for later."""
    return lambda call: answer({"messageId": begin(call)[1].id}, 202)


def stop(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/messages/{messageId}/stop"""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    record = call.store.message(chat, call.params["messageId"])
    if record.run is None or record.run.finished_at <= call.now:
        raise Refusal(409, "This message is not being generated")
    generation.stop(call.store, chat, record, call.now)
    return {"messageId": record.id}


HOME = "/chats/{chatId}/messages"
ROUTES: Routes = {
    ("GET", HOME): find,
    ("POST", HOME): blocking(ask),
    ("POST", f"{HOME}/stream"): streaming(ask),
    ("POST", f"{HOME}/async"): queued(ask),
    ("POST", f"{HOME}/resolve"): blocking(resolve),
    ("POST", f"{HOME}/resolve/stream"): streaming(resolve),
    ("POST", f"{HOME}/resolve/async"): queued(resolve),
    ("GET", f"{HOME}/{{messageId}}"): get,
    ("POST", f"{HOME}/{{messageId}}/stop"): stop,
}
