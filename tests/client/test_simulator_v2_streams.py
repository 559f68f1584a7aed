"""Streams of the simulated v2: their events add up to the message; they can be joined later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.client.simulated import MEMBER, client, events, simulator
from v0client.patches import patched

PROMPT = "Build a pricing page"
# What these prompts come to is different in kind.
PROMPTS = (PROMPT, "Fail on purpose", "Ask me first", "Set up connect", "Ask for permission")


def v2(sim: Any, key: str = "v0-demo-owner") -> Any:
    return client(sim, key, "v2")


def objects(received: list[Any]) -> list[str]:
    return [event["object"] for event in received]


def read_parts(received: list[Any]) -> list[Any]:
    """The parts that the changes add up to."""
    parts: list[Any] = []
    for event in received:
        if event["object"] == "message.parts.chunk":
            parts = patched(parts, event["delta"])
    return parts


def latest(http: Any, chat_id: str) -> dict[str, Any]:
    return dict(http.get(f"/chats/{chat_id}/messages").json()["messages"][0])


def one_by_one(lines: Iterator[str]) -> Iterator[Any]:
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_the_stream_of_a_new_chat_begins_and_ends_with_the_chat() -> None:
    http = v2(simulator())
    answer = http.post("/chats/stream", json={"message": PROMPT})
    assert answer.headers["content-type"].startswith("text/event-stream")
    received = events(answer.text)
    order = objects(received)
    assert order[0] == order[-1] == "chat"
    assert order[-2] == "message.usage"
    assert set(order[1:-2]) == {"chat.title", "message.parts.chunk"}
    (title,) = [event["delta"] for event in received if event["object"] == "chat.title"]
    assert "title" not in received[0]
    assert received[-1]["title"] == title == "Pricing page"
    assert received[-2]["usage"] == latest(http, received[0]["id"])["usage"]


def test_a_chat_that_was_given_a_title_is_not_named_again() -> None:
    http = v2(simulator())
    received = events(http.post("/chats/stream", json={"message": PROMPT, "title": "Mine"}).text)
    assert received[0]["title"] == received[-1]["title"] == "Mine"
    assert "chat.title" not in objects(received)


@pytest.mark.parametrize("message", PROMPTS)
def test_the_changes_of_a_stream_add_up_to_the_message(message: str) -> None:
    http = v2(simulator())
    received = events(http.post("/chats/stream", json={"message": message}).text)
    told = latest(http, received[0]["id"])
    assert read_parts(received) == told["parts"]
    received = events(
        http.post(f"/chats/{told['chatId']}/messages/stream", json={"message": message}).text
    )
    told = latest(http, told["chatId"])
    assert objects(received)[0] == objects(received)[-1] == "message"
    assert (received[0]["parts"], received[0]["finishReason"]) == ([], None)
    assert read_parts(received) == received[-1]["parts"] == told["parts"]
    assert {**told, "object": "message"} == received[-1]


def test_an_empty_answer_streams_no_changes() -> None:
    received = events(v2(simulator()).post("/chats/stream", json={"message": "End empty"}).text)
    assert objects(received) == ["chat", "chat.title", "message.usage", "chat"]


@pytest.mark.parametrize("seconds", [0, 3, 7.5])
def test_a_running_answer_can_be_joined(seconds: float) -> None:
    sim = simulator()
    http = v2(sim)
    chat_id = http.post("/chats/async", json={"message": PROMPT}).json()["chatId"]
    sim.clock.advance(seconds)
    received = events(http.post(f"/chats/{chat_id}/resume").text)
    assert objects(received)[0] == objects(received)[-1] == "chat"
    assert read_parts(received) == latest(http, chat_id)["parts"]
    assert latest(http, chat_id)["finishReason"] == "stop"


def test_joining_a_finished_chat_gives_one_closing_event() -> None:
    http = v2(simulator())
    chat = http.post("/chats", json={"message": PROMPT}).json()["chat"]
    assert events(http.post(f"/chats/{chat['id']}/resume").text) == [{"object": "chat", **chat}]


def test_only_those_who_see_a_chat_can_join_it() -> None:
    sim = simulator()
    http = v2(sim)
    team = http.post("/chats", json={"message": PROMPT, "privacy": "team"}).json()["chat"]["id"]
    private = http.post("/chats", json={"message": PROMPT}).json()["chat"]["id"]
    assert v2(sim, MEMBER).post(f"/chats/{team}/resume").status_code == 200
    assert v2(sim, MEMBER).post(f"/chats/{private}/resume").status_code == 404


def test_a_stream_ends_where_the_answer_is_stopped() -> None:
    http = v2(simulator())
    with http.stream("POST", "/chats/stream", json={"message": PROMPT}) as answer:
        lines = one_by_one(answer.iter_lines())
        received = [next(lines) for _ in range(6)]
        path = f"/chats/{received[0]['id']}/messages"
        running = latest(http, received[0]["id"])
        http.post(f"{path}/{running['id']}/stop")
        received += lines
    stopped = latest(http, received[0]["id"])
    assert stopped["finishReason"] == "other"
    assert read_parts(received) == stopped["parts"]
    assert len(stopped["parts"]) < 5
    assert objects(received)[-2:] == ["message.usage", "chat"]


def test_a_stream_of_a_chat_that_is_deleted_ends_with_an_error() -> None:
    http = v2(simulator())
    with http.stream("POST", "/chats/stream", json={"message": PROMPT}) as answer:
        lines = one_by_one(answer.iter_lines())
        received = [next(lines) for _ in range(6)]
        http.delete(f"/chats/{received[0]['id']}")
        received += lines
    assert received[-1] == {"object": "error", "id": received[0]["id"], "message": "Chat not found"}
