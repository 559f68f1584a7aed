"""Answers to what an agent asked, in v1."""

from __future__ import annotations

from v0client.simulator import generation, tasks
from v0client.simulator.exchange import Call, Response, Routes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import ResolveTask
from v0client.simulator.v1.flow import deliver, guard_limits
from v0client.simulator.v1.messages import idle_chat


def resolve(call: Call) -> Response:
    """POST /chats/{chatId}/tasks/resolve"""
    chat = idle_chat(call)
    body = read(call, ResolveTask)
    waiting = tasks.waiting_run(chat, body.task, call.now)
    given = "modelConfiguration" in body.model_fields_set
    model = body.modelConfiguration.effective if given else None
    prompt = tasks.prompt(waiting, body.task, model, call.now)
    guard_limits(call)
    reply = generation.start(call.store, chat, call.person, prompt, call.now)
    return deliver(call, chat, reply, body.responseMode)


ROUTES: Routes = {("POST", "/chats/{chatId}/tasks/resolve"): resolve}
