"""Agents of the simulator that stop to ask, and go on with what people answer: v1 and v2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.client.simulated import client, simulator
from v0client.simulator import asking

QUESTIONS, PLAN = "Build a shop, but ask me first", "Build a shop, but plan first"
PERMISSION = "Build a shop and ask for permission"
INTEGRATION = "Build a shop and connect an integration"
CONNECT = "Build a shop and set up Connect"

APPROVED = {"type": "plan-exit-response", "status": "approved", "content": "Go ahead"}
STEPS = {"type": "confirmed-steps", "connectedIntegrationNames": ["Neon"]}
ANSWERS = {
    "type": "answered-questions",
    "answers": [
        {"questionId": "audience", "questionText": "Who?", "selectedLabels": ["Partners"]},
        {
            "questionId": "tone",
            "questionText": "Which tone?",
            "selectedLabels": [],
            "customText": "Like a pirate",
        },
    ],
}


@dataclass
class Talk:
    """A chat of either generation that has begun with a prompt."""

    sim: Any
    http: Any
    generation: str
    id: str

    @property
    def messages(self) -> list[Any]:
        """Newest first."""
        told = self.http.get(f"/chats/{self.id}/messages", params={"limit": 100}).json()
        return list(told["messages" if self.generation == "v2" else "data"])

    @property
    def last(self) -> dict[str, Any]:
        return dict(self.messages[0])

    def resolve(self, task: dict[str, Any], **more: Any) -> int:
        """The status of the answer."""
        place = "messages/resolve" if self.generation == "v2" else "tasks/resolve"
        answer = self.http.post(f"/chats/{self.id}/{place}", json={"task": task, **more})
        return int(answer.status_code)

    def send(self, message: str) -> None:
        assert self.http.post(f"/chats/{self.id}/messages", json={"message": message}).is_success

    @property
    def permissions(self) -> list[Any]:
        """What the agent wants to be allowed."""
        if self.generation == "v2":
            return list(self.last["parts"][-1]["suggestedPermissions"])
        task = self.last["experimental_content"][0][1][-1][1]["part"]
        return list(task["parts"][0]["suggestedPermissions"])


@pytest.fixture(params=["v1", "v2"])
def generation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def talk(generation: str, message: str) -> Talk:
    sim = simulator()
    http = client(sim, generation=generation)
    chat = http.post("/chats", json={"message": message}).json()
    return Talk(sim, http, generation, chat["chat"]["id"] if generation == "v2" else chat["id"])


def made(chat: Talk) -> int:
    """How many versions came of a chat."""
    versions = chat.sim.store.chats[chat.id].versions
    return len([version for version in versions if not version.failed])


@pytest.mark.parametrize("message", [QUESTIONS, PLAN, PERMISSION, INTEGRATION])
def test_an_agent_that_asks_stops_before_it_writes(generation: str, message: str) -> None:
    chat = talk(generation, message)
    assert chat.last["finishReason"] == "tool-calls"
    assert made(chat) == 0


@pytest.mark.parametrize(
    ("message", "task"), [(QUESTIONS, ANSWERS), (PLAN, APPROVED), (INTEGRATION, STEPS)]
)
def test_the_agent_goes_on_with_the_answer_once(
    generation: str, message: str, task: dict[str, Any]
) -> None:
    chat = talk(generation, message)
    assert chat.resolve(task) == 200
    assert chat.last["finishReason"] == "stop"
    assert made(chat) == 1
    assert chat.resolve(task) == 409
    assert len(chat.messages) == 4


@pytest.mark.parametrize("message", ["Build a shop", QUESTIONS, PLAN, PERMISSION, INTEGRATION])
def test_an_answer_of_another_kind_is_a_conflict(generation: str, message: str) -> None:
    chat = talk(generation, message)
    permission = {"type": "ALLOW_DYNAMIC_TOOL_STRICT", "toolName": "rm", "input": {}}
    tasks = {
        QUESTIONS: ANSWERS,
        PLAN: APPROVED,
        INTEGRATION: STEPS,
        PERMISSION: {"type": "confirmed-permissions", "permissions": [permission]},
    }
    for fitting, task in tasks.items():
        if fitting != message:
            assert chat.resolve(task) == 409
    assert len(chat.messages) == 2


def test_other_questions_than_were_asked_cannot_be_answered(generation: str) -> None:
    chat = talk(generation, QUESTIONS)
    (first, second) = ANSWERS["answers"]
    for answers in ([first], [first, first], [first, {**second, "questionId": "colour"}]):
        assert chat.resolve({**ANSWERS, "answers": answers}) == 409
    assert chat.resolve(ANSWERS) == 200
    said = chat.messages[1]["content"]
    assert said == "Who? Partners\nWhich tone? Like a pirate"


def test_permissions_are_given_back_unchanged(generation: str) -> None:
    chat = talk(generation, PERMISSION)
    asked = chat.permissions
    task = {"type": "confirmed-permissions", "permissions": asked}
    for changed in (
        [{**asked[0], "toolName": "rm"}],
        [{**asked[0], "input": {}}],
        [*asked, *asked],
        [{name: value for name, value in asked[0].items() if name != "taskNameActive"}],
    ):
        assert chat.resolve({**task, "permissions": changed}) == 409
    assert chat.resolve({**task, "userMessage": "But only once"}) == 200
    assert chat.messages[1]["content"] == "But only once"
    assert made(chat) == 1


def test_a_rejected_plan_is_dropped(generation: str) -> None:
    chat = talk(generation, PLAN)
    assert chat.resolve({**APPROVED, "status": "rejected", "content": "No shop"}) == 200
    assert chat.last["finishReason"] == "stop"
    assert made(chat) == 0
    chat.send("Then a blog")
    assert made(chat) == 1


def test_a_plan_that_is_to_change_comes_again(generation: str) -> None:
    chat = talk(generation, PLAN)
    changes = {**APPROVED, "status": "request-changes", "content": "Use fewer sections"}
    assert chat.resolve(changes) == 200
    assert chat.last["finishReason"] == "tool-calls"
    assert "Use fewer sections" in str(chat.last)
    assert chat.resolve(APPROVED) == 200
    assert made(chat) == 1


def test_integrations_can_be_skipped(generation: str) -> None:
    chat = talk(generation, INTEGRATION)
    assert chat.resolve({"type": "confirmed-steps"}) == 200
    assert chat.messages[1]["content"] == "Go on without."
    assert made(chat) == 1
    assert "Neon" not in str(chat.last)


def test_another_message_passes_over_what_was_asked(generation: str) -> None:
    chat = talk(generation, PLAN)
    chat.send("Forget the plan and build a blog")
    assert made(chat) == 1
    assert chat.resolve(APPROVED) == 409


def test_an_agent_that_was_stopped_waits_for_nothing(generation: str) -> None:
    chat = talk(generation, "Build a shop")
    way = {"responseMode": "async"} if generation == "v1" else {}
    place = "messages/async" if generation == "v2" else "messages"
    chat.http.post(f"/chats/{chat.id}/{place}", json={"message": PLAN, **way})
    chat.http.post(f"/chats/{chat.id}/messages/{chat.last['id']}/stop")
    assert chat.last["finishReason"] == "other"
    assert chat.resolve(APPROVED) == 409


@pytest.mark.parametrize(
    "task",
    [
        {"type": "telepathy"},
        {"type": "plan-exit-response", "status": "maybe", "content": "Go"},
        {"type": "plan-exit-response", "status": "approved", "content": ""},
        {"type": "confirmed-steps", "connectedMcpPresetNames": ["Jira"]},
        {"type": "answered-questions"},
        {"type": "answered-questions", "answers": []},
        {"type": "confirmed-permissions", "permissions": []},
    ],
)
def test_what_is_no_answer_at_all_is_refused(generation: str, task: dict[str, Any]) -> None:
    assert talk(generation, PLAN).resolve(task) == 422


def test_v2_tells_what_people_are_asked_for_until_they_have_done_it() -> None:
    fields = {QUESTIONS: "questions", PLAN: "plan", INTEGRATION: "requestedIntegrations"}
    tasks = {QUESTIONS: ANSWERS, PLAN: APPROVED, INTEGRATION: STEPS}
    for message, field in fields.items():
        chat = talk("v2", message)
        asking = chat.last
        assert asking["parts"][-1]["data"][field]
        assert asking["content"] == ""
        chat.resolve(tasks[message])
        assert "data" not in chat.messages[2]["parts"][-1]
    chat = talk("v2", PERMISSION)
    chat.resolve({"type": "confirmed-permissions", "permissions": chat.permissions})
    ran = next(part for part in chat.last["parts"] if part["type"] == "tool-call")
    assert ran["output"]
    assert "suggestedPermissions" not in ran
    assert "suggestedPermissions" not in chat.messages[2]["parts"][-1]


def test_a_connector_has_to_be_set_up_before_v2_goes_on() -> None:
    chat = talk("v2", CONNECT)
    task = {"type": "vercel-connect-setup"}
    request = chat.last["parts"][-1]["data"]
    assert request["status"] == "setup-required"
    assert chat.resolve(task) == 409
    assert chat.http.get(request["setupUrl"]).status_code == 200
    assert chat.resolve(task) == 200
    (done,) = [part for part in chat.last["parts"] if "data" in part]
    assert done["data"]["status"] == "completed"
    project = chat.http.get(f"/chats/{chat.id}").json()["vercelProjectId"]
    assert chat.sim.store.vercel_projects[project].name == "Shop and set up Connect"
    assert chat.resolve(task) == 409


def test_the_setup_of_a_connector_expires() -> None:
    chat = talk("v2", CONNECT)
    chat.sim.clock.advance(asking.SETUP_EXPIRES)
    assert chat.resolve({"type": "vercel-connect-setup"}) == 404


def test_v1_knows_no_connectors() -> None:
    chat = talk("v1", CONNECT)
    assert chat.last["finishReason"] == "stop"
    assert chat.resolve({"type": "vercel-connect-setup"}) == 422


def test_v2_resolves_without_waiting_and_as_a_stream() -> None:
    chat = talk("v2", PLAN)
    answer = chat.http.post(f"/chats/{chat.id}/messages/resolve/async", json={"task": APPROVED})
    assert answer.status_code == 202
    assert answer.json() == {"messageId": chat.last["id"]}
    assert chat.last["finishReason"] is None
    chat = talk("v2", QUESTIONS)
    path = f"/chats/{chat.id}/messages/resolve/stream"
    body = {"task": ANSWERS, "modelConfiguration": {"modelId": "v0-mini"}}
    with chat.http.stream("POST", path, json=body) as stream:
        told = stream.read().decode()
    assert told.startswith('data: {"object":"message"')
    assert chat.last["finishReason"] == "stop"
