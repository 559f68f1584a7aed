"""Real Celery workers and real concurrency: killed in mid-sync, and counted at v0's end."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import redis
import uvicorn
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import sync
from dashboard.models import Chat, Key, SyncRun
from dashboard.upstream import Refused, connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.processes import beside
from tests.dashboard.syncing import fill, run
from tests.dashboard.test_sync import assert_mirrored
from tests.demo import until
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def celery_worker(simulator: Simulator) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """`make demo`'s worker, on the test's database and broker."""
    return beside(simulator, "-m", "dashboard.stack.worker", "-c", "1")


@pytest.mark.django_db(transaction=True)
def test_a_celery_worker_killed_in_mid_sync_is_succeeded_by_another(
    simulator: Simulator, key: Key
) -> None:
    fill(simulator, 45)
    simulator.clock.frozen = None
    simulator.faults.add("/v1/chats/*", method="GET", times=None, delay=0.02)
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON)
    with celery_worker(simulator):
        until(lambda: Chat.objects.exclude(listing_digest="").count() >= 20)
    queued.refresh_from_db()
    assert queued.state == SyncRun.State.RUNNING, "it was done before it could be killed"
    simulator.faults.clear()
    # Its lease ends, and beat hands the run to the next worker.
    Key.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sync.requeue_orphans()
    with celery_worker(simulator):
        until(lambda: SyncRun.objects.filter(pk=queued.pk, finished_at=None).count() == 0)
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, queued.errors) == (SyncRun.State.DONE, 2, {})
    assert_mirrored(simulator)


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_a_worker_holds_numbers_and_no_key(key: Key, valkey: redis.Redis) -> None:
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON)
    (waiting,) = valkey.lrange("v0dash:celery", 0, -1)
    told = waiting + base64.b64decode(json.loads(waiting)["body"])
    assert f"[[{queued.pk}]".encode() in told
    for secret in ("v0-demo-owner", key.sealed, key.fingerprint):
        assert secret.encode() not in told


class Counting:
    """v0 behind a gauge of how many requests it has in hand."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.now, self.most = simulator, 0, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.simulator.app(scope, receive, send)
        finally:
            self.now -= 1


@pytest.fixture
def counted(simulator: Simulator, settings: Settings) -> Iterator[Counting]:
    listener = socket.create_server(("127.0.0.1", 0))
    gauge = Counting(simulator)
    server = uvicorn.Server(uvicorn.Config(gauge, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    settings.V0_BASE_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield gauge
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.mark.django_db(transaction=True)
def test_v0_never_has_more_than_four_requests_of_a_key_in_hand(
    simulator: Simulator, key: Key, counted: Counting
) -> None:
    """A sync and five people at once, all with one key."""
    fill(simulator, 40)
    simulator.clock.frozen = None
    simulator.faults.add("/v1/", method="GET", times=None, delay=0.02)
    over = threading.Event()
    asked: list[int] = []

    def act() -> None:
        with connect(key) as remote:
            while not over.wait(0.1):
                remote.projects()
                asked.append(1)
        connection.close()

    people = [threading.Thread(target=act) for _ in range(5)]
    for person in people:
        person.start()
    try:
        finished = run(key)
    finally:
        over.set()
        for person in people:
            person.join(20)
    assert (finished.state, bool(asked)) == (SyncRun.State.DONE, True)
    assert counted.most == 4


@pytest.mark.django_db(transaction=True)
def test_a_429_of_a_sync_is_told_to_people_without_asking_v0_again(
    simulator: Simulator, key: Key, counted: Counting
) -> None:
    simulator.faults.add("/v1/projects", status=429, times=None, headers={"retry-after": "900"})
    run(key)
    simulator.requests.clear()
    with connect(key) as remote, pytest.raises(Refused) as refusal:
        remote.account()
    assert refusal.value.kind == "busy"
    assert simulator.requests == []
