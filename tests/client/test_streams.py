"""Streams on both clients: events, ends, errors, and leaving early."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from tests.client.backend import Body, Script, ask, on_both_clients
from v0client import V0, AsyncV0, errors, http
from v0client.v1.events import Written

CHAT = b'data: {"object":"chat","id":"c1","webUrl":"https://v0.app/c1"}\n\n'
TITLE = b'data: {"object":"chat.title","delta":"Shop"}\n\n'
CHUNK = (
    b'data: {"object":"message.experimental_content.chunk","id":"m1",'
    b'"delta":[[0,1,"Hello"],9,9]}\n\n'
)
NEW = b'data: {"object":"chat.mood","mood":"calm"}\n\n'
DONE = b"data: [DONE]\n\n"


def streamed(*pieces: bytes, failure: Exception | None = None) -> http.Response:
    headers = {"content-type": "text/event-stream"}
    return http.Response(200, headers=headers, stream=Body(list(pieces), failure))


def create(client: Any) -> Any:
    return client.v1.chats.create_stream(message="A shop")


@on_both_clients
def test_events_arrive_in_order_and_unknown_ones_are_kept(kind: str) -> None:
    script = Script(streamed(CHAT, TITLE[:9], TITLE[9:], CHUNK, NEW, CHAT + DONE))
    events = ask(kind, script, create)
    assert [event.object for event in events] == [
        "chat",
        "chat.title",
        "message.experimental_content.chunk",
        "chat.mood",
        "chat",
    ]
    assert events[0].model_extra == {"webUrl": "https://v0.app/c1"}
    assert events[1].delta == "Shop"
    assert events[2].delta == [[0, 1, "Hello"], 9, 9]
    assert events[3].model_extra == {"mood": "calm"}
    assert script.requests[0].headers["accept"] == "text/event-stream"


@on_both_clients
@pytest.mark.parametrize(
    ("event", "message", "code"),
    [
        (
            b'data: {"object":"error","message":"Out of credits","code":"credits"}\n\n',
            "Out of credits",
            "credits",
        ),
        (b'data: {"type":"error","message":"Out of credits"}\n\n', "Out of credits", ""),
        (b'data: {"error":{"message":"Out of credits","type":"x"}}\n\n', "Out of credits", "x"),
        (b'data: {"error":"Out of credits"}\n\n', "Out of credits", ""),
        (b'data: {"object":"error"}\n\n', "v0 reported an error without a reason", ""),
    ],
)
def test_an_error_in_the_stream_is_raised(kind: str, event: bytes, message: str, code: str) -> None:
    with pytest.raises(errors.StreamFailed) as caught:
        ask(kind, Script(streamed(CHAT, event)), create)
    assert (caught.value.message, caught.value.code) == (message, code)
    assert caught.value.operation == "v1.chats.create_stream"


@on_both_clients
def test_an_error_of_null_is_none(kind: str) -> None:
    fine = b'data: {"object":"chat","error":null}\n\n'
    [event] = ask(kind, Script(streamed(fine, DONE)), create)
    assert event.object == "chat"


@on_both_clients
@pytest.mark.parametrize(
    "pieces",
    [[], [DONE], [b": ping\n\n"], [b"<html>not found</html>"], [b'data: {"type":"connected"}\n\n']],
)
def test_a_stream_without_any_event_is_an_error(kind: str, pieces: list[bytes]) -> None:
    with pytest.raises(errors.StreamFailed, match="before any event"):
        ask(kind, Script(streamed(*pieces)), create)


@on_both_clients
@pytest.mark.parametrize(
    "broken", [b"data: nonsense\n\n", b"data: 3\n\n", b'data: {"object": 3}\n\n']
)
def test_an_event_that_cannot_be_read_is_an_error(kind: str, broken: bytes) -> None:
    with pytest.raises(errors.InvalidAnswer, match="event"):
        ask(kind, Script(streamed(CHAT, broken)), create)


def test_what_came_before_an_event_that_is_not_json_is_told() -> None:
    answer = streamed(CHAT + TITLE + b"data: nonsense\n\n" + CHUNK)
    with (
        V0("key", transport=http.MockTransport(Script(answer))) as client,
        create(client) as events,
    ):
        assert [next(events).object, next(events).object] == ["chat", "chat.title"]
        with pytest.raises(errors.InvalidAnswer, match="not JSON"):
            next(events)
        assert events.state.title == "Shop"


@on_both_clients
def test_a_stream_that_is_cut_off_says_so(kind: str) -> None:
    cut = streamed(CHAT, failure=http.ReadError("connection reset"))
    with pytest.raises(errors.ConnectionFailed, match="connection reset") as caught:
        ask(kind, Script(cut), create)
    assert caught.value.__context__ is None


def test_leaving_a_stream_early_closes_it() -> None:
    body = Body([CHAT, TITLE, CHUNK])
    transport = http.MockTransport(Script(http.Response(200, stream=body)))
    with V0("key", transport=transport) as client, create(client) as events:
        assert next(events).object == "chat"
        assert next(events).delta == "Shop"
        assert not body.closed
        events.close()
        assert body.closed


def test_leaving_an_asyncio_stream_early_closes_it() -> None:
    body = Body([CHAT, TITLE, CHUNK])
    transport = http.MockTransport(Script(http.Response(200, stream=body)))

    async def look_at_one() -> None:
        async with AsyncV0("key", transport=transport) as client, create(client) as events:
            async for _ in events:
                break

    asyncio.run(look_at_one())
    assert body.closed


@pytest.mark.parametrize(("pieces", "complete"), [([CHAT, DONE], True), ([CHAT], False)])
def test_a_stream_tells_whether_its_end_mark_came(pieces: list[bytes], complete: bool) -> None:
    transport = http.MockTransport(Script(streamed(*pieces)))
    with V0("key", transport=transport) as client, create(client) as events:
        assert len(list(events)) == 1
        assert events.complete is complete


def test_a_stream_is_read_inside_its_block_only() -> None:
    script = Script(streamed(CHAT))
    with (
        V0("key", transport=http.MockTransport(script)) as client,
        pytest.raises(errors.InvalidRequest, match="with"),
    ):
        next(create(client))
    assert script.requests == []


def test_a_stream_tells_after_each_event_what_is_written_so_far() -> None:
    begin = CHUNK.replace(b'[[0,1,"Hello"],9,9]', b'[[[0,"Hi"]]]')
    more = CHUNK.replace(b"Hello", b" you")
    answer = streamed(CHAT + TITLE + begin + more + DONE)
    with (
        V0("key", transport=http.MockTransport(Script(answer))) as client,
        create(client) as events,
    ):
        contents = [copy.deepcopy(events.state.content) for _ in events]
        assert contents == [[], [], [[0, "Hi"]], [[0, "Hi you"]]]
        assert (events.state.title, events.state.message_id) == ("Shop", "m1")
        assert events.state.chat["webUrl"] == "https://v0.app/c1"
        assert events.state.in_step


@on_both_clients
def test_a_stream_that_was_joined_late_goes_on_and_says_that_it_is_out_of_step(kind: str) -> None:
    events = ask(kind, Script(streamed(CHUNK, CHAT, DONE)), create)
    assert [event.object for event in events] == ["message.experimental_content.chunk", "chat"]
    written = Written()
    for event in events:
        written.add(event.model_dump())
    assert not written.in_step
    assert written.content == []
    written.add({"object": "message.experimental_content.chunk", "delta": [[[0, "All"]]]})
    assert written.in_step
    assert written.content == [[0, "All"]]


def test_a_second_message_in_a_stream_begins_with_nothing() -> None:
    written = Written()
    for message_id in ("m1", "m2"):
        chunk = "message.experimental_content.chunk"
        written.add({"object": chunk, "id": message_id, "delta": {"_t": "a", "0": [message_id]}})
    assert written.content == ["m2"]
