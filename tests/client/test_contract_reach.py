"""Whose exchanges are compared with v0's contract: those of every simulator, wherever it runs."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from tests import contract
from tests.client.simulated import OWNER, client, simulator
from tests.serving import process, served
from v0client import AsyncV0
from v0client.http import httpx
from v0client.simulator import Exchange, Simulator, server

HEADERS = {"authorization": f"Bearer {OWNER}", "user-agent": "v0client/test"}
STREAM = {"message": "A shop", "responseMode": "experimental_stream"}
needs_contract = pytest.mark.skipif(not contract.available(), reason=contract.MISSING)


def ask_wrongly(address: str, **options: Any) -> None:
    """Our client never would; the simulator takes no offence."""
    with httpx.Client(headers=HEADERS, **options) as http:
        assert http.get(f"{address}/v1/user?surprise=1").status_code == 200


def what_was_found() -> str:
    [found] = contract.taken()
    return found


@needs_contract
def test_a_simulator_in_this_process_is_listened_to() -> None:
    sim = Simulator()
    ask_wrongly(sim.base_url, transport=sim.transport())
    assert "surprise" in what_was_found()


@needs_contract
def test_a_simulator_with_a_listener_of_its_own_is_listened_to_as_well() -> None:
    told: list[Exchange] = []
    sim = Simulator(on_exchange=told.append)
    ask_wrongly(sim.base_url, transport=sim.transport())
    assert [exchange.request.query_string for exchange in told] == ["surprise=1"]
    assert "surprise" in what_was_found()


@needs_contract
def test_a_simulator_on_another_thread_is_listened_to() -> None:
    with served() as sim:
        ask_wrongly(sim.base_url)
    assert "surprise" in what_was_found()


@needs_contract
def test_a_simulator_in_another_process_is_listened_to() -> None:
    with process("--seed", "empty") as (_, address):
        ask_wrongly(address)
        ask_wrongly(address)
    assert len(contract.taken()) == 2
    assert contract.taken() == []


def test_a_listener_can_be_named_on_the_command_line() -> None:
    options = server.arguments(["--on-exchange", "tests.contract:write_down"])
    assert options.on_exchange is contract.write_down


@pytest.mark.parametrize("name", ["no_such_module:function", "tests.contract:nothing", "a b"])
def test_a_listener_that_does_not_exist_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        server.arguments(["--on-exchange", name])
    assert f"{name} cannot be loaded" in capsys.readouterr().err
    assert "no_such_module" not in sys.modules


def test_a_stream_is_told_when_it_has_ended_with_all_that_was_sent() -> None:
    sim = simulator()
    told: list[Exchange] = []
    sim.on_exchange = told.append
    with client(sim).stream("POST", "/chats", json=STREAM) as answer:
        pieces = answer.iter_raw()
        received = next(pieces)
        assert told == []
        received += b"".join(pieces)
    assert [exchange.body for exchange in told] == [received]


def test_a_stream_that_its_client_leaves_is_told_at_once() -> None:
    sim = simulator()
    told: list[Exchange] = []
    sim.on_exchange = told.append
    with client(sim).stream("POST", "/chats", json=STREAM) as answer:
        received = next(answer.iter_raw())
    assert [exchange.body for exchange in told] == [received]


def test_a_stream_that_an_asyncio_client_leaves_is_told_at_once() -> None:
    sim = simulator()
    told: list[Exchange] = []
    sim.on_exchange = told.append

    async def leave() -> None:
        async with AsyncV0(OWNER, transport=sim.transport(), base_url=sim.base_url) as v0:
            async with v0.v1.chats.create_stream(message="A shop") as events:
                await anext(aiter(events))
            assert len(told) == 1

    asyncio.run(leave())
    assert told[0].body.startswith(b'data: {"id"')


def test_an_answer_that_takes_time_is_told_when_it_is_there() -> None:
    sim = simulator()
    told: list[Exchange] = []
    sim.on_exchange = told.append
    answer = client(sim).post("/chats", json={"message": "A shop"})
    assert [(one.status, one.body) for one in told] == [(200, answer.content)]
    sim.faults.add("/v1/user", status=500)
    client(sim).get("/user")
    assert (told[1].faulted, told[1].template) == (True, "")
