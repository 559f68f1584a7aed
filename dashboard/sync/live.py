"""Reads along in v0's streams of the chats that are running, and keeps their messages up to date.

One process follows many chats on one event loop. It holds a chat by moving `followed_until` ahead:
what a dead process held is free a moment later. Where there is no stream the chat is looked at, as
follow.py does for everything that nobody holds.
"""

from __future__ import annotations

import asyncio
import json
import time
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from redis import RedisError

from dashboard import channels
from dashboard.models import Chat, Key, Message
from dashboard.sync.broken_off import keep_reason
from dashboard.sync.follow import follow_chat, follow_row, key_of, unheld
from dashboard.sync.values import clean, clean_json
from dashboard.upstream import Refused
from dashboard.upstream.streams import WrittenRecord, reading_along

T = TypeVar("T")
# Shows a message as it is now, or the chat's new title, to everybody who watches.
Show = Callable[[Message, str], None]

HOLD = timedelta(seconds=8)
RENEW = 2.5  # seconds
EVERY = 0.1  # seconds between two writes of a message
SILENCE = 30.0  # seconds after which a stream counts as cut off
SOON = 0.5  # seconds until a stream that was cut off is joined again
CATCHING_UP = 1.0  # seconds in which a stream tells what was written before it was joined
LOOK_AROUND = 1.0  # seconds between two looks at what is to be followed
LISTEN = 30.0
AT_ONCE = 200
LOOKS_AT_ONCE = 6  # each holds a database connection while it asks v0
log = structlog.get_logger("dashboard.live")


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Work that waits, beside the event loop; its database connection goes back at once."""

    def run() -> T:
        try:
            return work(*args)
        finally:
            close_old_connections()

    return await asyncio.to_thread(run)


class Follower:
    """Follows as many chats as there are. `show` is made anew for each chat that is taken up."""

    def __init__(self, show: Callable[[Chat], Show]) -> None:
        self.show = show
        self.held: dict[int, asyncio.Task[None]] = {}
        self.turns = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def run(self, stopping: asyncio.Event) -> None:
        """Follows until asked to stop: woken by others, and looking by itself in any case."""
        woken = asyncio.Event()
        hearing = asyncio.create_task(hear(woken))
        end = asyncio.create_task(stopping.wait())
        while not stopping.is_set():
            try:
                await self.take_up()
            except DatabaseError:
                log.exception("the database cannot be asked")
            call = asyncio.create_task(woken.wait())
            await asyncio.wait({call, end}, timeout=LOOK_AROUND, return_when=FIRST_COMPLETED)
            call.cancel()
            woken.clear()
        hearing.cancel()
        await self.stop()

    async def take_up(self) -> None:
        """Begins to follow what nobody else does."""
        for chat in await in_thread(claim, AT_ONCE - len(self.held)):
            task = asyncio.create_task(self.hold(chat))
            self.held[chat.pk] = task
            task.add_done_callback(partial(self.forget, chat.pk))

    def forget(self, chat_id: int, _: object) -> None:
        del self.held[chat_id]

    async def stop(self) -> None:
        """Lets go of everything, so that others can go on at once."""
        tasks = list(self.held.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def hold(self, chat: Chat) -> None:
        """Follows the chat to its end, unless somebody else has taken it meanwhile."""
        following = asyncio.create_task(self.follow(chat))
        try:
            while not following.done():
                await asyncio.wait({following}, timeout=RENEW)
                if not await in_thread(renew, chat):
                    return
            following.result()
        except Exception:
            # It is not let go: another try comes when the hold has ended.
            log.exception("following failed", chat=chat.pk)
        else:
            await in_thread(let_go, chat)
        finally:
            if not following.done():
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
                await in_thread(let_go, chat)

    async def follow(self, chat: Chat) -> None:
        show = self.show(chat)
        while True:
            heard = await self.read_along(chat, show)
            async with self.turns:
                wait = await in_thread(look, chat)
            if wait is None:
                return
            await asyncio.sleep(SOON if heard else wait)

    async def read_along(self, chat: Chat, show: Show) -> bool:
        """Whether the stream told anything that can be followed; then it can be joined again soon.
        That it ended does not say that v0 is done."""
        key, message_id = await in_thread(source, chat)
        if key is None or (chat.generation == "v1" and not message_id):
            return False
        pen = Pen(chat, show)
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(pen.write_on())
            try:
                async with reading_along(
                    key, chat.generation, chat.upstream_id, message_id
                ) as written:
                    async for record in patiently(written):
                        pen.told(record)
            except (Refused, TimeoutError) as reason:
                log.info("the stream was cut off", chat=chat.pk, reason=str(reason)[:200])
                written_id = pen.newest.message_id if pen.newest else message_id
                if told := getattr(reason, "told", ""):
                    await in_thread(pen.message, written_id)  # it is stored from then on
                    await in_thread(keep_reason, chat, written_id, told)
            await pen.emptied()
            writing.cancel()
        return pen.newest is not None and pen.newest.whole


async def hear(woken: asyncio.Event) -> None:
    """Passes on that others have begun something; where Valkey is away, tries it again."""
    while True:
        with suppress(RedisError):
            async for _ in channels.listen(channels.WAKE, every=LISTEN):
                woken.set()
        await asyncio.sleep(LOOK_AROUND)


async def patiently(written: AsyncIterator[WrittenRecord]) -> AsyncIterator[WrittenRecord]:
    """The records, up to one that misses something: until v0 tells the whole message anew, nothing
    comes of a stream. TimeoutError when v0 says nothing for long: the connection may be dead."""
    nothing = object()
    while True:
        record: Any = await asyncio.wait_for(anext(written, nothing), SILENCE)
        if record is nothing:
            return
        yield record
        if not record.whole:
            return


class Pen:
    """Writes the newest state of a message down and shows it, a few times a second."""

    def __init__(self, chat: Chat, show: Show) -> None:
        self.chat, self.show = chat, show
        self.newest: WrittenRecord | None = None
        self.joined_at = time.monotonic()
        self._fresh, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    def told(self, record: WrittenRecord) -> None:
        self.newest = record
        self._empty.clear()
        self._fresh.set()

    async def emptied(self) -> None:
        """Returns when all that was told is written."""
        await self._empty.wait()

    async def write_on(self) -> None:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            if self.newest is not None:
                await in_thread(self.write, self.newest)
            if not self._fresh.is_set():
                self._empty.set()
            await asyncio.sleep(EVERY)

    def write(self, record: WrittenRecord) -> None:
        message = self.message(record.message_id)
        if message is None or message.finish_reason:
            return
        name = clean(record.title)[:500]
        if name and name != self.chat.name:
            self.chat.name = name
            Chat.objects.filter(pk=self.chat.pk).update(name=name)
        parts = clean_json(record.parts)
        if record.whole and parts != message.parts and not self.is_behind(parts, message.parts):
            message.parts = parts
            now = timezone.now()
            Message.objects.filter(pk=message.pk, finish_reason="").update(
                parts=parts, updated_at=now
            )
        self.show(message, name)

    def is_behind(self, parts: list[Any], before: Any) -> bool:
        """A stream that was just joined begins with what is known already."""
        catching_up = time.monotonic() < self.joined_at + CATCHING_UP
        return catching_up and len(json.dumps(parts)) < len(json.dumps(before))

    def message(self, message_id: str) -> Message | None:
        """The row; a message that is new to us comes by looking at the chat."""
        if not message_id:
            return None
        rows = Message.objects.filter(chat=self.chat, upstream_id=message_id[:100])
        row = rows.first()
        if row is None:
            look(self.chat)
            row = rows.first()
        return row


# ---- what is done to the rows; each is called in a thread ---------------------------------------


def claim(most: int) -> list[Chat]:
    """Running chats that nobody follows, held from now on."""
    now = timezone.now()
    running = Chat.objects.present().filter(unheld(), status=Chat.Status.RUNNING)
    with transaction.atomic():
        due = (
            running.exclude(follow_at=None)
            .order_by("-running_since")
            .select_for_update(skip_locked=True, of=("self",))
        )
        found = list(due.select_related("author", "team")[: max(0, most)])
        until = now + HOLD
        Chat.objects.filter(pk__in=[chat.pk for chat in found]).update(followed_until=until)
    for chat in found:
        chat.followed_until = until
    return found


def renew(chat: Chat) -> bool:
    """Whether the chat is still ours; if so, for a while longer."""
    return move(chat, timezone.now() + HOLD)


def let_go(chat: Chat) -> bool:
    return move(chat, None)


def move(chat: Chat, until: datetime | None) -> bool:
    """Conditional on nobody else having taken the chat."""
    held = Chat.objects.filter(pk=chat.pk, followed_until=chat.followed_until)
    if not held.update(followed_until=until):
        return False
    chat.followed_until = until
    return True


def source(chat: Chat) -> tuple[Key | None, str]:
    """The key to follow with, and the id of the message that is being written, if known."""
    newest = chat.messages.order_by("-created_at", "-id").first()
    is_open = newest is not None and newest.role == "assistant" and not newest.finish_reason
    return key_of(chat), newest.upstream_id if newest is not None and is_open else ""


def look(chat: Chat) -> float | None:
    """Looks at the chat by itself; seconds to wait for the next look, None where it is over."""
    row = Chat.objects.select_related("author").get(pk=chat.pk)
    follow_row(row, follow_chat)
    row.refresh_from_db()
    if row.follow_at is None or row.gone_at is not None or row.status != Chat.Status.RUNNING:
        return None
    return max(0.0, (row.follow_at - timezone.now()).total_seconds())
