"""`map`: something made of every item of a list, several at a time."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.client.backend import KEY
from v0client import V0, AsyncV0, errors, http
from v0client.v1.chats import ChatSummary

COUNT = 70


def answer(request: http.Request) -> http.Response:
    """An offset list of COUNT chats; a chat's user is called by its number."""
    offset, limit = (int(request.url.params[name]) for name in ("offset", "limit"))
    rows = [
        {
            "id": f"c{number}",
            "shareable": False,
            "privacy": "private",
            "createdAt": "2026-01-01T00:00:00Z",
            "favorite": False,
            "authorId": "u",
            "webUrl": "w",
            "apiUrl": "a",
        }
        for number in range(offset, min(offset + limit, COUNT))
    ]
    return http.Response(200, json={"object": "list", "data": rows})


def test_threads_give_the_results_in_the_order_of_the_list() -> None:
    together = threading.Barrier(4, timeout=10)

    def work(chat: ChatSummary) -> str:
        if chat.id in ("c0", "c1", "c2", "c3"):
            together.wait()  # passes only if four run at once
        return chat.id

    with V0(KEY, transport=http.MockTransport(answer)) as client:
        done = list(client.v1.chats.find().map(work, concurrency=4))
    assert done == [f"c{number}" for number in range(COUNT)]


def test_tasks_give_the_results_in_the_order_of_the_list() -> None:
    running = highest = 0

    async def work(chat: ChatSummary) -> str:
        nonlocal running, highest
        running += 1
        highest = max(highest, running)
        await asyncio.sleep(0)
        running -= 1
        return chat.id

    async def all_of_them() -> list[str]:
        async with AsyncV0(KEY, transport=http.MockTransport(answer)) as client:
            return [result async for result in client.v1.chats.find().map(work, concurrency=5)]

    assert asyncio.run(all_of_them()) == [f"c{number}" for number in range(COUNT)]
    assert highest == 5


def test_an_error_on_a_thread_ends_the_list() -> None:
    begun: list[str] = []

    def work(chat: ChatSummary) -> None:
        begun.append(chat.id)
        raise KeyError(chat.id)

    client = V0(KEY, transport=http.MockTransport(answer))
    with pytest.raises(KeyError, match="c0"):
        list(client.v1.chats.find().map(work, concurrency=2))
    assert len(begun) < COUNT


def test_an_error_in_a_task_cancels_the_others() -> None:
    cancelled: list[str] = []

    async def work(chat: ChatSummary) -> None:
        if chat.id == "c0":
            return
        if chat.id == "c1":
            raise KeyError(chat.id)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(chat.id)
            raise

    async def fail() -> Any:
        async with AsyncV0(KEY, transport=http.MockTransport(answer)) as client:
            return [r async for r in client.v1.chats.find().map(work, concurrency=3)]

    with pytest.raises(KeyError, match="c1"):
        asyncio.run(fail())
    assert "c2" in cancelled


def test_less_than_one_at_a_time_is_refused() -> None:
    client = V0(KEY, transport=http.MockTransport(answer))
    with pytest.raises(errors.InvalidRequest, match="at least 1"):
        list(client.v1.chats.find().map(str, concurrency=0))
