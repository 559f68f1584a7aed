"""What a sync brings, what it costs, and what it leaves alone."""

from __future__ import annotations

import pytest

from dashboard import sync
from dashboard.models import Chat, Content, Deployment, Key, Message, SyncRun, Version
from tests import make
from tests.dashboard.conftest import Cast
from v0client import V0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


def run(key: Key) -> SyncRun:
    """One sync of this key, here and now."""
    queued = sync.queue(key, trigger=SyncRun.Trigger.PERSON, send=False)
    sync.run(queued.pk)
    queued.refresh_from_db()
    return queued


def v0(simulator: Simulator, key: str = "v0-demo-owner") -> V0:
    return V0(key, base_url=simulator.base_url)


def test_first_sync_brings_a_chat_with_all_that_belongs_to_it(
    simulator: Simulator, cast: Cast
) -> None:
    with v0(simulator) as client:
        made = client.v1.chats.create(message="A page about tea", response_mode="async")
        simulator.clock.advance(60)
    finished = run(make.key(cast.owner))
    assert (finished.state, finished.errors) == ("done", {})
    chat = Chat.objects.get(upstream_id=made.id)
    assert chat.status == "ready"
    assert Message.objects.filter(chat=chat).count() == 2
    version = Version.objects.get(chat=chat)
    assert (version.number, version.status) == (1, "completed")
    assert version.files.count() > 0
