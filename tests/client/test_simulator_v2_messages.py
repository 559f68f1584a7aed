"""Messages of the simulated v2: their parts and how they grow, what they use, and how they end."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.client.simulated import client, simulator
from v0client.simulator import writer

PROMPTS = ("Build a pricing page", "Add a FAQ", "Make it green", "Add a table", "Add a chart")


def v2(sim: Any, key: str = "v0-demo-owner") -> Any:
    return client(sim, key, "v2")


def begin(http: Any, message: str = PROMPTS[0], **body: Any) -> tuple[str, dict[str, Any]]:
    """The address of a new chat's messages, and its complete answer."""
    chat = http.post("/chats", json={"message": message, **body}).json()["chat"]
    path = f"/chats/{chat['id']}/messages"
    return path, http.get(path).json()["messages"][0]


def begin_async(http: Any, message: str = PROMPTS[0]) -> tuple[str, str]:
    """The addresses of a new chat's messages and of its answer, which is being written."""
    told = http.post("/chats/async", json={"message": message}).json()
    path = f"/chats/{told['chatId']}/messages"
    return path, f"{path}/{told['messageId']}"


def test_a_sent_message_is_answered_when_it_is_complete() -> None:
    http = v2(simulator())
    path, first = begin(http)
    reply = http.post(path, json={"message": "Add a FAQ"}).json()
    assert reply["role"] == "assistant"
    assert reply["finishReason"] == "stop"
    assert http.get(f"{path}/{reply['id']}").json() == reply
    listed = http.get(path).json()["messages"]
    assert [message["role"] for message in listed] == ["assistant", "user"] * 2
    assert (listed[0]["id"], listed[2]["id"]) == (reply["id"], first["id"])
    assert listed[1]["content"] == listed[1]["parts"][0]["text"] == "Add a FAQ"


