"""Looks again at what is under way: running chats, building deployments, unclear prompts.

Rows say when (`follow_at`). A row is claimed by moving that moment, so no two workers follow the
same one and the work of a dead worker comes back by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from dashboard import channels, upstream
from dashboard.models import Chat, Deployment, Key, Message, Submission
from dashboard.sync import usage
from dashboard.sync.bundles import (
    Known,
    detail_bundle,
    fetch_chat,
    fetch_deployment,
    or_nothing,
)
from dashboard.sync.chats import lose_sight, save_chats
from dashboard.sync.deployments import mark_gone, save_deployments
from dashboard.sync.mirror import known_of
from dashboard.sync.runs import reject
from dashboard.sync.submissions import look_up
from dashboard.sync.values import one_writer
from dashboard.upstream import Refused, Remote
from dashboard.upstream.records import DeploymentRecord

R = TypeVar("R", Chat, Deployment, Submission)

CLAIM = timedelta(seconds=60)  # longer than one look takes
AT_ONCE = 20
LONGEST = 20.0  # seconds for one call; beat comes again
AFTER_REFUSAL = timedelta(seconds=15)
# How long a chat has been running, and how often it is looked at then. v0 needs minutes.
PACES = [
    (timedelta(minutes=2), timedelta(seconds=2)),
    (timedelta(minutes=10), timedelta(seconds=5)),
    (timedelta(hours=1), timedelta(seconds=30)),
    (timedelta(hours=24), timedelta(minutes=10)),
]
log = structlog.get_logger("dashboard.follow")


def follow_due() -> None:
    """Everything whose time has come, as far as time allows."""
    end = time.monotonic() + LONGEST
    unclear = Q(state__in=[Submission.State.UNCLEAR, Submission.State.SENDING])
    submissions = Submission.objects.filter(unclear).select_related("key", "chat")
    deployments = Deployment.objects.present().select_related("chat", "version")
    follow_rows(submissions, follow_submission, end)
    follow_rows(Chat.objects.present().filter(unheld()), follow_chat, end)
    follow_rows(deployments, follow_deployment, end)


def unheld() -> Q:
    """Chats whose stream nobody reads along with."""
    return Q(followed_until=None) | Q(followed_until__lt=timezone.now())


def follow_rows(rows: models.QuerySet[R], follow: Callable[[R], None], end: float) -> None:
    for row in claim(rows):
        if time.monotonic() > end:
            again(row, timedelta(0))
            continue
        try:
            follow_row(row, follow)
        except Exception:
            # The others are still to be followed; this one comes back when its claim ends.
            log.exception("following failed", row=str(row.pk))


def follow_row(row: R, follow: Callable[[R], None]) -> None:
    """One of them; what v0 refuses now is asked again later."""
    try:
        follow(row)
    except Refused as refusal:
        told = timedelta(seconds=refusal.retry_after or 0)
        usual = pace(row) if isinstance(row, Chat) else None
        again(row, max(AFTER_REFUSAL, told, usual or AFTER_REFUSAL))
        log.info("cannot be followed now", row=str(row.pk), kind=refusal.kind)


def claim(rows: models.QuerySet[R]) -> list[R]:
    now = timezone.now()
    with transaction.atomic():
        due = rows.filter(follow_at__lte=now).order_by("follow_at")
        found = list(due.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        ids = [row.pk for row in found]
        rows.model._default_manager.filter(pk__in=ids).update(follow_at=now + CLAIM)
    return found


def again(row: models.Model, wait: timedelta | None) -> None:
    """When to look next; None for never."""
    follow_at = None if wait is None else timezone.now() + wait
    type(row)._default_manager.filter(pk=row.pk).update(follow_at=follow_at)


def key_of(chat: Chat) -> Key | None:
    """A usable key that sees the chat: its author's, where there is one."""
    keys = Key.objects.usable().filter(chat_sights__chat=chat)
    author = chat.author.upstream_id if chat.author else ""
    own = keys.filter(upstream_user_id=author).first() if author else None
    return own or keys.order_by("pk").first()


def asked(key: Key, question: Callable[[Remote], None]) -> None:
    """One question with this key, ahead of background work."""
    try:
        with upstream.connect(key) as remote:
            question(remote)
    except Refused as refusal:
        if refusal.kind == "rejected":
            reject(key, refusal.sentence)
        raise


# ---- running chats ----------------------------------------------------------------------------


