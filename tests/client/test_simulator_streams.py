"""Streams of the simulated v1: their events add up, can be resumed, and arrive in time."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from tests.client.simulated import client, events, new_chat, simulator
from v0client.http import httpx

STREAM = {"message": "Build a pricing page", "responseMode": "experimental_stream"}


def apply(value: Any, delta: Any) -> Any:
    """The two forms of deltas, as a reader of streams understands them."""
    if isinstance(delta, list) and delta[-2:] == [9, 9]:
        *path, last, text = delta[0]
        inner = value
        for step in path:
            inner = inner[step]
        inner[last] += text
    elif isinstance(delta, list):
        return copy.deepcopy(delta[0])
    elif delta.get("_t") == "a":
        for place in sorted((k for k in delta if k != "_t"), key=int):
            if isinstance(delta[place], list):
                value.insert(int(place), copy.deepcopy(delta[place][0]))
            else:
                value[int(place)] = apply(value[int(place)], delta[place])
    else:
        for name, change in delta.items():
            value[name] = apply(value.get(name), change)
    return value


def chunks(received: list[Any]) -> list[Any]:
    kind = "message.experimental_content.chunk"
    return [e["delta"] for e in received if isinstance(e, dict) and e["object"] == kind]


def test_a_stream_ends_with_the_finished_chat() -> None:
    http = client(simulator())
    answer = http.post("/chats", json=STREAM)
    assert answer.headers["content-type"].startswith("text/event-stream")
    received = events(answer.text)
    objects = [e if isinstance(e, str) else e["object"] for e in received]
    assert objects[0] == objects[-2] == "chat"
    assert objects[-1] == "[DONE]"
    assert objects.count("chat.title") == 1
    assert received[0]["latestVersion"]["status"] == "pending"
    assert received[-2]["latestVersion"]["status"] == "completed"


@pytest.mark.parametrize(
    "message",
    [
        "Build a shop",
        "Fail on purpose",
        "Ask me first",
        "Plan first",
        "Ask for permission",
        "Connect an integration",
        "End empty",
    ],
)
def test_the_deltas_of_a_stream_add_up_to_the_message(message: str) -> None:
    received = events(client(simulator()).post("/chats", json={**STREAM, "message": message}).text)
    content: Any = []
    for delta in chunks(received):
        content = apply(content, delta)
    assert content == received[-2]["messages"][-1]["experimental_content"]


def test_a_running_answer_can_be_followed_from_its_beginning() -> None:
    sim = simulator()
    http = client(sim)
    streamed = events(http.post("/chats", json=STREAM).text)
    chat = new_chat(http, responseMode="async")
    sim.clock.advance(5)
    path = f"/chats/{chat['id']}/messages/{chat['messages'][1]['id']}/resume"
    resumed = events(http.post(path).text)
    assert chunks(resumed) == chunks(streamed)
    assert resumed[-1] == "[DONE]"


def test_resuming_a_stopped_answer_does_not_continue_it() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, responseMode="async")
    path = f"/chats/{chat['id']}/messages/{chat['messages'][1]['id']}"
    sim.clock.advance(4)
    http.post(f"{path}/stop")
    resumed = events(http.post(f"{path}/resume").text)
    assert resumed[-2]["messages"][-1]["finishReason"] == "other"
    assert len(chunks(resumed)) < 20


def test_only_answers_can_be_resumed_or_stopped() -> None:
    http = client(simulator())
    chat = new_chat(http)
    path = f"/chats/{chat['id']}/messages/{chat['messages'][0]['id']}"
    assert http.post(f"{path}/resume").status_code == 422
    assert http.post(f"{path}/stop").status_code == 422


def test_virtual_time_moves_with_the_stream() -> None:
    sim = simulator()
    begun = sim.clock.now()
    with client(sim).stream("POST", "/chats", json=STREAM) as answer:
        pieces = answer.iter_bytes()
        next(pieces)
        assert sim.clock.now() == begun
        for _ in pieces:
            pass
    assert sim.clock.now() >= begun + 6


def test_async_clients_share_the_transport() -> None:
    sim = simulator()

    async def talk() -> str:
        headers = {"authorization": "Bearer v0-demo-owner"}
        async with (
            httpx.AsyncClient(
                transport=sim.transport(), base_url=f"{sim.base_url}/v1", headers=headers
            ) as http,
            http.stream("POST", "/chats", json=STREAM) as answer,
        ):
            return "".join([text async for text in answer.aiter_text()])

    assert events(asyncio.run(talk()))[-1] == "[DONE]"


def test_a_stream_can_be_cut() -> None:
    sim = simulator()
    sim.faults.add("/v1/chats", method="POST", cut_after=4_000)
    http = client(sim)
    received = b""
    with http.stream("POST", "/chats", json=STREAM) as cut:
        pieces = cut.iter_raw()
        while len(received) < 4_000:
            received += next(pieces)
        with pytest.raises(httpx.RemoteProtocolError):
            next(pieces)
    assert len(received) == 4_000
    assert len(http.get("/chats").json()["data"]) == 1


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_the_transport_serves_both_libraries(name: str) -> None:
    library = pytest.importorskip(name)
    sim = simulator()
    headers = {"authorization": "Bearer v0-demo-owner"}
    with library.Client(transport=sim.transport(), base_url=sim.base_url, headers=headers) as http:
        assert http.get("/v1/user").json()["object"] == "user"
        sim.faults.add("/v1/user", reset=True)
        with pytest.raises(library.ReadError):
            http.get("/v1/user")
