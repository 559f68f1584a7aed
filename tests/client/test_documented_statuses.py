"""Each error status that v0 documents, brought about in the simulator by our clients."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests import contract, contract_schemas
from tests.client.backend import KEY, ask, on_both_clients
from tests.client.simulated import simulator
from v0client import errors
from v0client.simulator import Simulator
from v0client.simulator.exchange import ERROR_TYPES
from v0client.simulator.v1.flow import DAILY_LIMIT, LARGEST_ATTACHMENT

# Carries out one operation with a member's key.
Do = Callable[[Callable[[Any], Any]], Any]
Provocation = Callable[[Do, Simulator], object]
provocations: dict[tuple[str, int], Provocation] = {}
TOO_LARGE = [{"url": "data:text/plain," + "a" * LARGEST_ATTACHMENT}]


def provokes(generation: str, status: int) -> Callable[[Provocation], Provocation]:
    """Notes what brings the status about, with its last call."""

    def note(provocation: Provocation) -> Provocation:
        provocations[generation, status] = provocation
        return provocation

    return note


@provokes("v1", 401)
def revoked_key(do: Do, sim: Simulator) -> None:
    sim.revoke(KEY)
    do(lambda v0: v0.v1.user.get())


@provokes("v1", 403)
def report_for_owners(do: Do, _: Simulator) -> None:
    do(lambda v0: v0.v1.reports.get_user_activity())


@provokes("v1", 404)
def unknown_chat(do: Do, _: Simulator) -> None:
    do(lambda v0: v0.v1.chats.get_by_id("unknown"))


@provokes("v1", 409)
def message_while_another_is_answered(do: Do, _: Simulator) -> None:
    chat = do(lambda v0: v0.v1.chats.create(message="A shop", response_mode="async"))
    do(lambda v0: v0.v1.chats.send_message(chat.id, message="And a cart"))


@provokes("v1", 413)
def large_attachment(do: Do, _: Simulator) -> None:
    do(lambda v0: v0.v1.chats.create(message="A shop", attachments=TOO_LARGE))


@provokes("v1", 422)
def empty_prompt(do: Do, _: Simulator) -> None:
    do(lambda v0: v0.v1.chats.create(message=""))


@provokes("v1", 429)
def one_prompt_more_than_a_day_allows(do: Do, _: Simulator) -> None:
    for _ in range(DAILY_LIMIT + 1):
        do(lambda v0: v0.v1.chats.create(message="A shop", response_mode="async"))


@provokes("v1", 500)
def prompt_without_credits(do: Do, sim: Simulator) -> None:
    sim.person("member@example.com").broke = True
    do(lambda v0: v0.v1.chats.create(message="A shop"))


@provokes("v2", 401)
def revoked_key_of_v2(do: Do, sim: Simulator) -> None:
    sim.revoke(KEY)
    do(lambda v0: v0.v2.chats.list())


@provokes("v2", 403)
def prompt_without_credits_of_v2(do: Do, sim: Simulator) -> None:
    sim.person("member@example.com").broke = True
    do(lambda v0: v0.v2.chats.create(message="A shop"))


@provokes("v2", 404)
def chat_of_another_generation(do: Do, _: Simulator) -> None:
    chat = do(lambda v0: v0.v1.chats.create(message="A shop"))
    do(lambda v0: v0.v2.chats.get(chat.id))


@provokes("v2", 409)
def answer_to_what_nobody_asked(do: Do, _: Simulator) -> None:
    created = do(lambda v0: v0.v2.chats.create(message="A shop"))
    task = {"type": "plan-exit-response", "status": "approved", "content": "Go on"}
    do(lambda v0: v0.v2.messages.resolve(created.chat.id, task=task))


@provokes("v2", 422)
def no_files(do: Do, _: Simulator) -> None:
    do(lambda v0: v0.v2.chats.create_from_files(files=[]))


@provokes("v2", 429)
def too_many_reports(do: Do, sim: Simulator) -> None:
    sim.faults.add("/v2/usage/summary", status=429)
    do(lambda v0: v0.v2.usage.get_summary())


@provokes("v2", 500)
def failure_of_v0(do: Do, sim: Simulator) -> None:
    sim.faults.add("/v2/chats", status=500)
    do(lambda v0: v0.v2.chats.list())


@on_both_clients
@pytest.mark.parametrize(("generation", "status"), provocations)
def test_a_documented_status_is_raised_as_its_error(
    kind: str, generation: str, status: int
) -> None:
    sim = simulator()
    sim.add_key(KEY, "member@example.com")
    do = functools.partial(ask, kind, sim.transport(), base_url=sim.base_url, max_retries=0)
    with pytest.raises(errors.class_for(status)) as refused:
        provocations[generation, status](do, sim)
    assert refused.value.status == status
    assert refused.value.type == (ERROR_TYPES[status] if generation == "v1" else "")
    assert refused.value.message


@pytest.mark.skipif(not contract.available(), reason=contract.MISSING)
@pytest.mark.parametrize("generation", contract_schemas.FILES)
def test_no_documented_status_is_left_out(generation: str) -> None:
    documented = {
        int(status)
        for operation in contract_schemas.operations(generation)
        for status in operation.declared["responses"]
        if int(status) >= 400
    }
    assert documented == {status for own, status in provocations if own == generation}
