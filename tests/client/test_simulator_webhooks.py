"""What the simulator delivers to webhooks, to whom, when, and what can go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.loopback import Receiver, receiving, serving
from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, OWNER, client, new_chat, simulator
from tests.client.test_simulator_process import connect, process
from tests.demo import until
from v0client import webhooks
from v0client.simulator import Simulator


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def hook(
    sim: Simulator,
    url: str,
    *,
    key: str = OWNER,
    generation: str = "v1",
    events: tuple[str, ...] = webhooks.EVENTS,
    chat_id: str | None = None,
) -> str:
    body = {"name": "Ours", "events": list(events), "url": url}
    body |= {} if chat_id is None else {"chatId": chat_id}
    answer = client(sim, key, generation).post("/hooks", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def begin(sim: Simulator, generation: str, key: str = OWNER, **body: Any) -> str:
    """A chat whose first answer is being written."""
    http = client(sim, key, generation)
    if generation == "v2":
        return str(http.post("/chats/async", json={"message": "A shop", **body}).json()["chatId"])
    return str(new_chat(http, responseMode="async", **body)["id"])


both_generations = pytest.mark.parametrize("generation", ["v1", "v2"])


@both_generations
def test_the_life_of_a_chat_is_told_in_order(generation: str, receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, generation=generation)
    chat_id = begin(sim, generation)
    assert receiver.names(sim) == ["chat.created", "message.created", "message.created"]
    sim.clock.advance(60)
    assert receiver.names(sim)[3:] == ["chat.updated", "message.updated", "message.finished"]
    client(sim, generation=generation).delete(f"/chats/{chat_id}")
    assert receiver.names(sim)[6:] == ["message.deleted", "message.deleted", "chat.deleted"]
    assert {event["chatId"] for event in receiver.events()} == {chat_id}


def test_an_event_says_what_happened_when_and_to_what(receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=("message.finished",))
    chat = new_chat(client(sim))
    (told,) = receiver.events(sim)
    reply = chat["messages"][1]
    assert told == {
        "id": told["id"],
        "object": "hook_event",
        "event": "message.finished",
        "createdAt": reply["updatedAt"],
        "chatId": chat["id"],
        "messageId": reply["id"],
    }
    read = webhooks.parse(receiver.bodies[0])
    assert (read.event, read.chat_id, read.message_id) == (
        ("message.finished", chat["id"], reply["id"])
    )


@both_generations
def test_hooks_of_both_generations_hear_of_chats_of_both(
    generation: str, receiver: Receiver
) -> None:
    sim = simulator()
    hook(sim, receiver.address, generation=generation, events=("chat.created",))
    chats = [begin(sim, "v1"), begin(sim, "v2")]
    assert [event["chatId"] for event in receiver.events(sim)] == chats


@both_generations
def test_a_stopped_answer_is_finished(generation: str, receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=("message.finished",))
    chat_id = begin(sim, generation)
    (_, reply) = sim.store.chats[chat_id].messages
    client(sim, generation=generation).post(f"/chats/{chat_id}/messages/{reply.id}/stop")
    assert [event["messageId"] for event in receiver.events(sim)] == [reply.id]
    sim.clock.advance(60)
    assert len(receiver.events(sim)) == 1


def test_a_question_is_updated_when_the_chat_goes_on(receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=("message.updated",))
    http = client(sim)
    asked = new_chat(http, "Build a shop, but ask me first")
    http.post(f"/chats/{asked['id']}/messages", json={"message": "Whatever"})
    question, answer = (sim.store.chats[asked["id"]].messages[place].id for place in (1, 3))
    updated = [event["messageId"] for event in receiver.events(sim)]
    assert updated == [question, question, answer]


def test_a_hook_hears_only_of_its_chat_and_its_events(receiver: Receiver) -> None:
    sim = simulator()
    one, other = begin(sim, "v1"), begin(sim, "v1")
    hook(sim, receiver.address, events=("chat.updated", "chat.deleted"), chat_id=one)
    http = client(sim)
    for chat_id in (other, one):
        http.patch(f"/chats/{chat_id}", json={"name": "New"})
    http.post("/chats", json={"message": "Another"})
    sim.clock.advance(60)
    told = [(event["event"], event["chatId"]) for event in receiver.events(sim)]
    assert told == [("chat.updated", one)] * 2


def test_a_hook_hears_only_of_chats_that_its_owner_sees(receiver: Receiver) -> None:
    sim = simulator()
    for key in (ADMIN, OUTSIDER):
        hook(sim, receiver.address, key=key, events=("chat.created",))
    new_chat(client(sim, MEMBER))
    shared = new_chat(client(sim, MEMBER), chatPrivacy="team")["id"]
    assert [event["chatId"] for event in receiver.events(sim)] == [shared]


def test_a_changed_hook_hears_elsewhere_and_a_deleted_one_nothing(receiver: Receiver) -> None:
    sim = simulator()
    http, hook_id = client(sim), hook(sim, "http://127.0.0.1:9/", events=("chat.created",))
    http.patch(f"/hooks/{hook_id}", json={"url": receiver.address})
    new_chat(http)
    assert receiver.names(sim) == ["chat.created"]
    http.delete(f"/hooks/{hook_id}")
    new_chat(http)
    assert receiver.names(sim) == ["chat.created"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/nobody",
        "http://name.invalid/",
        "http://[",
        "http://a b/",
        "https://127.0.0.1:9",
        "ftp://127.0.0.1/",
        "mailto:owner@example.com",
    ],
)
def test_a_receiver_that_cannot_be_reached_changes_nothing(url: str) -> None:
    sim = simulator()
    hook(sim, url, events=("chat.created",))
    assert new_chat(client(sim))["latestVersion"]["status"] == "completed"
    sim.outbox.flush()
    (delivery,) = client(sim).get(f"{sim.base_url}/_sim/deliveries").json()["deliveries"]
    assert (delivery["url"], delivery["event"], delivery["status"]) == (url, "chat.created", None)
    assert delivery["error"]


def test_a_refused_delivery_is_not_repeated() -> None:
    sim = simulator()
    with receiving(status=500) as refusing:
        hook(sim, refusing.address, events=("chat.created",))
        new_chat(client(sim))
        assert refusing.names(sim) == ["chat.created"]
    (delivery,) = sim.outbox.deliveries
    assert (delivery.status, delivery.error) == (500, "")


def test_a_slow_receiver_holds_nobody_up(receiver: Receiver) -> None:
    sim = simulator()
    http = client(sim)

    def call_back(path: str, body: bytes) -> tuple[int, bytes]:
        answers.append(http.get("/chats").status_code)
        return 200, b""

    answers: list[int] = []
    with serving(call_back) as curious:
        hook(sim, curious, events=("chat.created",))
        hook(sim, receiver.address, events=("chat.created",))
        new_chat(http)
        assert receiver.names(sim) == ["chat.created"]
    assert answers == [200]


RUN = ["message.created", "message.created", "message.finished"]
OF_MESSAGES = ("message.created", "message.finished")
Faults = Callable[[Any], object]


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda faults: faults.add(lost=True, times=2), RUN[2:]),
        (lambda faults: faults.add("message.finished", lost=True, times=None), RUN[:2]),
        (lambda faults: faults.add("message.finished", twice=True), [*RUN, RUN[2]]),
        (lambda faults: faults.add("message.*", hook_id="another", lost=True), RUN),
    ],
    ids=["a hook lost in mid-run", "finished never sent", "delivered twice", "another hook's"],
)
def test_hooks_fail_on_demand(break_it: Faults, told: list[str], receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=OF_MESSAGES)
    break_it(sim.outbox.faults)
    new_chat(client(sim))
    sim.clock.advance(600)
    assert receiver.names(sim) == told
    events = {(event["id"], event["event"], event["messageId"]) for event in receiver.events()}
    assert len(events) == len({id_ for id_, _, _ in events}) == min(len(told), len(RUN))


def test_an_event_can_come_after_the_next_one(receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=("message.updated", "message.finished"))
    sim.outbox.faults.add("message.updated", overtaken=True)
    new_chat(client(sim))
    assert receiver.names(sim) == ["message.finished", "message.updated"]
    sim.outbox.faults.add("message.finished", overtaken=True)
    new_chat(client(sim))
    assert receiver.names(sim)[2:] == ["message.updated"]
    sim.clock.advance(60)
    assert receiver.names(sim)[3:] == ["message.finished"]


def test_an_event_can_come_late(receiver: Receiver) -> None:
    sim = simulator()
    hook(sim, receiver.address, events=("chat.created",))
    fault = {"event": "chat.created", "delay": 90}
    client(sim).post(f"{sim.base_url}/_sim/hook-faults", json=fault)
    chat = begin(sim, "v1")
    sim.clock.advance(89)
    assert receiver.events(sim) == []
    sim.clock.advance(1)
    assert [event["chatId"] for event in receiver.events(sim)] == [chat]


def test_nothing_is_delivered_again_from_the_journal(receiver: Receiver, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    sim = simulator(journal=journal)
    hook(sim, receiver.address, events=("chat.created", "message.finished"))
    new_chat(client(sim))
    before = receiver.events(sim)
    again = simulator(journal=journal, now=sim.moment())
    again.clock.advance(600)
    assert receiver.events(again) == before
    begin(again, "v2")
    assert len(receiver.events(again)) == len(before) + 1
    assert len({event["id"] for event in receiver.events()}) == len(before) + 1
    again.reset()
    new_chat(client(again))
    assert len(receiver.events(again)) == len(before) + 1


def test_the_process_tells_of_ended_answers_although_nobody_asks(receiver: Receiver) -> None:
    with process("--seed", "empty", "--speed", "50") as (_, address), connect(address) as http:
        body = {"name": "Ours", "events": ["message.finished"], "url": receiver.address}
        assert http.post("/hooks", json=body).status_code == 200
        chat = new_chat(http, responseMode="async")
        until(lambda: receiver.bodies)
        (told,) = receiver.events()
        assert told["messageId"] == chat["messages"][1]["id"]
