"""The parts of v2's messages, and what an agent waits for in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import v2_samples as samples
from tests.client.backend import Script, answered, ask, sent_json
from v0client import errors, open_tasks
from v0client.v2 import parts
from v0client.v2.messages import Message

TIMES = {"startedAt": samples.TIME, "finishedAt": samples.TIME}
QUESTIONS = {
    "questions": [
        {
            "id": f"q{number}",
            "question": f"Which {what}?",
            "header": what,
            "multiSelect": number == 2,
            "options": [{"id": "o1", "label": "Blue"}, {"id": "o2", "label": "Red"}],
        }
        for number, what in enumerate(["colour", "stripes"], 1)
    ]
}
PLAN = {"plan": "# Plan", "path": "plan.md"}
INTEGRATIONS = {"requestedIntegrations": ["Neon"], "requestedMcpPresets": ["Linear", "Sentry"]}
SETUP = {
    "status": "setup-required",
    "requestId": "r1",
    "service": "linear",
    "connectorName": "Linear",
    "setupUrl": "https://vercel.com/setup",
    "environments": ["production"],
}
CONNECTED = {
    "status": "completed",
    "action": "attach",
    "summary": "Attached",
    "connectors": [{"id": "k1", "name": "Linear", "attachedToProject": True}],
}
PERMISSION = {
    "type": "ALLOW_DYNAMIC_TOOL_STRICT",
    "toolName": "run_script",
    "input": {"file_name": "seed.sql", "deep": [{"a_b": None}]},
    "taskNameActive": None,
    "a_new_field": {"of_v0": 1},
}


def message(*told: Any) -> Message:
    """A message as the client reads it."""
    script = Script(answered(samples.message(*told)))
    found = ask("blocking", script, lambda client: client.v2.messages.get("c1", "m1"))
    assert isinstance(found, Message)
    return found


def action(name: str, data: Any = None) -> dict[str, Any]:
    return {"type": "agent-action", "name": name, "summary": "Asks", "data": data}


def tool_call(**more: Any) -> dict[str, Any]:
    return {"type": "tool-call", "name": "run_script", "status": "ok", **more}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"type": "text", "text": "Hello"}, parts.TextPart),
        ({"type": "thinking", "text": "Hm"}, parts.ThinkingPart),
        ({"type": "file-read", "paths": ["a.ts"]}, parts.FileReadPart),
        (
            {"type": "file-edit", "operation": "rename", "path": "a.ts", "toPath": "b.ts"},
            parts.FileEditPart,
        ),
        ({"type": "search", "scope": "web", "query": "colours"}, parts.SearchPart),
        ({"type": "bash", "command": "ls", "output": "", "exitCode": None}, parts.BashPart),
        (tool_call(input={"a": 1}, output=[2]), parts.ToolCallPart),
        (action("diagnostics"), parts.AgentActionPart),
    ],
)
def test_each_kind_of_part_has_its_type(told: dict[str, Any], kind: type[parts.Part]) -> None:
    (part,) = message({**told, **TIMES}).parts
    assert type(part) is kind
    assert part.started_at == part.finished_at == message().created_at
    written = part.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert {**written, **TIMES} == {**told, **TIMES}


@pytest.mark.parametrize(
    "told",
    [
        {"type": "song", "notes": ["c", "d"]},
        {"type": "text"},
        {"type": "bash", "command": "ls", "exitCode": "none"},
        {"type": "search", "scope": "web", "query": "a", "startedAt": "this morning"},
        {"kind": "text"},
    ],
)
def test_a_part_that_is_not_as_declared_is_kept_as_it_came(told: dict[str, Any]) -> None:
    part, after = message(told, {"type": "text", "text": "Done"}).parts
    assert isinstance(part, parts.OtherPart)
    assert part.model_dump(by_alias=True, exclude_unset=True) == told
    assert isinstance(after, parts.TextPart)


@pytest.mark.parametrize("told", ["text", None, 7, ["text"], {"type": 7}])
def test_even_what_is_no_part_at_all_does_not_break_the_message(told: Any) -> None:
    (part,) = message(told).parts
    assert isinstance(part, parts.OtherPart)
    assert (part.type, part.model_extra) == ("", {"value": told})


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("ask_user_questions", QUESTIONS, open_tasks.Questions),
        ("exit_plan_mode", PLAN, open_tasks.Plan),
        ("get_or_request_integration", INTEGRATIONS, open_tasks.IntegrationRequest),
        ("configure_vercel_connect", SETUP, open_tasks.ConnectSetup),
    ],
)
def test_what_the_agent_asks_for_is_the_messages_open_task(
    name: str, data: Any, kind: type[open_tasks.OpenTask]
) -> None:
    found = message({"type": "text", "text": "Please"}, action(name, data), action("diagnostics"))
    assert type(found.open_task) is kind
    part = found.parts[1]
    assert isinstance(part, parts.AgentActionPart)
    assert part.data is part.open_task


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("configure_vercel_connect", CONNECTED),
        ("configure_vercel_connect", {"status": "half-done"}),
        ("ask_user_questions", {"questions": "later"}),
        ("ask_user_questions", None),
        ("generate_image", {"url": "https://example.com/a.png"}),
    ],
)
def test_an_action_that_asks_for_nothing_leaves_no_open_task(name: str, data: Any) -> None:
    found = message(action(name, data))
    assert found.open_task is None
    (part,) = found.parts
    assert isinstance(part, parts.AgentActionPart)
    assert part.model_dump(by_alias=True, exclude_unset=True)["data"] == data


def test_a_connection_that_is_done_tells_its_connectors() -> None:
    (part,) = message(action("configure_vercel_connect", CONNECTED)).parts
    assert isinstance(part, parts.AgentActionPart)
    assert isinstance(part.data, open_tasks.ConnectResult)
    assert part.data.connectors[0].attached_to_project


def test_a_tool_call_waits_only_with_suggested_permissions() -> None:
    assert message(tool_call(suggestedPermissions=[])).open_task is None
    assert message(tool_call()).open_task is None
    waiting = message(tool_call(suggestedPermissions=[PERMISSION])).open_task
    assert isinstance(waiting, open_tasks.PermissionRequest)
    assert waiting.permissions[0].tool_name == "run_script"


def test_the_last_open_task_of_a_message_is_the_one_to_answer() -> None:
    both = message(action("exit_plan_mode", PLAN), action("ask_user_questions", QUESTIONS))
    assert isinstance(both.open_task, open_tasks.Questions)


def answered_by(part: dict[str, Any], answer: Any) -> Any:
    """The task in the request, after the open task of a message has built it."""
    script = Script(answered(samples.message()))
    task = answer(message(part).open_task)
    ask("blocking", script, lambda client: client.v2.messages.resolve("c1", task=task))
    return sent_json(script.requests[0])["task"]


def test_questions_are_answered_by_their_ids() -> None:
    def answer(task: open_tasks.Questions) -> Any:
        return task.answer({"q2": ["Blue", "Red"]}, {"q1": "Green"})

    assert answered_by(action("ask_user_questions", QUESTIONS), answer) == {
        "type": "answered-questions",
        "answers": [
            {
                "questionId": "q1",
                "questionText": "Which colour?",
                "selectedLabels": [],
                "customText": "Green",
            },
            {
                "questionId": "q2",
                "questionText": "Which stripes?",
                "selectedLabels": ["Blue", "Red"],
            },
        ],
    }


def test_a_question_is_answered_with_one_label_as_with_several() -> None:
    task = open_tasks.Questions.model_validate(QUESTIONS)
    assert task.answer({"q1": "Blue"}) == task.answer({"q1": ["Blue"]}, {"q1": ""})


def test_a_question_that_was_not_asked_cannot_be_answered() -> None:
    task = open_tasks.Questions.model_validate(QUESTIONS)
    with pytest.raises(errors.InvalidRequest, match="no question q3, q4"):
        task.answer({"q1": ["Blue"], "q4": ["Red"]}, {"q3": "Green"})


@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [
        (lambda plan: plan.approve(), "approved", "Approved."),
        (lambda plan: plan.approve("Good"), "approved", "Good"),
        (lambda plan: plan.request_changes("Bluer"), "request-changes", "Bluer"),
        (lambda plan: plan.reject("Too blue"), "rejected", "Too blue"),
    ],
)
def test_a_plan_is_approved_changed_or_rejected_in_words(
    answer: Any, status: str, content: str
) -> None:
    expected = {"type": "plan-exit-response", "status": status, "content": content}
    assert answered_by(action("exit_plan_mode", PLAN), answer) == expected


@pytest.mark.parametrize(
    ("answer", "integrations", "presets"),
    [
        (lambda task: task.confirm(), ["Neon"], ["Linear", "Sentry"]),
        (lambda task: task.confirm(mcp_presets=["Sentry"]), ["Neon"], ["Sentry"]),
        (lambda task: task.skip(), [], []),
    ],
)
def test_integrations_are_confirmed_or_skipped(
    answer: Any, integrations: list[str], presets: list[str]
) -> None:
    assert answered_by(action("get_or_request_integration", INTEGRATIONS), answer) == {
        "type": "confirmed-steps",
        "connectedIntegrationNames": integrations,
        "connectedMcpPresetNames": presets,
    }


def test_permissions_are_granted_exactly_as_they_came() -> None:
    def grant(task: open_tasks.PermissionRequest) -> Any:
        return task.grant("Go on")

    assert answered_by(tool_call(suggestedPermissions=[PERMISSION]), grant) == {
        "type": "confirmed-permissions",
        "permissions": [PERMISSION],
        "userMessage": "Go on",
    }


def test_a_finished_connector_is_reported() -> None:
    def report(task: open_tasks.ConnectSetup) -> Any:
        return task.finished()

    sent = answered_by(action("configure_vercel_connect", SETUP), report)
    assert sent == {"type": "vercel-connect-setup"}
