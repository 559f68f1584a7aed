"""Lists of both generations, read from the simulator while rows come and go between requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.simulated import OWNER, simulator
from v0client import V0
from v0client.simulator import Simulator

FILES = [{"name": "notes.md", "content": "Notes"}]


@dataclass
class Rows:
    """A list: how a client reads it with a page size, how a row is added and, where rows can go
    or move, how one is removed or changed."""

    read: Callable[[V0, int], Any]
    add: Callable[[], object]
    remove: Callable[[str], object] | None = None
    change: Callable[[str], object] | None = None

    def ids(self, client: V0, limit: int = 60) -> list[str]:
        return [getattr(row, "id", "") or row.event_id for row in self.read(client, limit)]


def v1_chats(client: V0) -> Rows:
    return Rows(
        lambda client, limit: client.v1.chats.find(limit=limit),
        lambda: client.v1.chats.init(type="files", files=FILES),
        client.v1.chats.delete,
        lambda id: client.v1.chats.update(id, name="Changed"),
    )


def v1_messages(client: V0) -> Rows:
    chat = client.v1.chats.init(type="files", files=FILES)
    return Rows(
        lambda client, limit: client.v1.chats.find_messages(chat.id, limit=limit),
        lambda: client.v1.chats.restore(chat.id, chat.latest_version.id),
    )


def v1_versions(client: V0) -> Rows:
    chat = client.v1.chats.init(type="files", files=FILES)
    return Rows(
        lambda client, limit: client.v1.chats.find_versions(chat.id, limit=limit),
        lambda: client.v1.chats.restore(chat.id, chat.latest_version.id),
    )


def v1_usage(client: V0) -> Rows:
    return Rows(
        lambda client, limit: client.v1.reports.get_usage(limit=limit),
        lambda: client.v1.chats.create(message="A shop"),
    )


def v1_ai_usage(client: V0) -> Rows:
    return Rows(
        lambda client, limit: client.v1.reports.get_ai_usage(limit=limit),
        lambda: client.v1.chats.create(message="A shop"),
    )


def v2_chats(client: V0) -> Rows:
    return Rows(
        lambda client, limit: client.v2.chats.list(limit=limit),
        lambda: client.v2.chats.create_from_files(files=FILES),
        client.v2.chats.delete,
    )


def v2_messages(client: V0) -> Rows:
    chat = client.v2.chats.create(message="A shop").chat
    edits = [{"path": "notes.md", "content": "Notes"}]
    return Rows(
        lambda client, limit: client.v2.messages.list(chat.id, limit=limit),
        lambda: client.v2.chats.update_files(chat.id, files=edits),
    )


def v2_usage(client: V0) -> Rows:
    return Rows(
        lambda client, limit: client.v2.usage.list_events(limit=limit),
        lambda: client.v2.chats.create(message="A shop"),
    )


class Restless:
    """A transport to a simulator in which something happens after every answer."""

    def __init__(self, simulator: Simulator, happen: Callable[[], object]) -> None:
        self.transport, self.happen = simulator.transport(), happen

    def handle_request(self, request: Any) -> Any:
        response = self.transport.handle_request(request)
        response.read()
        self.happen()
        return response

    def close(self) -> None:
        self.transport.close()


LISTS = [v1_chats, v1_messages, v1_versions, v1_usage, v1_ai_usage]
LISTS += [v2_chats, v2_messages, v2_usage]
STEPS = st.tuples(st.sampled_from(["add", "remove", "change", "nothing"]), st.integers(0, 99))


@pytest.mark.parametrize("prepare", LISTS)
@settings(max_examples=40)
@given(
    size=st.integers(0, 9),
    limit=st.integers(1, 4),
    steps=st.lists(STEPS, max_size=12),
    seconds=st.sampled_from([0.0, 0.001, 60.0]),
)
def test_what_is_in_a_list_throughout_is_given_once(
    prepare: Callable[[V0], Rows],
    size: int,
    limit: int,
    steps: list[tuple[str, int]],
    seconds: float,
) -> None:
    sim = simulator()
    remaining = iter(steps)
    with V0(OWNER, transport=sim.transport()) as client:
        rows = prepare(client)

        def happen() -> None:
            step, place = next(remaining, ("nothing", 0))
            sim.clock.advance(seconds)
            act = {"remove": rows.remove, "change": rows.change}.get(step)
            if step == "add":
                rows.add()
            elif act and (ids := rows.ids(client)):
                act(ids[place % len(ids)])

        for _ in range(size):
            rows.add()
        before = rows.ids(client)
        with V0(OWNER, transport=Restless(sim, happen)) as reader:
            found = rows.ids(reader, limit)
        assert len(found) == len(set(found))
        assert set(before) & set(rows.ids(client)) <= set(found)
