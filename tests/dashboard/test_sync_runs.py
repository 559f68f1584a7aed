"""Who runs a sync, when it is due, and what happens to runs whose worker died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from dashboard import sync
from dashboard.models import Chat, Key, SyncRun
from dashboard.sync import lease
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import fill, new_chat, run
from tests.dashboard.test_sync import assert_mirrored
from tests.demo import until
from v0client.simulator import Simulator

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.mark.django_db
def test_an_unfinished_run_is_not_queued_twice(key: Key) -> None:
    first = sync.queue(key, trigger=SyncRun.Trigger.PERSON)
    assert sync.queue(key, trigger=SyncRun.Trigger.SCHEDULE) == first
    assert SyncRun.objects.count() == 1


@pytest.mark.django_db
def test_a_queued_run_is_done_by_a_worker_after_the_commit(
    simulator: Simulator,
    key: Key,
    eager_tasks: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    new_chat(simulator)
    with django_capture_on_commit_callbacks(execute=True):
        queued = sync.queue(key, trigger=SyncRun.Trigger.FIRST)
    queued.refresh_from_db()
    assert queued.state == SyncRun.State.DONE
    assert Chat.objects.count() == 1


@pytest.mark.django_db
def test_two_syncs_of_one_key_at_once_are_one(simulator: Simulator, key: Key) -> None:
    busy = make.sync_run(key, state=SyncRun.State.RUNNING)
    held = timezone.now() + timedelta(seconds=30)
    Key.objects.filter(pk=key.pk).update(lease_run=busy.pk, lease_until=held)
    second = make.sync_run(key)
    sync.run(second.pk)
    second.refresh_from_db()
    assert second.state == SyncRun.State.QUEUED
    assert simulator.requests == []


@pytest.mark.django_db(transaction=True)
def test_a_run_that_two_workers_get_at_the_same_moment_is_done_once(
    simulator: Simulator, key: Key
) -> None:
    new_chat(simulator)
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        try:
            sync.run(queued.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [r.path for r in simulator.requests].count("/v1/projects") == 1
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == (SyncRun.State.DONE, 1)


@pytest.mark.django_db
def test_a_finished_run_is_not_done_again(simulator: Simulator, key: Key) -> None:
    finished = run(key)
    simulator.requests.clear()
    sync.run(finished.pk)
    assert simulator.requests == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"state": Key.State.PAUSED}, {"removed_at": timezone.now(), "sealed": ""}],
    ids=["paused", "removed"],
)
def test_a_paused_or_removed_key_is_not_used(
    simulator: Simulator, key: Key, change: dict[str, Any]
) -> None:
    Key.objects.filter(pk=key.pk).update(**change)
    finished = run(key)
    assert finished.state == SyncRun.State.FAILED
    assert simulator.requests == []


@pytest.mark.django_db
def test_a_key_paused_in_mid_sync_stops_the_run(simulator: Simulator, key: Key) -> None:
    new_chat(simulator)

    def pause(exchange: Any) -> None:
        if exchange.template == "/projects":
            paused.append(True)

    paused: list[bool] = []
    simulator.on_exchange = pause
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)

    def tell(area: str, done: int, total: int) -> None:
        if paused:
            Key.objects.filter(pk=key.pk).update(state=Key.State.PAUSED)

    try:
        sync.run(queued.pk, tell)
    finally:
        simulator.on_exchange = None
    queued.refresh_from_db()
    assert queued.state == SyncRun.State.FAILED
    assert "paused" in " ".join(queued.errors.values())
    assert not Chat.objects.exists()
    key.refresh_from_db()
    assert key.lease_run is None


@pytest.mark.django_db
def test_who_lost_the_lease_writes_nothing_more(simulator: Simulator, key: Key) -> None:
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)

    def steal(area: str, done: int, total: int) -> None:
        Key.objects.filter(pk=key.pk).update(lease_run=queued.pk + 1000)

    sync.run(queued.pk, steal)
    queued.refresh_from_db()
    key.refresh_from_db()
    assert queued.state == SyncRun.State.RUNNING
    assert key.lease_run == queued.pk + 1000


@pytest.mark.django_db
def test_keys_that_are_due_are_queued_once(simulator: Simulator, cast: Cast, key: Key) -> None:
    paused = make.key(cast.admin, "v0-demo-admin", state=Key.State.PAUSED)
    later = make.key(
        cast.member, "v0-demo-member", next_sync_at=timezone.now() + timedelta(minutes=1)
    )
    sync.queue_due()
    sync.queue_due()
    assert [queued.key for queued in SyncRun.objects.select_related("key")] == [key]
    assert not SyncRun.objects.filter(key__in=[paused, later]).exists()


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_queued_again_when_its_lease_ends(
    simulator: Simulator,
    key: Key,
    eager_tasks: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    dead = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)
    assert lease.take(dead.pk)
    sync.requeue_orphans()
    dead.refresh_from_db()
    assert dead.state == SyncRun.State.RUNNING, "its lease has not ended"
    Key.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sync.requeue_orphans()
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (SyncRun.State.DONE, 2)


@pytest.mark.django_db
def test_a_run_that_kills_its_worker_each_time_is_given_up(key: Key) -> None:
    dead = make.sync_run(key, state=SyncRun.State.RUNNING, attempts=5)
    sync.requeue_orphans()
    dead.refresh_from_db()
    assert dead.state == SyncRun.State.FAILED
    assert dead.errors["sync"].endswith(".")


@pytest.mark.django_db
def test_failures_in_a_row_push_the_next_sync_back(simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v1/", status=500, times=None, headers={"retry-after": "0"})
    pauses = []
    for _ in range(3):
        run(key)
        key.refresh_from_db()
        pauses.append(key.next_sync_at - timezone.now())
    assert pauses == sorted(pauses)
    assert pauses[2] > 3 * pauses[0]
    simulator.faults.clear()
    run(key)
    key.refresh_from_db()
    assert key.next_sync_at - timezone.now() < pauses[0]


@pytest.mark.django_db
def test_the_command_syncs_and_says_what_it_did(
    simulator: Simulator, cast: Cast, key: Key, capsys: pytest.CaptureFixture[str]
) -> None:
    new_chat(simulator)
    call_command("sync", team=cast.team.slug)
    told = capsys.readouterr().out
    assert "done" in told
    assert "1 created" in told


@pytest.mark.django_db
def test_the_command_fails_when_a_key_does(
    simulator: Simulator, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make.key(cast.owner, "v0-unknown-key")
    with pytest.raises(CommandError):
        call_command("sync", key=key.pk)
    assert "revoked" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_mid_sync_leaves_no_holes_and_no_duplicates(
    simulator: Simulator, key: Key, eager_tasks: None
) -> None:
    fill(simulator, 45)
    simulator.clock.frozen = None
    simulator.faults.add("/v1/chats/*", method="GET", times=None, delay=0.02)
    worker = command_process(simulator, key)
    try:
        until(lambda: worker.poll() is not None or Chat.objects.count() >= 20)
        assert worker.poll() is None, "it was done before it could be killed"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    simulator.faults.clear()
    stored = Chat.objects.exclude(listing_digest="").count()
    assert 20 <= stored < len(simulator.store.chats)
    interrupted = SyncRun.objects.get()
    assert interrupted.state == SyncRun.State.RUNNING
    # The lease of the dead worker ends, and beat hands the run to another one.
    Key.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    simulator.requests.clear()
    sync.requeue_orphans()
    interrupted.refresh_from_db()
    assert (interrupted.state, interrupted.attempts) == (SyncRun.State.DONE, 2)
    asked = {r.path for r in simulator.requests if r.path.count("/") == 3}
    assert len(asked) < len(simulator.store.chats), "what was stored is not fetched again"
    assert_mirrored(simulator)


def command_process(simulator: Simulator, key: Key) -> subprocess.Popen[bytes]:
    """`manage.py sync` as a process of its own, on the test's database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "V0_BASE_URL": simulator.base_url}
    return subprocess.Popen(
        [sys.executable, "manage.py", "sync", "--key", str(key.pk)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
