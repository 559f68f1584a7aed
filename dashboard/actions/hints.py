"""What v0 posts to the dashboard's webhooks: kept as it came, and taken for a hint to look.

Whoever knows an address can post to it, so nothing here is believed: a hint has one chat read
again that the webhook's key sees, or that key synced soon. Reading is in sync/hints.py.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dashboard.models import Chat, Delivery, Key, Webhook
from dashboard.sync.values import clean
from dashboard.sync.webhooks import token_hash
from v0client import webhooks

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LARGEST = 128 * 1024  # bytes of a body
KEPT = 100  # deliveries of each webhook
MOST_A_MINUTE = 60  # more of one webhook are counted and not kept
SETTLE = timedelta(seconds=1)  # v0 tells of one thing in several events
AFTER_A_LOOK = timedelta(seconds=5)
AFTER_A_SYNC = timedelta(minutes=1)


def receive(token: str, body: bytes) -> bool:
    """Keeps what was posted and has v0 asked soon. False where no webhook has this token."""
    if not TOKEN.fullmatch(token):
        return False
    rows = Webhook.objects.present().select_related("key")
    hook = rows.filter(token_hash=token_hash(token)).first()
    if hook is None:
        return False
    told = webhooks.parse(body)
    event = clean(told.event or "")[:60]
    chat_id = clean(told.chat_id or hook.upstream_chat_id)[:100]
    now = timezone.now()
    with transaction.atomic():
        # First, so that what comes at once to one webhook is settled one after another.
        Webhook.objects.filter(pk=hook.pk).update(
            received=F("received") + 1, last_event=event, last_received_at=now
        )
        recent = hook.deliveries.filter(received_at__gt=now - timedelta(minutes=1))
        if recent.count() >= MOST_A_MINUTE:
            sync_soon(hook, now)
            return True
        outcome, look_at = follow_up(hook, chat_id, now)
        Delivery.objects.create(
            webhook=hook,
            received_at=now,
            body=body,
            event=event,
            upstream_chat_id=chat_id,
            outcome=outcome,
            look_at=look_at,
        )
        forget_oldest(hook)
    return True


def follow_up(hook: Webhook, chat_id: str, now: datetime) -> tuple[str, datetime | None]:
    """What comes of a hint, and when its chat is to be read."""
    if hook.key.state != Key.State.OK:
        return Delivery.Outcome.NOTHING, None
    seen = Chat.objects.present().filter(team=hook.team_id, sights__key=hook.key_id)
    if chat_id and seen.filter(upstream_id=chat_id).exists():
        looked = hook.deliveries.filter(upstream_chat_id=chat_id).exclude(looked_at=None)
        last = looked.order_by("-looked_at").values_list("looked_at", flat=True).first()
        soonest = now + SETTLE
        return Delivery.Outcome.LOOK, max(soonest, last + AFTER_A_LOOK) if last else soonest
    sync_soon(hook, now)
    return Delivery.Outcome.SYNC, None


def sync_soon(hook: Webhook, now: datetime) -> None:
    """Makes the key's sync due, at most once a minute for each webhook."""
    asked = Webhook.objects.values_list("sync_asked_at", flat=True).get(pk=hook.pk)
    due = now if asked is None else max(asked, now)
    if asked is not None and now - AFTER_A_SYNC < asked <= now:
        due = asked + AFTER_A_SYNC
    Webhook.objects.filter(pk=hook.pk).update(sync_asked_at=due)
    Key.objects.usable().filter(pk=hook.key_id, next_sync_at__gt=due).update(next_sync_at=due)


def forget_oldest(hook: Webhook) -> None:
    """Keeps the newest deliveries; those that wait for a look stay until it is done."""
    newest = hook.deliveries.order_by("-id").values_list("pk", flat=True)
    oldest_kept = next(iter(newest[KEPT - 1 : KEPT]), None)
    if oldest_kept is not None:
        hook.deliveries.filter(pk__lt=oldest_kept, look_at=None).delete()
