"""Streams of the simulator that break off on demand, or tell what nobody knows, and how our client
goes on."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest

from tests.client.simulated import client, simulator, v0
from v0client import errors
from v0client.http import httpx

both_generations = pytest.mark.parametrize("generation", ["v1", "v2"])


@pytest.mark.parametrize("finished", [False, True])
def test_a_v1_stream_cut_after_some_events_can_be_resumed(finished: bool) -> None:
    sim = simulator()
    sim.faults.add("/v1/chats", method="POST", cut_after_events=4)
    with v0(sim) as client_:
        with client_.v1.chats.create_stream(message="A shop") as cut:
            assert [next(cut).object for _ in range(4)].count("chat") == 1
            with pytest.raises(errors.ConnectionFailed):
                next(cut)
        assert not cut.complete
        reply_id = cut.state.message_id or ""
        if finished:
            sim.clock.advance(60)
        with client_.v1.chats.resume(cut.state.chat["id"], reply_id) as resumed:
            list(resumed)
        assert resumed.complete
        reply = client_.v1.chats.get_message(cut.state.chat["id"], reply_id)
    assert reply.finish_reason == "stop"
    assert resumed.state.content == reply.experimental_content


@pytest.mark.parametrize("finished", [False, True])
def test_a_v2_stream_cut_after_some_events_can_be_resumed(finished: bool) -> None:
    sim = simulator()
    sim.faults.add("/v2/chats/stream", cut_after_events=4)
    with v0(sim) as client_:
        with client_.v2.chats.create_stream(message="A shop") as cut:
            first = [next(cut) for _ in range(4)]
            with pytest.raises(errors.ConnectionFailed):
                next(cut)
        assert not cut.complete
        if finished:
            sim.clock.advance(60)
        with client_.v2.chats.resume(first[0].id) as resumed:
            more = list(resumed)
        assert resumed.complete
        assert [event.object for event in more][:: len(more)] == ["chat"]
        assert (len(more) == 1) == finished
        assert client_.v2.messages.list(first[0].id).first().data[0].finish_reason == "stop"


@both_generations
def test_a_stream_can_be_cut_within_a_character(generation: str) -> None:
    sim = simulator()
    path = "/chats" if generation == "v1" else "/chats/stream"
    sim.faults.add(path, method="POST", cut_in_character=True)
    mode = {"responseMode": "experimental_stream"} if generation == "v1" else {}
    body, received = {"message": "Ein Café für Hunde", **mode}, bytearray()
    http = client(sim, generation=generation)
    with http.stream("POST", path, json=body) as cut:
        pieces = cut.iter_raw()
        with pytest.raises(httpx.RemoteProtocolError):
            deque(map(received.extend, pieces))
    with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
        bytes(received).decode()
    sim.faults.add(path, method="POST", cut_in_character=True)
    with v0(sim) as client_:
        here: Any = client_.v1.chats if generation == "v1" else client_.v2.chats
        with here.create_stream(message="Ein Café für Hunde") as events:
            with pytest.raises(errors.ConnectionFailed):
                list(events)
            assert not events.complete


@both_generations
def test_events_can_be_slipped_into_a_stream(generation: str) -> None:
    sim = simulator()
    path = "/v1/chats" if generation == "v1" else "/v2/chats/stream"
    more = {0: {"object": "early"}, 3: {"object": "dream", "of": "tea"}, 999: {"object": "late"}}
    sim.faults.add(path, method="POST", insert=more)
    with v0(sim) as client_:
        here: Any = client_.v1.chats if generation == "v1" else client_.v2.chats
        with here.create_stream(message="A shop") as events:
            told = list(events)
        with here.create_stream(message="A shop") as usual:
            assert len(list(usual)) == len(told) - 2
    assert [event.object for event in told[:5:4]] == ["early", "dream"]
    assert told[4].model_extra["of"] == "tea"
    assert (events.complete, events.state.in_step) == (True, True)
