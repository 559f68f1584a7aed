"""v2's streams on both clients: typed events, what they add up to, and how their end is known."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any

import pytest

from tests.client import v2_samples as samples
from tests.client.backend import Body, Script, ask, on_both_clients
from v0client import V0, AsyncV0, errors, http, open_tasks
from v0client.v2 import events, parts
from v0client.v2.chats import Chat
from v0client.v2.events import Written
from v0client.v2.messages import Message

CHAT = samples.event("chat", **samples.chat())
CLOSING = samples.event("chat", **samples.chat(title="Shop"))
TITLE = samples.event("chat.title", id="c1", delta="Shop")
USAGE = samples.event("message.usage", id="m1", usage=samples.USAGE)
BEGUN = samples.message(parts=[], content="", finishReason=None)
OPENING = samples.event("message", **BEGUN)
FINISHED = samples.event("message", **samples.message())
TEXT = {"type": "text", "text": "Hello"}


def chunk(delta: Any, message_id: str = "m1") -> dict[str, Any]:
    return samples.event("message.parts.chunk", id=message_id, delta=delta)


FIRST = chunk({"_t": "a", "0": [TEXT]})
MORE = chunk([[0, "text", " you"], 9, 9])
NEW_CHAT = [CHAT, FIRST, TITLE, MORE, USAGE, CLOSING]
ANSWER = [OPENING, FIRST, MORE, USAGE, FINISHED]


def streamed(told: list[Any], failure: Exception | None = None) -> http.Response:
    """A stream in pieces that are cut in the middle of events."""
    text = b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in told)
    pieces = [text[start : start + 100] for start in range(0, len(text), 100)]
    headers = {"content-type": "text/event-stream"}
    return http.Response(200, headers=headers, stream=Body(pieces, failure))


def create(client: Any) -> Any:
    return client.v2.chats.create_stream(message="A shop")


def send(client: Any) -> Any:
    return client.v2.messages.send_stream("c1", message="Bluer")


def resume(client: Any) -> Any:
    return client.v2.chats.resume("c1")


def listened(kind: str, call: Any, told: list[Any]) -> tuple[bool, Written]:
    """Whether a stream was complete, and what it told, after all of it was read."""
    transport = http.MockTransport(Script(streamed(told)))

    async def listen() -> tuple[bool, Written]:
        async with AsyncV0("key", transport=transport) as client, call(client) as stream:
            async for _ in stream:
                pass
            return stream.complete, stream.state

    if kind == "asyncio":
        return asyncio.run(listen())
    with V0("key", transport=transport) as client, call(client) as stream:
        for _ in stream:
            pass
        return stream.complete, stream.state


def written(*told: Any) -> Written:
    state = Written()
    for event in told:
        state.add(event)
    return state


@on_both_clients
def test_events_have_their_types_and_unknown_ones_are_kept(kind: str) -> None:
    strange = [samples.event("chat.mood", mood="calm"), samples.event("chat.title", id="c1")]
    found = ask(kind, Script(streamed([*NEW_CHAT, OPENING, *strange])), create)
    assert [type(event) for event in found] == [
        events.ChatEvent,
        events.PartsEvent,
        events.TitleEvent,
        events.PartsEvent,
        events.UsageEvent,
        events.ChatEvent,
        events.MessageEvent,
        events.OtherEvent,
        events.OtherEvent,
    ]
    assert (found[0].id, found[2].delta, found[4].usage.tokens.total) == ("c1", "Shop", 1120)
    assert [event.object for event in found[-2:]] == ["chat.mood", "chat.title"]
    assert found[-2].model_extra == {"mood": "calm"}


@on_both_clients
def test_an_error_in_the_stream_is_raised(kind: str) -> None:
    failure = samples.event("error", id="m1", message="Out of credits", code="credits")
    with pytest.raises(errors.StreamFailed) as caught:
        ask(kind, Script(streamed([CHAT, failure])), create)
    assert (caught.value.message, caught.value.code) == ("Out of credits", "credits")
    assert caught.value.operation == "v2.chats.create_stream"


@on_both_clients
def test_a_stream_without_any_event_is_an_error(kind: str) -> None:
    with pytest.raises(errors.StreamFailed, match="before any event"):
        ask(kind, Script(streamed([])), send)


@on_both_clients
@pytest.mark.parametrize("call", [create, send, resume])
def test_a_lost_connection_is_an_error(kind: str, call: Any) -> None:
    cut = streamed(ANSWER[:2], failure=http.ReadError("connection reset"))
    with pytest.raises(errors.ConnectionFailed, match="connection reset"):
        ask(kind, Script(cut), call)


def test_a_stream_tells_after_each_event_what_is_written_so_far() -> None:
    transport = http.MockTransport(Script(streamed(NEW_CHAT)))
    with V0("key", transport=transport) as client, create(client) as stream:
        seen = [(stream.state.title, copy.deepcopy(stream.state.raw_parts)) for _ in stream]
    hello, whole = [TEXT], [{"type": "text", "text": "Hello you"}]
    assert seen == [
        (None, []),
        (None, hello),
        ("Shop", hello),
        ("Shop", whole),
        ("Shop", whole),
        ("Shop", whole),
    ]


@on_both_clients
def test_a_new_chats_stream_adds_up_to_the_chat_and_its_parts(kind: str) -> None:
    complete, state = listened(kind, create, NEW_CHAT)
    assert complete
    assert state.finished
    assert type(state.chat) is Chat
    assert (state.chat.id, state.chat.title, state.title) == ("c1", "Shop", "Shop")
    assert (state.message, state.message_id) == (None, "m1")
    (part,) = state.parts
    assert isinstance(part, parts.TextPart)
    assert part.text == "Hello you"
    assert state.usage is not None
    assert state.usage.tokens.total == 1120


@on_both_clients
def test_an_answers_stream_adds_up_to_the_message(kind: str) -> None:
    complete, state = listened(kind, send, ANSWER[:-1])
    assert not complete
    assert type(state.message) is Message
    assert [part.type for part in state.message.parts] == ["text"]
    assert state.message.usage == state.usage
    assert not state.message.finished
    complete, state = listened(kind, send, ANSWER)
    assert complete
    assert state.message is not None
    assert (state.message.content, state.message.finish_reason) == ("Done.", "stop")
    assert state.chat is None


@on_both_clients
@pytest.mark.parametrize("count", range(1, len(NEW_CHAT)))
def test_a_new_chats_stream_that_ends_early_is_known_to_be_cut(kind: str, count: int) -> None:
    complete, _ = listened(kind, create, NEW_CHAT[:count])
    assert not complete


@on_both_clients
@pytest.mark.parametrize("count", range(1, len(ANSWER)))
def test_an_answers_stream_that_ends_early_is_known_to_be_cut(kind: str, count: int) -> None:
    complete, _ = listened(kind, send, ANSWER[:count])
    assert not complete


@on_both_clients
def test_a_chat_in_which_nothing_is_written_resumes_with_its_closing_snapshot(kind: str) -> None:
    complete, state = listened(kind, resume, [CLOSING])
    assert complete
    assert state.chat is not None
    assert (state.chat.title, state.parts) == ("Shop", [])


@on_both_clients
@pytest.mark.parametrize(
    ("told", "whole"),
    [
        ([CHAT, FIRST, MORE], False),
        ([CHAT, FIRST, MORE, CLOSING], True),
        ([FIRST, CLOSING], True),
        ([OPENING, FIRST], False),
        ([OPENING, FIRST, FINISHED], True),
    ],
)
def test_a_resumed_stream_goes_on_to_the_end(kind: str, told: list[Any], whole: bool) -> None:
    complete, state = listened(kind, resume, told)
    assert complete is whole
    assert [part.type for part in state.parts] == ["text"]


@pytest.mark.parametrize(
    "wrong",
    [
        [[3, "text", "!"], 9, 9],
        [[0, "!"], 9, 9],
        {"_t": "a", "4": {"text": ["a", "b"]}},
        {"_t": "a", "0": {"text": {"deep": ["a", "b"]}}},
        ["whole", {}],
        "nonsense",
    ],
)
def test_a_change_that_does_not_fit_leaves_the_parts_until_they_come_whole(wrong: Any) -> None:
    state = written(FIRST, chunk(wrong), MORE)
    assert not state.in_step
    assert state.raw_parts == [TEXT]
    state.add(chunk([[TEXT, TEXT]]))
    assert state.in_step
    assert state.raw_parts == [TEXT, TEXT]
    state = written(FIRST, chunk(wrong), OPENING, FIRST, MORE)
    assert state.in_step
    assert state.raw_parts == [{"type": "text", "text": "Hello you"}]


def test_an_event_without_a_change_changes_nothing() -> None:
    state = written(FIRST, chunk(None))
    assert state.in_step
    assert state.raw_parts == [TEXT]


def test_a_second_message_in_a_stream_begins_with_nothing() -> None:
    state = written(OPENING, FIRST, USAGE, chunk({"_t": "a", "0": [{"type": "thinking"}]}, "m2"))
    assert (state.message_id, state.message, state.usage) == ("m2", None, None)
    assert state.raw_parts == [{"type": "thinking"}]
    assert isinstance(state.parts[0], parts.OtherPart)


def test_events_that_are_not_as_declared_leave_what_was_told() -> None:
    state = written(FIRST, 3, {"object": "chat.title"}, {"object": "message", "id": "m1"}, {})
    state.add({"object": "message.usage", "id": "m1", "usage": {"tokens": "many"}})
    state.add({"object": "chat", "id": 3})
    assert (state.title, state.message, state.usage, state.chat) == (None, None, None, None)
    assert state.raw_parts == [TEXT]


def test_a_stream_tells_what_the_agent_waits_for() -> None:
    plan = {"plan": "# Plan", "path": "plan.md"}
    asks = {"type": "agent-action", "name": "exit_plan_mode", "summary": "Plans", "data": plan}
    state = written(FIRST)
    assert state.open_task is None
    state.add(chunk({"_t": "a", "1": [asks]}))
    assert isinstance(state.open_task, open_tasks.Plan)
