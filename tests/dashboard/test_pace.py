"""Background work gives way to people, and is never starved by them."""

from __future__ import annotations

import contextlib
import threading
import time

import redis

from dashboard.upstream.errors import Refused
from dashboard.upstream.pace import Pace
from tests.demo import until


def test_background_work_gets_its_turn_while_people_ask_without_pause(
    valkey: redis.Redis,
) -> None:
    over, done = threading.Event(), threading.Event()

    def person() -> None:
        while not over.is_set():
            with contextlib.suppress(Refused), Pace("k", background=False).slot():
                time.sleep(0.01)

    def worker() -> None:
        for _ in range(5):
            with Pace("k", background=True).slot():
                pass
        done.set()

    people = [threading.Thread(target=person, daemon=True) for _ in range(6)]
    for thread in people:
        thread.start()
    threading.Thread(target=worker, daemon=True).start()
    try:
        assert until(done.is_set, patience=20)
    finally:
        over.set()
        for thread in people:
            thread.join(5)
