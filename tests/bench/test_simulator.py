"""How many small requests the simulator answers with one processor core."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from tests.bench.test_client import processor_seconds
from tests.client.simulated import OWNER
from tests.serving import process
from v0client import V0

pytestmark = pytest.mark.bench
REQUESTS = 2_000
THREADS = 4
PATHS = (
    "/v1/user",
    "/v1/chats?limit=1",
    "/v1/chats/{}/versions",
    "/v1/projects",
    "/v1/rate-limits",
    "/v2/chats?limit=1",
)


def ask(address: str, paths: list[str]) -> None:
    """GETs in turn over one connection."""
    connection = HTTPConnection(address.removeprefix("http://"))
    for place in range(REQUESTS):
        connection.request(
            "GET", paths[place % len(paths)], headers={"authorization": f"Bearer {OWNER}"}
        )
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()


def chat_of(address: str) -> str:
    """The id of some chat."""
    with V0(OWNER, base_url=address) as client:
        return client.v1.chats.find(limit=1).first().data[0].id


def test_the_simulator_answers_many_small_requests_with_one_core() -> None:
    with process("--seed", "big:600", "--die-with-parent") as (child, address):
        chat = chat_of(address)
        paths = [path.format(chat) for path in PATHS]
        ask(address, paths)
        before, begun = processor_seconds(child.pid), time.perf_counter()
        with ThreadPoolExecutor(THREADS) as threads:
            for done in [threads.submit(ask, address, paths) for _ in range(THREADS)]:
                done.result()
        seconds = time.perf_counter() - begun
        used = processor_seconds(child.pid) - before
    count = REQUESTS * THREADS
    print(f"\nsmall GETs for each second of the simulator's processor time: {count / used:,.0f}")
    print(f"  (at least 1,500; {count / seconds:,.0f} a second while this asked as it could)")
    assert count / used >= 1_500
