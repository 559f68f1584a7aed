"""How v2 writes the simulator's records as JSON. Only declared fields, nothing decided here."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation, prices
from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, dump
from v0client.simulator.records import Chat, Message
from v0client.simulator.store import may_write
from v0client.simulator.v2 import parts

Shape = dict[str, Any]


def chat(call: Call, record: Chat) -> Shape:
    """A chat; its title appears while the first answer is written."""
    shape: Shape = {"id": record.id}
    if record.name is not None and record.named_at <= call.now:
        shape["title"] = record.name
    shape["privacy"] = record.privacy
    shape["createdAt"] = iso(record.created_at)
    shape["updatedAt"] = iso(record.updated_at)
    shape["authorId"] = record.author_id
    if record.vercel_project_id:
        shape["vercelProjectId"] = record.vercel_project_id
    shape["metadata"] = record.metadata
    shape["writePermission"] = may_write(record, call.person)
    return shape


def chat_row(call: Call, record: Chat) -> bytes:
    """The same, written once per change and permission."""
    slot = ("v2", may_write(record, call.person))
    if (written := record.written.get(slot)) is not None:
        return written
    row = dump(chat(call, record))
    if record.named_at <= call.now:
        record.written[slot] = row
    return row


def chat_with_usage(call: Call, record: Chat, reply: Message | None = None) -> Shape:
    """A new chat, and what its first answer used."""
    return {"chat": chat(call, record), "usage": usage(reply, call.now)}


def message(call: Call, record: Message) -> Shape:
    """A message with everything that has been written of it by now."""
    run = record.run
    told = parts.told(record, call.now, call.simulator.base_url)
    changed = record.created_at if run is None else min(call.now, run.finished_at)
    shape: Shape = {
        "id": record.id,
        "chatId": record.chat_id,
        "role": record.role,
        "createdAt": iso(record.created_at),
        "updatedAt": iso(changed),
        "content": parts.trailing_prose(told),
        "parts": told,
        "finishReason": finish_reason(record, call.now),
        "restorable": generation.restorable(call.store, record, call.now),
        "authorId": record.author_id,
        "usage": usage(record, call.now),
    }
    if record.attachments:
        shape["attachments"] = [attachment(url) for url in record.attachments]
    return shape


def finish_reason(record: Message, now: float) -> str | None:
    """Why an answer ended; people's messages have no reason."""
    if record.run is not None:
        return generation.finish_reason(record.run, now)
    return "stop" if record.role == "assistant" else None


def attachment(url: str) -> Shape:
    """What is known of an attachment; type and size where the address holds the content."""
    shape: Shape = {"url": url}
    if url.startswith("data:"):
        head, _, content = url.partition(",")
        packed = head.endswith(";base64")
        kind = head.removeprefix("data:").partition(";")[0]
        shape["contentType"] = kind or "text/plain"
        shape["size"] = len(content.rstrip("=")) * 3 // 4 if packed else len(content)
    return shape


def usage(record: Message | None, now: float) -> Shape:
    """What an answer used; nothing before it is finished, and nothing for what people write."""
    run = record.run if record else None
    used = prices.Spent()
    if record and run and run.charged and run.finished_at <= now:
        used = prices.spent(record.id, run.model)
    return {"tokens": counts(used.tokens), "creditsCost": counts(used.cost)}


def counts(figures: prices.Counts) -> Shape:
    """Figures by kind and their sum."""
    return {
        "input": figures.input,
        "output": figures.output,
        "cacheRead": figures.cache_read,
        "cacheWrite": figures.cache_write,
        "total": figures.total,
    }