def follow_chat(chat: Chat) -> None:
    key = key_of(chat)
    if key is None:
        again(chat, None)
        return
    look_with(key, chat)


def look_with(key: Key, chat: Chat) -> None:
    """One look with this key, which sees the chat; the chat may turn out to be gone."""
    try:
        asked(key, lambda remote: look_at_chat(remote, key, chat))
    except Refused as refusal:
        if refusal.kind not in ("gone", "forbidden"):
            raise
        with transaction.atomic():
            lose_sight(key, {chat.upstream_id: refusal.kind})
        channels.look(chat.pk)
        # Another key may see it still.
        Chat.objects.present().filter(pk=chat.pk).update(follow_at=timezone.now())


def look_at_chat(remote: Remote, key: Key, chat: Chat) -> None:
    """While it is being written its detail is enough; when it is done, all of it is fetched."""
    remote = remote.of(chat.generation)
    record = remote.chat(chat.upstream_id)
    bundle = detail_bundle(record)
    if record.latest is not None and not record.is_running:
        known = known_of(key, [chat.upstream_id]).get(chat.upstream_id, Known())
        bundle = fetch_chat(remote, chat.upstream_id, known)
    with transaction.atomic():
        one_writer(key.team_id)
        save_chats(key, [bundle])
    chat.refresh_from_db()
    is_running = chat.status == Chat.Status.RUNNING
    again(chat, pace(chat) if is_running else None)
    channels.look(chat.pk)
    if not is_running and (answer := usage.unpaid(chat)) is not None:
        wait = look_at_cost(key, answer)
        # Somebody may have sent the next prompt meanwhile: that is followed as it is.
        idle = Chat.objects.filter(pk=chat.pk).exclude(status=Chat.Status.RUNNING)
        if wait is not None:
            idle.update(follow_at=timezone.now() + wait)


def look_at_cost(key: Key, answer: Message) -> timedelta | None:
    """What the chat's last answer cost, where only v0's reports tell it. How long to wait until the
    next look."""
    own = usage.payer(answer) or key
    try:
        asked(own, lambda remote: usage.look_at_cost(remote, own, answer))
    except Refused as refusal:
        log.info("the cost is not told", chat=answer.chat_id, kind=refusal.kind)
        if refusal.kind in ("forbidden", "gone"):
            return None
    answer.refresh_from_db(fields=["cost"])
    if answer.cost is None:
        return usage.wait_for_cost(answer)
    channels.look(answer.chat_id)
    return None


def pace(chat: Chat) -> timedelta | None:
    """How long to wait before the next look; None when it has taken so long that sync must do."""
    running = timezone.now() - (chat.running_since or timezone.now())
    return next((wait for until, wait in PACES if running < until), None)


# ---- building deployments ---------------------------------------------------------------------


def follow_deployment(deployment: Deployment) -> None:
    if upstream.can(deployment.chat.generation, "deployments"):
        unknown = Deployment.State.UNKNOWN  # v0 starts such a one and tells no more of it
        Deployment.objects.filter(pk=deployment.pk).update(state=unknown, follow_at=None)
        return
    key = key_of(deployment.chat)
    if key is None:
        again(deployment, None)
        return
    try:
        asked(key, lambda remote: look_at_deployment(remote, key, deployment))
    except Refused as refusal:
        if refusal.kind != "gone":
            raise
        asked(key, lambda remote: confirm_gone(remote, deployment))


def confirm_gone(remote: Remote, deployment: Deployment) -> None:
    """Its log is gone; only its own address tells whether it is, too."""
    if or_nothing(remote.deployment, deployment.upstream_id) is None:
        mark_gone(deployment.team_id, [deployment.upstream_id])
    else:
        again(deployment, AFTER_REFUSAL)


def look_at_deployment(remote: Remote, key: Key, deployment: Deployment) -> None:
    record = DeploymentRecord(
        id=deployment.upstream_id,
        chat_id=deployment.chat.upstream_id,
        version_id=deployment.version.upstream_id,
        project_id="",
        web_url=deployment.web_url,
        inspector_url=deployment.inspector_url,
    )
    bundle = fetch_deployment(remote, record, deployment.log_since)
    with transaction.atomic():
        one_writer(key.team_id)
        versions = {deployment.version.upstream_id: deployment.version}
        save_deployments([(deployment.chat, versions, bundle)])


# ---- prompts whose answer was lost ------------------------------------------------------------


def follow_submission(submission: Submission) -> None:
    asked(submission.key, lambda remote: look_up(remote, submission))
