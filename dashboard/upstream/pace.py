"""How fast v0 is asked with a key: at most 4 requests in flight over all processes.

The count lives in Valkey and expires by itself. Where Valkey is away, each process keeps to the
limit on its own: asking v0 never fails for that.
"""

from __future__ import annotations

import asyncio
import math
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import cache
from typing import cast

import redis
from django.conf import settings

from dashboard.upstream.errors import SENTENCES, Refused, duration

IN_FLIGHT = 4
IN_FLIGHT_BESIDE_PEOPLE = 2  # what background work keeps to while somebody acts
SLOT_SECONDS = 120  # after this, a slot of a process that died is free again
PEOPLE_SECONDS = 10
WAITING_MILLISECONDS = 1000
PEOPLE_WAIT = 3.0  # longer than this nobody waits before a page
SLOW_UNLESS_TOLD = 1.0
AWAY_SECONDS = 10.0
BACKGROUND = "background"

# Takes a slot unless there are too many or the key is slowed down: milliseconds to wait, or 0.
# Background work that waits keeps people off the last slot, so that it is slowed but never starved.
TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slow = tonumber(redis.call('GET', KEYS[2]) or '0')
if slow > now then return slow - now end
local most, background = tonumber(ARGV[2]), ARGV[4] == '1'
if not background then redis.call('SET', KEYS[3], '1', 'EX', ARGV[6]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local all, working = 0, 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  all = all + 1
  if string.sub(member, 1, 10) == 'background' then working = working + 1 end
end
local full = all >= most
if background then
  full = full or (redis.call('EXISTS', KEYS[3]) == 1 and working >= tonumber(ARGV[3]))
  if full then redis.call('SET', KEYS[4], '1', 'PX', ARGV[7]) end
else
  full = full or (redis.call('EXISTS', KEYS[4]) == 1 and all - working >= most - 1)
end
if full then return -1 end
redis.call('ZADD', KEYS[1], now + ARGV[5] * 1000, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5] * 1000)
return 0
"""
# Never shortens what an earlier answer asked for.
SLOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local new = now + tonumber(ARGV[1])
if new > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], string.format('%.0f', new), 'PX', ARGV[1])
end
"""

local_slots: dict[str, threading.BoundedSemaphore] = {}
local_lock = threading.Lock()


@cache
def server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


def counters() -> str:
    """The hash of answers so far, by who asked and the class of the status."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:answers"


def answers() -> dict[tuple[str, str], int]:
    """How many answers v0 gave: (sync or people, 2xx … or none) -> number. Raises RedisError."""
    told = cast("dict[bytes, bytes]", server(settings.REDIS_URL).hgetall(counters()))
    split = {what.decode().partition(":"): int(number) for what, number in told.items()}
    return {(who, status): number for (who, _, status), number in split.items()}


class Away:
    """When Valkey was last missed; it is left alone for a while then."""

    until = 0.0

    @classmethod
    def now(cls) -> bool:
        return time.monotonic() < cls.until

    @classmethod
    def noticed(cls) -> None:
        cls.until = time.monotonic() + AWAY_SECONDS


class Pace:
    """The pace of one key. `name` tells keys apart; background work gives way to people."""

    def __init__(self, name: str, *, background: bool) -> None:
        self.background = background
        prefix = f"{settings.CACHES['default']['KEY_PREFIX']}:pace:{name}"
        self._slots, self._slow, self._people, self._waiting = (
            f"{prefix}:{part}" for part in ("slots", "slow", "people", "waiting")
        )
        with local_lock:
            self._local = local_slots.setdefault(name, threading.BoundedSemaphore(IN_FLIGHT))
        self._turn = threading.local()
        self._heard: Counter[str] = Counter()
        self._slow_until = 0.0  # as far as this process was told itself

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Inside, one request at a time may be made, and further slots cost nothing.

        People are told when they would have to wait long.
        """
        if getattr(self._turn, "taken", False):
            self._heed(self._slow_until - time.monotonic())
            yield
            return
        with self._local if Away.now() else nullcontext():
            member = f"{BACKGROUND if self.background else 'person'}:{uuid.uuid4().hex}"
            self._take(member)
            self._turn.taken = True
            try:
                yield
            finally:
                self._turn.taken = False
                self._give_back(member)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The same for one request on an event loop, which goes on meanwhile."""
        member = f"person:{uuid.uuid4().hex}"
        await asyncio.to_thread(self._take, member)
        try:
            yield
        finally:
            await asyncio.to_thread(self._give_back, member)

    def slow_down(self, seconds: float | None) -> None:
        """v0 asked to wait: everybody with this key does."""
        wait = SLOW_UNLESS_TOLD if seconds is None else seconds
        self._slow_until = max(self._slow_until, time.monotonic() + wait)
        if wait > 0 and not Away.now():
            try:
                server(settings.REDIS_URL).eval(SLOW, 1, self._slow, math.ceil(wait * 1000))
            except redis.RedisError:
                Away.noticed()

    def heard(self, status: int) -> None:
        """Counts an answer, for /metrics; written when the slot is given back."""
        who = "sync" if self.background else "people"
        with local_lock:
            self._heard[f"{who}:{status // 100}xx" if status else f"{who}:none"] += 1

    def forget_background(self) -> None:
        """Frees the slots of background work that died; its successor calls this."""
        if Away.now():
            return
        try:
            valkey = server(settings.REDIS_URL)
            for member, _ in valkey.zscan_iter(self._slots, f"{BACKGROUND}:*"):
                valkey.zrem(self._slots, member)
        except redis.RedisError:
            Away.noticed()

    def _take(self, member: str) -> None:
        waited = 0.0
        while (pause := self._pause(member)) > 0:
            self._heed(pause, waited)
            waited += pause

    def _heed(self, pause: float, waited: float = 0.0) -> None:
        """Waits, or tells people that it would take long."""
        if not self.background and waited + pause > PEOPLE_WAIT:
            wait = f", for {duration(pause)}"
            raise Refused(SENTENCES["busy"].format(wait=wait), kind="busy", retry_after=pause)
        if pause > 0:
            time.sleep(pause)

    def _pause(self, member: str) -> float:
        """Seconds to wait before trying again, or 0 with the slot taken."""
        if Away.now():
            return 0
        numbers = (IN_FLIGHT, IN_FLIGHT_BESIDE_PEOPLE, int(self.background))
        keys = (self._slots, self._slow, self._people, self._waiting)
        try:
            left = server(settings.REDIS_URL).eval(
                TAKE,
                4,
                *keys,
                member,
                *numbers,
                SLOT_SECONDS,
                PEOPLE_SECONDS,
                WAITING_MILLISECONDS,
            )
        except redis.RedisError:
            Away.noticed()
            return 0
        if left < 0:
            return 0.02 + random.random() * 0.03  # noqa: S311  # spreads waiters, no secret
        return min(float(left) / 1000, 30.0)

    def _give_back(self, member: str) -> None:
        with local_lock:
            heard, self._heard = self._heard, Counter()
        if not Away.now():
            try:
                with server(settings.REDIS_URL).pipeline(transaction=False) as valkey:
                    valkey.zrem(self._slots, member)
                    for what, number in heard.items():
                        valkey.hincrby(counters(), what, number)
                    valkey.execute()
            except redis.RedisError:
                Away.noticed()
