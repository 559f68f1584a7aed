"""v0's streams, read along on an event loop while a message is written. No rows are written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from dashboard import crypto
from dashboard.models import Key
from dashboard.upstream import keep_pace, note_use
from dashboard.upstream.errors import Refused, refused
from dashboard.upstream.pace import Pace
from v0client import AsyncV0
from v0client.errors import V0Error
from v0client.v1.events import Written as WrittenV1
from v0client.v2.events import Written as WrittenV2


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """What a stream has told of a message so far. Parts that are not `whole` miss something: the
    stream was joined without its beginning."""

    message_id: str
    parts: list[Any]
    title: str
    whole: bool


@asynccontextmanager
async def reading_along(
    key: Key, generation: str, chat_id: str, message_id: str
) -> AsyncIterator[AsyncIterator[WrittenRecord]]:
    """The stream of what is being written in a chat. It takes one of the key's turns to open it,
    and none to read it. Raises Refused, also where the stream is cut off."""
    async with asking(key) as (client, pace), AsyncExitStack() as opened:
        async with pace.turn():
            events: Any = await opened.enter_async_context(
                client.v1.chats.resume(chat_id, message_id)
                if generation == "v1"
                else client.v2.chats.resume(chat_id)
            )
        yield records(events)


@asynccontextmanager
async def asking(key: Key, *, write: bool = False) -> AsyncIterator[tuple[AsyncV0, Pace]]:
    """v0 on an event loop, as this key sees it, and the key's pace. Nothing is asked again. What
    the client raises inside becomes Refused; `write` where it may have cost something."""
    pace = Pace(str(key.pk), background=False)
    try:
        client = AsyncV0(
            await sync_to_async(unsealed)(key),
            base_url=settings.V0_BASE_URL,
            timeout=settings.V0_TIMEOUT,
            max_retries=0,
            on_answer=partial(keep_pace, pace),
        )
        async with client:
            yield client, pace
        return
    except V0Error as error:
        # Without the original: its frames hold the request.
        refusal = refused(error, write=write)
    raise refusal


async def records(events: Any) -> AsyncIterator[WrittenRecord]:
    async for _ in events:
        yield record(events.state)


def record(state: WrittenV1 | WrittenV2) -> WrittenRecord:
    parts = state.raw_parts if isinstance(state, WrittenV2) else state.content
    title = state.title or (state.name if isinstance(state, WrittenV1) else None)
    return WrittenRecord(
        message_id=state.message_id or "",
        parts=parts if isinstance(parts, list) else [],
        title=title or "",
        whole=state.in_step,
    )


def unsealed(key: Key) -> str:
    try:
        note_use(key)
        return crypto.open_sealed(key.sealed, key.seal_context)
    except crypto.CannotOpen:
        raise Refused(
            "The stored key cannot be opened with the present key ring.", kind="broken"
        ) from None
    finally:
        close_old_connections()
