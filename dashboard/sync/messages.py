"""Messages of chats: written where they are new or differ, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.types.json import Jsonb

from dashboard.models import Chat, Message
from dashboard.sync.bundles import ChatBundle
from dashboard.sync.values import copy_rows, fit
from dashboard.upstream.records import MessageRecord

MESSAGE_FIELDS = [
    "role", "kind", "content", "parts", "attachments", "finish_reason", "author_id", "created_at",
    "updated_at", "cost", "tokens", "model",
]  # fmt: skip
# What v1 tells in its usage report alone; a message without it keeps what is known.
TOLD_ELSEWHERE = ("cost", "tokens", "model")


def people(bundles: Iterable[ChatBundle]) -> set[str]:
    """Everybody who wrote in these chats, by v0's ids."""
    found = set()
    for bundle in bundles:
        found.add(bundle.record.author_id)
        found.update(message.author_id for message in bundle.record.messages)
    return found


def save_messages(pairs: list[tuple[Chat, ChatBundle]], authors: Mapping[str, int]) -> None:
    existing = {
        (row.chat_id, row.upstream_id): row
        for row in Message.objects.filter(chat__in=[chat.pk for chat, _ in pairs])
    }
    rows: dict[tuple[int, str], Message] = {}
    for chat, bundle in pairs:
        for record in bundle.record.messages:
            row = message_row(chat, record, authors)
            rows[chat.pk, row.upstream_id] = row
    columns = ["chat_id", "upstream_id", *MESSAGE_FIELDS]
    new = [row for key, row in rows.items() if key not in existing]
    copy_rows(Message, columns, ([cell(row, name) for name in columns] for row in new))
    changed = []
    for key in rows.keys() & existing.keys():
        row, before = rows[key], existing[key]
        for name in TOLD_ELSEWHERE:
            setattr(row, name, getattr(row, name) or getattr(before, name))
        if any(getattr(row, name) != getattr(before, name) for name in MESSAGE_FIELDS):
            row.pk = before.pk
            changed.append(row)
    Message.objects.bulk_update(changed, [name.removesuffix("_id") for name in MESSAGE_FIELDS])


def cell(row: Message, name: str) -> Any:
    value = getattr(row, name)
    is_json = name in ("parts", "attachments", "tokens") and value is not None
    return Jsonb(value) if is_json else value


def message_row(chat: Chat, record: MessageRecord, authors: Mapping[str, int]) -> Message:
    row = Message(
        chat=chat,
        upstream_id=record.id,
        role=record.role,
        kind=record.kind,
        content=record.content,
        parts=record.parts,
        attachments=record.attachments,
        finish_reason=record.finish_reason,
        author_id=authors.get(record.author_id[:100]),
        created_at=record.created_at,
        updated_at=record.updated_at or record.created_at,
        cost=record.cost,
        tokens=record.tokens,
        model=record.model,
    )
    fit(row)
    return row
