"""Money and limits as dated snapshots."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.utils import timezone

from dashboard.models import Key, Snapshot
from dashboard.sync.progress import Progress
from dashboard.sync.values import clean_json, fit
from dashboard.upstream import Remote
from dashboard.upstream.records import MoneyRecord

AT_LEAST_EVERY = timedelta(hours=1)


def sync_usage(remote: Remote, key: Key, progress: Progress) -> None:
    stored = store_money(key, remote.money())
    progress.count("usage", created=int(stored is not None))


def store_money(key: Key, record: MoneyRecord, taken_at: datetime | None = None) -> Snapshot | None:
    """A new snapshot when something changed, or when the last one is an hour old.

    With the time of an earlier day: one of the past, unless there is one of that moment.
    """
    now = timezone.now()
    snapshot = Snapshot(key=key, taken_at=taken_at or now, **asdict(record))
    fit(snapshot)
    snapshot.blocks = clean_json(record.blocks)
    if taken_at is not None:
        if Snapshot.objects.filter(key=key, taken_at=taken_at).exists():
            return None
    elif is_as_before(snapshot, record, now):
        return None
    snapshot.save(force_insert=True)
    return snapshot


def is_as_before(snapshot: Snapshot, record: MoneyRecord, now: datetime) -> bool:
    last = Snapshot.objects.filter(key=snapshot.key_id).order_by("-taken_at").first()
    if last is None or last.taken_at <= now - AT_LEAST_EVERY:
        return False
    names = asdict(record).keys()
    return all(getattr(last, name) == getattr(snapshot, name) for name in names)
