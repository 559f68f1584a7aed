"""Answers to what an agent asked, in v1."""

from __future__ import annotations

from v0client.simulator import generation, script
from v0client.simulator.exchange import Call, Refusal, Response, Routes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import AnsweredQuestions, ResolveTask
from v0client.simulator.v1.flow import deliver, guard_limits
from v0client.simulator.v1.messages import idle_chat


def resolve(call: Call) -> Response:
    """POST /chats/{chatId}/tasks/resolve"""
    chat = idle_chat(call)
    body = read(call, ResolveTask)
    waiting = generation.open_question(chat, call.now)
    if waiting is None or waiting.run is None or not isinstance(body.task, AnsweredQuestions):
        raise Refusal(409, "No task of this kind waits for an answer")
    if {a.questionId for a in body.task.answers} != {str(q["id"]) for q in script.QUESTIONS}:
        raise Refusal(409, "These are not the questions that were asked")
    guard_limits(call)
    lines = [f"{a.questionText} {', '.join(a.selectedLabels)}" for a in body.task.answers]
    prompt = generation.Prompt(
        "\n".join([waiting.run.prompts[-1], "", *lines]),
        body.modelConfiguration.effective,
        type="answered-questions",
    )
    reply = generation.start(call.store, chat, call.person, prompt, call.now)
    return deliver(call, chat, reply, body.responseMode)


ROUTES: Routes = {("POST", "/chats/{chatId}/tasks/resolve"): resolve}
