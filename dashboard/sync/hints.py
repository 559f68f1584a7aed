"""Chats that a webhook told of, read again with the webhook's own key.

A delivery says when (`look_at`). It is claimed by moving that moment, so the work of a dead worker
comes back by itself; deliveries of one chat are one look.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from dashboard.models import Chat, Delivery, Key
from dashboard.sync.follow import AFTER_REFUSAL, CLAIM, look_with
from dashboard.upstream import Refused

AT_ONCE = 20  # chats
TOO_LATE = timedelta(minutes=10)  # by then a sync has seen it
DAYS = 14
log = structlog.get_logger("dashboard.hints")


def look_due() -> None:
    """Reads again what is due."""
    for (key_id, chat_id), deliveries in claim().items():
        try:
            wait = look(Key.objects.get(pk=key_id), chat_id)
        except Exception:
            # The others are still to be looked at; this one comes back when its claim ends.
            log.exception("a hint was not followed", chat=chat_id)
            continue
        rows = Delivery.objects.filter(pk__in=deliveries)
        if wait is None:
            rows.update(look_at=None, looked_at=timezone.now())
            continue
        late = timezone.now() - TOO_LATE
        rows.filter(received_at__lt=late).update(look_at=None)
        rows.filter(received_at__gte=late).update(look_at=timezone.now() + wait)


def claim() -> dict[tuple[int, str], list[int]]:
    """The deliveries whose time has come, by key and chat."""
    now, found = timezone.now(), dict[tuple[int, str], list[int]]()
    with transaction.atomic():
        due = Delivery.objects.filter(look_at__lte=now).select_related("webhook")
        rows = due.select_for_update(skip_locked=True, of=("self",)).order_by("look_at", "id")
        for row in rows:
            name = (row.webhook.key_id, row.upstream_chat_id)
            if name in found or len(found) < AT_ONCE:
                found.setdefault(name, []).append(row.pk)
        claimed = [pk for pks in found.values() for pk in pks]
        Delivery.objects.filter(pk__in=claimed).update(look_at=now + CLAIM)
    return found


def look(key: Key, chat_id: str) -> timedelta | None:
    """Reads the chat again. Answers how long to wait before the next try; None where it is done."""
    usable = Key.objects.usable().filter(pk=key.pk).exists()
    rows = Chat.objects.present().filter(team=key.team_id, sights__key=key)
    chat = rows.filter(upstream_id=chat_id).first()
    if chat is None or not usable:
        return None
    if chat.followed_until is not None and chat.followed_until > timezone.now():
        return AFTER_REFUSAL  # a follower reads along; what it leaves is looked at then
    try:
        look_with(key, chat)
    except Refused as refusal:
        log.info("a hint cannot be followed now", chat=chat.pk, kind=refusal.kind)
        return max(AFTER_REFUSAL, timedelta(seconds=refusal.retry_after or 0))
    return None


def prune_deliveries(*, days: int = DAYS) -> int:
    """Deletes what arrived longer ago. Answers how many."""
    old = Delivery.objects.filter(received_at__lt=timezone.now() - timedelta(days=days))
    return old.delete()[0]
