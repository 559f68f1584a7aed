"""What agents wait for, as chats tell it: a new stop is a row, and one that is over is closed."""

from __future__ import annotations

from django.db.models import Q

from dashboard.models import Ask, Chat
from dashboard.sync.bundles import ChatBundle
from dashboard.sync.values import fit
from dashboard.upstream.records import AskRecord

WAITING = (Ask.State.OPEN, Ask.State.SECOND)


def save_asks(pairs: list[tuple[Chat, ChatBundle]]) -> None:
    """Opens what is new, and closes what v0 does not wait for any more."""
    open_now = {chat.pk: ask for chat, bundle in pairs if (ask := bundle.record.ask) is not None}
    still = Q(pk__in=[])
    for chat_id, ask in open_now.items():
        still |= Q(chat=chat_id, message_id=ask.message_id[:100])
    waiting = Ask.objects.filter(chat__in=[chat.pk for chat, _ in pairs], state__in=WAITING)
    waiting.exclude(still).update(state=Ask.State.OVER)
    rows = [ask_row(chat_id, ask) for chat_id, ask in open_now.items()]
    Ask.objects.bulk_create(rows, ignore_conflicts=True)


def ask_row(chat_id: int, record: AskRecord) -> Ask:
    row = Ask(
        chat_id=chat_id,
        message_id=record.message_id,
        kind=record.kind,
        asked=record.asked,
        is_dangerous=record.is_dangerous,
        asked_at=record.asked_at,
    )
    fit(row)
    return row
