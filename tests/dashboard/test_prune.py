"""What is pruned, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dashboard.models import Key, Snapshot, SyncRun
from dashboard.sync.prune import prune
from tests import make
from tests.dashboard.conftest import Cast


@pytest.fixture
def key(cast: Cast) -> Key:
    return make.key(cast.owner)


def finished(key: Key, days: int) -> SyncRun:
    at = timezone.now() - timedelta(days=days)
    run = make.sync_run(key, state="done", finished_at=at)
    SyncRun.objects.filter(pk=run.pk).update(created_at=at)
    return run


def test_old_runs_go_and_the_newest_of_each_key_stays(cast: Cast, key: Key) -> None:
    idle = make.key(cast.member, "v0-demo-member")
    old, young = finished(key, 200), finished(key, 20)
    last = finished(idle, 300)
    finished(idle, 301)
    waiting = make.sync_run(key)
    SyncRun.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=200))
    assert prune() == (2, 0)
    assert set(SyncRun.objects.all()) == {young, last, waiting}
    assert old.pk


def test_of_an_old_day_the_last_snapshot_stays_and_of_a_young_one_all(cast: Cast, key: Key) -> None:
    other = make.key(cast.member, "v0-demo-member")
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for back in (40, 39, 3):
        for hour in (0, 3, 6):
            at = noon - timedelta(days=back) + timedelta(hours=hour)
            Snapshot.objects.create(key=key, taken_at=at)
    Snapshot.objects.create(key=other, taken_at=noon - timedelta(days=40))
    assert prune() == (0, 4)
    left = list(key.snapshots.order_by("taken_at").values_list("taken_at", flat=True))
    assert [moment.hour for moment in left] == [18, 18, 12, 15, 18]
    assert other.snapshots.exists()
    assert prune() == (0, 0)


def test_the_command_takes_the_days_and_says_what_it_did(key: Key) -> None:
    finished(key, 20)
    finished(key, 10)
    finished(key, 1)
    told = StringIO()
    call_command("prune", "--run-days", "5", stdout=told)
    assert told.getvalue() == "2 syncs and 0 snapshots were deleted.\n"
    with pytest.raises(CommandError, match="at least one day"):
        call_command("prune", "--snapshot-days", "0")
