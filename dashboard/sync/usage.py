"""Money and limits as dated snapshots."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

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


def store_money(key: Key, record: MoneyRecord) -> Snapshot | None:
    """A new snapshot when something changed, or when the last one is an hour old."""
    now = timezone.now()
    snapshot = Snapshot(key=key, taken_at=now, **asdict(record))
    fit(snapshot)
    snapshot.blocks = clean_json(record.blocks)
    last = Snapshot.objects.filter(key=key).order_by("-taken_at").first()
    if last is not None and last.taken_at > now - AT_LEAST_EVERY:
        names = asdict(record).keys()
        if all(getattr(last, name) == getattr(snapshot, name) for name in names):
            return None
    snapshot.save(force_insert=True)
    return snapshot
