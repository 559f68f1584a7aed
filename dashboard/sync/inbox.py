"""What agents wait for, as chats tell it: a new stop is a row, and one that is over is closed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet

from dashboard.models import Ask, Chat
from dashboard.sync.bundles import ChatBundle
from dashboard.sync.values import fit
from dashboard.upstream.records import AskRecord

WAITING = (Ask.State.OPEN, Ask.State.SECOND)
# An answer that v0 has not taken after so long was lost, with the process that sent it perhaps.
LOST = timedelta(seconds=90)


def save_asks(pairs: list[tuple[Chat, ChatBundle]]) -> None:
    """Opens what is new, and closes what v0 does not wait for any more. Whatever else the same
    message asks later is new, with a danger of its own: nobody has agreed to that."""
    new, still, lost = [], Q(pk__in=[]), Q(pk__in=[])
    for chat, bundle in pairs:
        if (ask := bundle.record.ask) is None:
            continue
        new.append(row := ask_row(chat.pk, ask))
        same = Q(chat=chat, message_id=row.message_id, asked=row.asked)
        late = Q(answered_at=None) | Q(answered_at__lt=bundle.fetched_at - LOST)
        still, lost = still | same, lost | (same & late)
    rows = Ask.objects.filter(chat__in=[chat.pk for chat, _ in pairs])
    rows.filter(state__in=WAITING).exclude(still).update(state=Ask.State.OVER)
    rows.filter(lost).exclude(state__in=WAITING).update(
        state=Ask.State.OPEN, answer=None, first_by=None, answered_by=None, answered_at=None
    )
    Ask.objects.bulk_create(new, ignore_conflicts=True)


def close_asks(chats: QuerySet[Chat]) -> None:
    """Nobody can answer any more what was asked in these chats."""
    Ask.objects.filter(chat__in=chats, state__in=WAITING).update(state=Ask.State.OVER)


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
