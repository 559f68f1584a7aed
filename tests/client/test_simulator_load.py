"""Many chats in the simulator take little memory, listed and read."""

from __future__ import annotations

import gc
import tracemalloc

from tests.client.simulated import client, simulator
from v0client.simulator.store import MOST_WRITTEN

CHATS, BYTES_PER_MESSAGE = 1_000, 1_000


def test_a_message_of_many_chats_takes_less_than_a_kilobyte() -> None:
    client(simulator("big:60")).get("/chats")
    gc.collect()
    tracemalloc.start()
    try:
        sim = simulator(f"big:{CHATS}")
        http = client(sim)
        for offset in range(0, CHATS, 60):
            http.get("/chats", params={"offset": offset})
        sim.requests.clear()
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(sim.store.messages) == 4 * CHATS
    assert taken / len(sim.store.messages) < BYTES_PER_MESSAGE


def test_one_of_many_chats_is_read_and_changed_like_any_other() -> None:
    http = client(simulator("big:130"))
    listed = [
        chat["id"]
        for offset in (0, 60, 120)
        for chat in http.get("/chats", params={"offset": offset}).json()["data"]
    ]
    assert len(set(listed)) == 130
    chat = f"/chats/{listed[-1]}"
    detail = http.get(chat).json()
    messages = http.get(f"{chat}/messages").json()["data"]
    versions = http.get(f"{chat}/versions").json()["data"]
    assert [message["id"] for message in reversed(messages)] == [
        message["id"] for message in detail["messages"]
    ]
    assert [message["role"] for message in messages] == ["assistant", "user"] * 2
    assert all(message["content"] for message in messages)
    assert [version["status"] for version in versions] == ["completed"] * 2
    latest = http.get(f"{chat}/versions/{versions[0]['id']}").json()
    assert latest["files"] == detail["latestVersion"]["files"] != []
    http.post(f"{chat}/messages", json={"message": "Add prices"})
    assert len(http.get(chat).json()["messages"]) == 6
    assert http.get("/chats", params={"limit": 1}).json()["data"][0]["id"] == listed[-1]


def test_only_the_latest_long_answers_are_kept() -> None:
    sim = simulator("big:60")
    http, chats = client(sim), list(sim.store.chats.values())
    for chat in chats:
        assert http.get(f"/chats/{chat.id}").content == http.get(f"/chats/{chat.id}").content
    assert all(chat.written for chat in chats)
    for _ in range(MOST_WRITTEN):
        sim.store.keep(chats[0], "page", b"")
    assert [bool(chat.written) for chat in chats] == [True] + [False] * 59
