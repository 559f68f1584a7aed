"""What v0 said when it broke off an answer. Only its stream tells that; the message never does."""

from __future__ import annotations

from django.core.cache import cache

from dashboard.models import Chat
from dashboard.sync.values import clean

KEPT_SECONDS = 30 * 24 * 3600
LONGEST = 2_000  # characters


def place(chat: Chat, message_id: str) -> str:
    return f"broken-off:{chat.pk}:{message_id}"


def keep_reason(chat: Chat, message_id: str, reason: str) -> None:
    """Keeps v0's own words for a while."""
    cache.set(place(chat, message_id), clean(reason).strip()[:LONGEST], KEPT_SECONDS)


def reason_of(chat: Chat, message_id: str) -> str:
    """v0's own words, or nothing."""
    return str(cache.get(place(chat, message_id), ""))
