"""What agents stop to ask, in one vocabulary: as records, what is dangerous about it, and what
people say to it as v0 takes it. Nothing here talks to v0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.upstream.records import AskRecord
from v0client.calls import wire
from v0client.open_tasks import (
    ConnectSetup,
    IntegrationRequest,
    OpenTask,
    PermissionRequest,
    Plan,
    Questions,
)
from v0client.shapes import Shape

KINDS: dict[type[Shape], str] = {
    Questions: "questions",
    Plan: "plan",
    PermissionRequest: "permissions",
    IntegrationRequest: "integration",
    ConnectSetup: "connect",
}
# What can be said to each kind; "refuse" has no task of its own and goes as a message.
WAYS = {
    "questions": ("answer",),
    "plan": ("approve", "change", "reject"),
    "permissions": ("allow", "refuse"),
    "integration": ("connected", "skip"),
    "connect": ("connected",),
}
MESSAGE = "message"  # the type of an answer that is no task
# What a tool is given that runs something of its own making, and why a person should look twice.
RISKS = {
    "command": "It is a shell command: it can change or delete whatever the agent can reach.",
    "script": "It runs a script. What that changes in a database cannot be taken back from here.",
    "sql": "It runs SQL. What that changes in a database cannot be taken back from here.",
}
MARKED = "v0 marks this command as dangerous."


@dataclass(frozen=True)
class Answer:
    """What somebody says. `do` is one of the WAYS; `selected` are labels and `texts` own words, by
    question id; `names` are the integrations and presets that are connected."""

    do: str
    text: str = ""
    selected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()


def record(
    message_id: str, task: OpenTask, asked_at: datetime, marked: Sequence[str] = ()
) -> AskRecord:
    """The record of a task; `marked` are shell commands that v0 marks as dangerous beside it."""
    shape = next(kind for kind in KINDS if isinstance(task, kind))
    told = {
        name: getattr(task, name) for name in shape.model_fields if name in task.model_fields_set
    }
    asked: dict[str, Any] = wire(told)
    kind = KINDS[shape]
    if kind == "permissions" and marked:
        asked["commands"] = list(marked)
    is_dangerous = kind == "permissions" and bool(risks(asked))
    return AskRecord(message_id, kind, asked, asked_at, is_dangerous=is_dangerous)


def risks(asked: Mapping[str, Any]) -> list[str]:
    """Why allowing this is dangerous, in sentences; none where it is not."""
    found = [MARKED] if asked.get("commands") else []
    for permission in asked.get("permissions", ()):
        given = permission.get("input")
        names = given.keys() if isinstance(given, dict) else ()
        found += [risk for name, risk in RISKS.items() if name in names and risk not in found]
    return found


def task(kind: str, asked: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """What goes to v0 and is kept: a task, or a message where `type` says so."""
    if answer.do == "refuse":
        return {"type": MESSAGE, "content": refusal(asked, answer.text)}
    shape = next(shape for shape, name in KINDS.items() if name == kind)
    built: dict[str, Any] = wire(answered(shape.model_validate(asked), answer))
    return built


def answered(open_task: Shape, answer: Answer) -> Mapping[str, Any]:
    """The task that says this."""
    match open_task:
        case Questions():
            return open_task.answer(answer.selected, answer.texts)
        case Plan() if answer.do == "approve":
            return open_task.approve(answer.text) if answer.text else open_task.approve()
        case Plan() if answer.do == "change":
            return open_task.request_changes(answer.text)
        case Plan():
            return open_task.reject(answer.text)
        case PermissionRequest():
            return open_task.grant(answer.text or None)
        case IntegrationRequest() if answer.do == "skip":
            return open_task.skip()
        case IntegrationRequest():
            names = set(answer.names)
            return open_task.confirm(
                integrations=[name for name in open_task.requested_integrations if name in names],
                mcp_presets=[name for name in open_task.requested_mcp_presets if name in names],
            )
        case ConnectSetup():
            return open_task.finished()
    raise ValueError(f"nothing answers {type(open_task).__name__}")


def refusal(asked: Mapping[str, Any], text: str) -> str:
    """v0 has no answer that says no; a message does."""
    tools = ", ".join(f"`{one.get('toolName', '')}`" for one in asked.get("permissions", ()))
    return f"Do not use {tools}: this is not allowed. {text or 'Find a way without it.'}"


def said(kind: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """An answer in words, by what it is about."""
    match sent:
        case {"type": "message", "content": str() as content}:
            return {"refused": content}
        case {"type": "answered-questions", "answers": answers}:
            return {
                one["questionText"]: ", ".join(
                    filter(None, [*one["selectedLabels"], one.get("customText", "")])
                )
                for one in answers
            }
        case {"type": "plan-exit-response", "status": status, "content": content}:
            return {"plan": f"{status.replace('-', ' ')}: {content}"}
        case {"type": "confirmed-permissions", "permissions": permissions, **more}:
            tools = ", ".join(str(one.get("toolName", "")) for one in permissions)
            words = {"message": str(more["userMessage"])} if more.get("userMessage") else {}
            return {"allowed": tools, **words}
        case {"type": "confirmed-steps", **more}:
            lists = (more.get("connectedIntegrationNames"), more.get("connectedMcpPresetNames"))
            names = [name for names in lists for name in names or ()]
            return {"connected": ", ".join(names) or "nothing, go on without"}
    return {kind: "set up"}
