"""What v0 said when it broke off an answer. Only its stream tells that; the message never does, so
syncs leave it as it is."""

from __future__ import annotations

from dashboard.models import Chat, Message
from dashboard.sync.values import clean

LONGEST = 2_000  # characters


def keep_reason(chat: Chat, message_id: str, reason: str) -> None:
    """Keeps v0's own words with the message, which is stored already."""
    told = clean(reason).strip()[:LONGEST]
    Message.objects.filter(chat=chat, upstream_id=message_id[:100]).update(error=told)
