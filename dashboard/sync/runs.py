"""Runs of the mirror from the queue to the end: who may run, what follows, what is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import kombu.exceptions
import structlog
from celery import signature
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone
from redis import RedisError

from dashboard import upstream
from dashboard.models import Key, SyncRun, User
from dashboard.sync import lease
from dashboard.sync.account import sync_account
from dashboard.sync.mirror import sync_chats, sync_newer_chats
from dashboard.sync.pipeline import ENDS_ALL
from dashboard.sync.progress import Progress, Tell
from dashboard.sync.projects import sync_projects
from dashboard.sync.redeployed import look_for_deployments
from dashboard.sync.usage import sync_costs, sync_usage
from dashboard.sync.webhooks import sync_webhooks
from dashboard.upstream import Refused, Remote

STATE = SyncRun.State
UNFINISHED = [STATE.QUEUED, STATE.RUNNING]
MOST_ATTEMPTS = 5
FORGOTTEN = timedelta(minutes=1)  # a queued run that nobody has begun by then is queued again
LONGEST_PAUSE = timedelta(hours=1)
OUR_FAULT = (
    "Something went wrong in the dashboard itself, and nothing was marked as gone. "
    "It is tried again; whoever runs the dashboard finds the reason in its log."
)
GAVE_UP = "The worker stopped in the middle of this several times; the next scheduled sync goes on."

Area = Callable[[Remote, Key, Progress], None]
# Projects before chats: chats are stored with their project.
AREAS: dict[str, Area] = {
    "account": sync_account,
    "usage": sync_usage,
    "projects": sync_projects,
    "chats": sync_chats,
    "newer chats": sync_newer_chats,  # v2's
    "costs": sync_costs,
    "deployments": look_for_deployments,
    "webhooks": sync_webhooks,
}
log = structlog.get_logger("dashboard.sync")


def queue(
    key: Key, *, trigger: str, requested_by: User | None = None, send: bool = True
) -> SyncRun:
    """A run of this key: the unfinished one where there is one, else a new one.

    A worker gets it when the transaction is committed, unless the caller runs it (`send`).
    """
    with transaction.atomic():
        Key.objects.select_for_update().get(pk=key.pk)
        found = SyncRun.objects.filter(key=key, state__in=UNFINISHED).order_by("pk").first()
        if found is not None:
            return found
        new = SyncRun.objects.create(
            team_id=key.team_id, key=key, trigger=trigger, requested_by=requested_by
        )
        if send:
            transaction.on_commit(lambda: dispatch(new.pk))
    return new


def dispatch(run_id: int) -> None:
    """Hands a run to a worker. Where the broker is away, beat does it later."""
    try:
        # By name: tasks are doors to this module, which does not import them.
        signature("dashboard.tasks.run_sync", args=(run_id,)).delay()
    except (kombu.exceptions.OperationalError, RedisError) as error:
        log.warning("sync not dispatched", run=run_id, reason=type(error).__name__)


def queue_due() -> None:
    """Queues the keys whose time has come."""
    for key in Key.objects.sync_due().select_related("team"):
        # Conditional, so that two beats queue it once.
        due = Key.objects.filter(pk=key.pk, next_sync_at=key.next_sync_at)
        if due.update(next_sync_at=next_time(key, failures=0)):
            queue(key, trigger=SyncRun.Trigger.SCHEDULE)


def requeue_orphans() -> None:
    """Runs whose worker died, and queued ones that no worker ever got."""
    now = timezone.now()
    held = Q(key__lease_run=F("pk"), key__lease_until__gte=now)
    for orphan in SyncRun.objects.filter(~held, state=STATE.RUNNING):
        mine = SyncRun.objects.filter(pk=orphan.pk, state=STATE.RUNNING)
        if orphan.attempts >= MOST_ATTEMPTS:
            mine.update(state=STATE.FAILED, finished_at=now, errors={"sync": GAVE_UP})
        elif mine.update(state=STATE.QUEUED):
            dispatch(orphan.pk)
    for waiting in SyncRun.objects.filter(state=STATE.QUEUED, created_at__lt=now - FORGOTTEN):
        # Once per stretch: a long queue must not fill up with copies of the same run.
        if first_in_a_while(f"sync-requeued:{waiting.pk}"):
            dispatch(waiting.pk)


def first_in_a_while(name: str) -> bool:
    try:
        return cache.add(name, 1, timeout=5 * 60)
    except RedisError:
        return False  # the broker is on the same server


def run(run_id: int, tell: Tell | None = None) -> None:
    """Does a queued run, unless another worker has its key. `tell` hears of the progress."""
    begun = lease.take(run_id)
    if begun is None:
        return
    key, progress = begun.key, Progress(begun, tell)
    log.info("sync begins", run=begun.pk, key=key.pk, attempt=begun.attempts + 1)
    try:
        lease.renew(begun)
        upstream.forget_background(key)
        with upstream.connect(key, background=True, on_answer=progress.answered) as remote:
            ended_by = sync_areas(remote, key, progress)
    except lease.Lost:
        log.warning("sync lost its lease", run=begun.pk)
        return
    except lease.Stopped as reason:
        end(progress, STATE.FAILED, sentence=str(reason))
        return
    except Refused as refusal:
        end(progress, STATE.FAILED, sentence=refusal.sentence)
        return
    except DatabaseError:
        raise  # nothing can be written now; the run is queued again when its lease ends
    except Exception:
        log.exception("sync failed", run=begun.pk)
        end(progress, STATE.FAILED, sentence=OUR_FAULT)
        return
    pause = min((ended_by.retry_after if ended_by else None) or 0.0, LONGEST_PAUSE.total_seconds())
    end(progress, outcome(progress, ended_by), pause=pause)


def outcome(progress: Progress, ended_by: Refused | None) -> str:
    if not progress.errors:
        return STATE.DONE
    rejected = ended_by is not None and ended_by.kind == "rejected"
    return STATE.FAILED if rejected or len(progress.errors) == len(AREAS) else STATE.PARTIAL


def sync_areas(remote: Remote, key: Key, progress: Progress) -> Refused | None:
    """Each area in turn; one that fails does not stop the next, unless v0 refuses everything.

    Answers the refusal that ended it.
    """
    for area, sync in AREAS.items():
        progress.begin(area)
        try:
            sync(remote, key, progress)
        except Refused as refusal:
            progress.failed(area, refusal.sentence)
            if refusal.kind == "rejected":
                reject(key, refusal.sentence)
            if refusal.kind in ENDS_ALL:
                for later in list(AREAS)[list(AREAS).index(area) + 1 :]:
                    progress.failed(later, refusal.sentence)
                return refusal
    return None


def reject(key: Key, sentence: str) -> None:
    """v0 does not know the key any more; nothing else is concluded from that."""
    Key.objects.filter(pk=key.pk, state=Key.State.OK).update(
        state=Key.State.REJECTED, state_reason=sentence[:300]
    )


def end(progress: Progress, state: str, *, sentence: str = "", pause: float = 0) -> None:
    """Writes how it ended, and when this key is due again."""
    begun, now = progress.run, timezone.now()
    if sentence:
        progress.failed(progress.area or "sync", sentence)
    failures = 0 if state == STATE.DONE else 1 + earlier_failures(begun)
    due = max(next_time(begun.key, failures), now + timedelta(seconds=pause))
    of_key = {"next_sync_at": due}
    if state == STATE.DONE:
        of_key["last_synced_at"] = now
    lease.finish(
        begun,
        of_key=of_key,
        state=state,
        counts=progress.counts,
        errors=progress.errors,
        requests=progress.requests,
        done_items=progress.done,
        total_items=progress.total,
    )
    log.info("sync ended", run=begun.pk, state=state, requests=progress.requests)


def earlier_failures(begun: SyncRun) -> int:
    """How many runs of this key failed in a row before this one."""
    before = SyncRun.objects.filter(key=begun.key_id, pk__lt=begun.pk).order_by("-pk")
    states = list(before.values_list("state", flat=True)[:6])
    return next((place for place, s in enumerate(states) if s == STATE.DONE), len(states))


def next_time(key: Key, failures: int) -> datetime:
    """The team's interval, doubled for each failure in a row up to an hour, spread a little."""
    interval = timedelta(minutes=key.team.sync_minutes)
    pause: timedelta = max(interval, min(interval * 2**failures, LONGEST_PAUSE))
    return timezone.now() + pause * random.uniform(1.0, 1.1)  # noqa: S311  # no secret