def test_messages_are_paged_while_new_ones_come() -> None:
    http = v2(simulator())
    path, _ = begin(http)
    for prompt in PROMPTS[1:]:
        http.post(path, json={"message": prompt})
    whole = [message["id"] for message in http.get(path).json()["messages"]]
    seen, cursor = [], None
    while True:
        page = http.get(path, params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [message["id"] for message in page["messages"]]
        if (cursor := page["cursor"]) is None:
            break
        http.post(f"{path}/async", json={"message": "One more"})
    assert seen == whole


def test_an_answer_grows_part_by_part() -> None:
    sim = simulator()
    http = v2(sim)
    _, address = begin_async(http)
    states = []
    while not states or states[-1]["finishReason"] is None:
        states.append(http.get(address).json())
        sim.clock.advance(0.5)
    for before, after in pairwise(states):
        assert len(before["parts"]) <= len(after["parts"])
        for old, new in zip(before["parts"], after["parts"], strict=False):
            assert new.get("text", "").startswith(old.get("text", ""))
            assert (
                old.items() <= {**new, **({"text": old["text"]} if "text" in old else {})}.items()
            )
    *running, finished = states
    assert states[0]["parts"] == []
    assert all(state["usage"]["tokens"]["total"] == 0 for state in running)
    assert finished["usage"]["creditsCost"]["total"] > 0
    assert any("finishedAt" not in state["parts"][-1] for state in running if state["parts"])
    assert all(part["startedAt"] <= part["finishedAt"] for part in finished["parts"])


def test_the_content_is_the_prose_at_the_end() -> None:
    _, reply = begin(v2(simulator()))
    assert reply["parts"][-1]["type"] == "text"
    assert reply["content"] == reply["parts"][-1]["text"]
    assert reply["parts"][0]["type"] == "thinking"


def test_the_edits_of_the_files_lead_to_the_files_of_the_chat() -> None:
    sim = simulator()
    http = v2(sim)
    path, reply = begin(http)
    replies = [reply, *(http.post(path, json={"message": p}).json() for p in PROMPTS[1:])]
    files: set[str] = set()
    for part in (part for reply in replies for part in reply["parts"]):
        if part["type"] != "file-edit":
            continue
        if part["operation"] == "create":
            assert part["path"] not in files
        else:
            assert part["path"] in files
        if part["operation"] in ("delete", "rename"):
            files.remove(part["path"])
        files.add(part.get("toPath") or part["path"])
        if part["operation"] == "delete":
            files.remove(part["path"])
    (chat,) = sim.store.chats.values()
    assert files == {file.name for file in writer.files(chat.versions[-1])}


def test_answers_show_every_kind_of_part() -> None:
    http = v2(simulator())
    told = []
    for i in range(12):
        path, reply = begin(
            http,
            f"Build page number {i}",
            modelConfiguration={"modelId": "v0-max", "imageGenerations": True},
        )
        told += [*reply["parts"], *http.post(path, json={"message": f"Change {i}"}).json()["parts"]]
    kinds = {part["type"] for part in told}
    assert kinds == {
        "text",
        "thinking",
        "file-read",
        "file-edit",
        "search",
        "bash",
        "tool-call",
        "agent-action",
    }
    edits = {part["operation"] for part in told if part["type"] == "file-edit"}
    assert edits == {"create", "update", "delete", "rename", "patch"}
    assert any(part.get("isDangerous") for part in told)


def test_only_code_that_is_not_the_present_one_can_be_restored() -> None:
    http = v2(simulator())
    path, first = begin(http)
    assert first["restorable"] is False
    second = http.post(path, json={"message": "Add a FAQ"}).json()
    failed = http.post(path, json={"message": "Fail on purpose"}).json()
    told = {message["id"]: message for message in http.get(path).json()["messages"]}
    assert told[first["id"]]["restorable"] is True
    assert told[second["id"]]["restorable"] is told[failed["id"]]["restorable"] is False


def test_a_failed_answer_says_what_went_wrong() -> None:
    _, reply = begin(v2(simulator()), "Build a shop and fail on purpose")
    assert reply["finishReason"] == "error"
    assert (
        "Failed to compile"
        in [part for part in reply["parts"] if part["type"] == "bash"][-1]["output"]
    )
    assert reply["content"] == writer.EXCUSE


def test_an_answer_can_end_empty() -> None:
    sim = simulator()
    http = v2(sim)
    _, address = begin_async(http, "Build a shop and end empty")
    sim.clock.advance(60)
    reply = http.get(address).json()
    assert (reply["finishReason"], reply["content"], reply["parts"]) == ("stop", "", [])
    assert reply["usage"]["tokens"]["total"] == 0
    assert client(sim).get("/reports/usage").json()["data"] == []


def test_a_stopped_answer_stays_as_it_is() -> None:
    sim = simulator()
    http = v2(sim)
    path, address = begin_async(http)
    sim.clock.advance(4)
    before = http.get(address).json()
    assert http.post(f"{address}/stop").json() == {"messageId": before["id"]}
    sim.clock.advance(60)
    after = http.get(address).json()
    assert after["finishReason"] == "other"
    assert len(after["parts"]) == len(before["parts"])
    assert all("finishedAt" in part for part in after["parts"])
    assert after["restorable"] is False
    assert http.post(f"{address}/stop").status_code == 409
    asked = http.get(path).json()["messages"][1]["id"]
    assert http.post(f"{path}/{asked}/stop").status_code == 409
    assert http.post(f"{path}/nobody/stop").status_code == 404


def test_nothing_can_be_sent_while_an_answer_is_being_written() -> None:
    http = v2(simulator())
    path, _ = begin_async(http)
    for way in ("", "/stream", "/async"):
        assert http.post(f"{path}{way}", json={"message": "More"}).status_code == 422
        task = {"type": "plan-exit-response", "status": "approved", "content": "Go"}
        assert http.post(f"{path}/resolve{way}", json={"task": task}).status_code == 409


def test_attachments_are_told_with_what_is_known_of_them() -> None:
    http = v2(simulator())
    urls = ["data:image/png;base64,aGVsbG8=", "https://example.com/plan.pdf"]
    path, _ = begin(http, attachments=[{"url": url} for url in urls])
    (_, asked) = http.get(path).json()["messages"]
    assert asked["attachments"] == [
        {"url": urls[0], "contentType": "image/png", "size": 5},
        {"url": urls[1]},
    ]


def test_the_model_decides_what_an_answer_costs() -> None:
    costs = {}
    for model in ("v0-mini", "v0-pro", "v0-max"):
        _, reply = begin(
            v2(simulator()), modelConfiguration={"modelId": model, "imageGenerations": False}
        )
        costs[model] = reply["usage"]["creditsCost"]["total"]
    assert costs["v0-mini"] < costs["v0-pro"] < costs["v0-max"]


@pytest.mark.parametrize(
    "body", [{}, {"message": ""}, {"message": "More", "title": "New"}, {"message": 1}]
)
def test_what_cannot_be_sent_is_refused(body: dict[str, Any]) -> None:
    http = v2(simulator())
    path, _ = begin(http)
    assert http.post(path, json=body).status_code == 422
    assert len(http.get(path).json()["messages"]) == 2


def test_an_early_client_may_ask_to_fix_with_an_action() -> None:
    http = v2(simulator())
    path, _ = begin(http)
    body = {"message": "It does not build", "action": {"type": "fix-with-v0"}}
    assert http.post(path, json=body).json()["finishReason"] == "stop"
