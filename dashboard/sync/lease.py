"""One lease per key, with an end: two workers never sync one key, and a dead one frees itself.

Every change here is conditional on still holding the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from dashboard.models import Key, SyncRun

LEASE = timedelta(seconds=45)
BEAT = timedelta(seconds=15)  # how often beat looks for runs that nobody holds any more
QUIET = timedelta(seconds=15)  # a worker renews its lease every few seconds


class Lost(Exception):
    """Somebody else holds the key by now; they finish the work."""


class Stopped(Exception):
    """The key was paused, removed or rejected meanwhile."""


@dataclass(frozen=True)
class Silence:
    """A worker is not heard of any more. `left`: when another takes over, at the latest."""

    since: timedelta
    left: timedelta
    is_overdue: bool  # nobody took over, though it was time


WHY_STOPPED = {
    "removed": "The key was removed.",
    Key.State.PAUSED: "The key was paused.",
    Key.State.REJECTED: "v0 rejects this key now. Add a new one.",
}


def take(run_id: int) -> SyncRun | None:
    """The run, begun, with the lease on its key; None where it is not for us to run."""
    with transaction.atomic():
        runs = SyncRun.objects.select_for_update(of=("self",)).select_related("key__team")
        run = runs.filter(pk=run_id, state=SyncRun.State.QUEUED).first()
        if run is None:
            return None
        now = timezone.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        until = now + LEASE
        if not Key.objects.filter(free, pk=run.key_id).update(lease_run=run.pk, lease_until=until):
            return None
        run.state, run.started_at = SyncRun.State.RUNNING, run.started_at or now
        SyncRun.objects.filter(pk=run.pk).update(
            state=run.state, started_at=run.started_at, attempts=F("attempts") + 1
        )
    return run


def renew(run: SyncRun) -> None:
    """Raises Lost or Stopped when the work is to end."""
    held = Key.objects.filter(pk=run.key_id, lease_run=run.pk)
    if held.usable().update(lease_until=timezone.now() + LEASE):
        return
    key = Key.objects.get(pk=run.key_id)
    if key.lease_run != run.pk:
        raise Lost
    raise Stopped(WHY_STOPPED["removed" if key.removed_at else key.state])


def finish(run: SyncRun, *, of_key: dict[str, Any], **of_run: Any) -> bool:
    """Writes how the run ended and gives the lease back; False where it was lost before."""
    with transaction.atomic():
        held = Key.objects.filter(pk=run.key_id, lease_run=run.pk)
        if not held.update(lease_run=None, lease_until=None, **of_key):
            return False
        SyncRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), area="", **of_run)
    return True


def silence(run: SyncRun) -> Silence | None:
    """How long the worker of a running sync has been silent; None while it is heard of."""
    until = run.key.lease_until
    if run.state != SyncRun.State.RUNNING or run.key.lease_run != run.pk or until is None:
        return None
    now = timezone.now()
    since = now - (until - LEASE)
    if since < QUIET:
        return None
    return Silence(since, max(until - now, timedelta()) + BEAT, now > until + 2 * BEAT)
