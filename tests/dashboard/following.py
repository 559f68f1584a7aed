"""A follower that runs inside a test until its chats are done, and what it tells meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings

from dashboard import channels
from dashboard.models import Chat, Key
from dashboard.sync.live import Follower
from dashboard.sync.store import store_chat
from dashboard.upstream import connect
from dashboard.views.live import Painter

PATIENCE = 20
STREAMS = {"v1": "/v1/chats/*/messages/*/resume", "v2": "/v2/chats/*/resume"}
DREAM = {"type": "dream", "path": "of tea"}
TASK = {"type": "task-dream-v1", "finishedIn": 1, "parts": [DREAM]}
NODE = ["AssistantMessageContentPart", {"part": TASK}]
# Where the stream, and the chat itself, tell the part in the midst of an answer that becomes one
# that is not known.
UNKNOWN: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "v1": ({"delta.0.1.3.0": NODE}, "/v1/chats/*", {"messages.1.experimental_content.0.1.3": NODE}),
    "v2": (
        {f"delta.3.0.{name}": value for name, value in DREAM.items()},
        "/v2/chats/*/messages",
        {f"messages.*.parts.3.{name}": value for name, value in DREAM.items()},
    ),
}


def begin(key: Key, generation: str, prompt: str = "A page about tea") -> Chat:
    """A chat that v0 has just begun to write."""
    with connect(key) as remote:
        record = remote.of(generation).create_chat(prompt=prompt, nonce="a", privacy="team")
    return store_chat(key, record)


def follow(patience: float = PATIENCE) -> int:
    """Follows what is running to its end, and says how many chats that were."""

    async def run() -> int:
        follower = Follower(Painter)
        await follower.take_up()
        tasks = list(follower.held.values())
        await asyncio.wait_for(asyncio.gather(*tasks), patience)
        return len(tasks)

    return asyncio.run(run())


@contextmanager
def heard(chat: Chat) -> Iterator[list[dict[str, Any]]]:
    """What is told to the chat's pages inside the block; complete after it."""
    told: list[dict[str, Any]] = []
    with redis.Redis.from_url(settings.REDIS_URL) as valkey, valkey.pubsub() as listening:
        listening.subscribe(channels.channel(chat.pk))
        listening.get_message(timeout=2)
        yield told
        while message := listening.get_message(timeout=0.2, ignore_subscribe_messages=True):
            told.append(json.loads(message["data"]))


def page_of(told: list[dict[str, Any]]) -> dict[str, str]:
    """What a page shows that has heard all of it: HTML by the id of its element."""
    return {name: html for one in told for name, html in one.get("pieces", ())}
