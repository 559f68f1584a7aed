"""Old rows that nobody misses: runs of the mirror, and all but one snapshot a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from dashboard.models import Snapshot, SyncRun

RUN_DAYS = 90
SNAPSHOT_DAYS = 14


def prune(*, run_days: int = RUN_DAYS, snapshot_days: int = SNAPSHOT_DAYS) -> tuple[int, int]:
    """Deletes finished runs older than that, and thins out snapshots older than that.

    The newest run of each key stays, and of each day its last snapshot. Answers how many of
    both were deleted.
    """
    now = timezone.now()
    return (
        prune_runs(now - timedelta(days=run_days)),
        thin_out(now - timedelta(days=snapshot_days)),
    )


def prune_runs(before: datetime) -> int:
    newest = SyncRun.objects.order_by("key", "-created_at", "-pk").distinct("key").values("pk")
    old = SyncRun.objects.filter(created_at__lt=before, finished_at__isnull=False)
    return old.exclude(pk__in=newest).delete()[0]


def thin_out(before: datetime) -> int:
    later_that_day = Snapshot.objects.filter(
        key=OuterRef("key"),
        taken_at__gt=OuterRef("taken_at"),
        taken_at__lt=OuterRef("taken_at") + timedelta(days=1),
        taken_at__date=OuterRef("taken_at__date"),
    )
    return Snapshot.objects.filter(Exists(later_that_day), taken_at__lt=before).delete()[0]
