"""What the tests of the mirror share: one run here and now, and changes made in v0 itself."""

from __future__ import annotations

from typing import Any

from dashboard import sync
from dashboard.models import Key, SyncRun
from v0client import V0
from v0client.simulator import Simulator
from v0client.v1.chats import ChatDetail


def run(key: Key) -> SyncRun:
    """One sync of this key."""
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)
    sync.run(queued.pk)
    queued.refresh_from_db()
    return queued


def v0(simulator: Simulator, key: str = "v0-demo-owner") -> V0:
    """v0 as somebody uses it beside the dashboard."""
    return V0(key, base_url=simulator.base_url)


def new_chat(
    simulator: Simulator, message: str = "A page about tea", key: str = "v0-demo-owner", **more: Any
) -> ChatDetail:
    """A finished chat, made beside the dashboard."""
    with v0(simulator, key) as client:
        chat = client.v1.chats.create(message=message, response_mode="async", **more)
    simulator.clock.advance(60)
    return chat


def fill(simulator: Simulator, chats: int) -> None:
    """A v0 with that many chats."""
    simulator.seed = f"big:{chats}"
    simulator.reset()
