"""What processes tell each other through Valkey: what a chat's page shows now, and that a chat is
to be followed. All of it is a hint: rows are the truth, and whoever hears nothing looks at them.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import redis
import redis.asyncio
from django.conf import settings

from dashboard.upstream.pace import Away, server

PATIENCE = 2.0  # seconds for Valkey to answer


def channel(name: str | int) -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:live:{name}"


WAKE = "wake"  # the channel that followers hear


def publish(name: str | int, told: dict[str, Any]) -> None:
    """Tells those who listen now. Where Valkey is away nobody hears it, which breaks nothing."""
    if Away.now():
        return
    try:
        server(settings.REDIS_URL).publish(channel(name), json.dumps(told))
    except redis.RedisError:
        Away.noticed()


def look(chat_id: int) -> None:
    """Pages of the chat are to look at it again: it changed beyond the message being written."""
    publish(chat_id, {"look": True})


def begun(chat_id: int) -> None:
    """v0 has begun to write: followers are woken, and everybody's page of the chat looks."""
    publish(WAKE, {"chat": chat_id})
    look(chat_id)


async def listen(name: str | int, every: float) -> AsyncIterator[dict[str, Any] | None]:
    """What is told, and None first (from there on nothing is missed) and after each `every`
    seconds of silence. Raises RedisError where Valkey is away, or has said nothing for twice as
    long though it was asked."""
    valkey = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE)
    async with valkey, valkey.pubsub() as listening:
        await listening.subscribe(channel(name))
        message, was_asked = await listening.get_message(timeout=PATIENCE), True
        while True:
            if message is None:
                if was_asked:
                    raise redis.TimeoutError("Valkey does not answer.")
                await listening.ping()
            was_asked = message is None
            told: dict[str, Any] | None = None
            if message is not None and message["type"] == "message":
                with suppress(ValueError):
                    told = json.loads(message["data"])
            if message is None or message["type"] != "pong":
                yield told
            message = await listening.get_message(timeout=every)
