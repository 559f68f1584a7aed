"""Real follower processes, one of which is killed while v0 writes: another goes on in its place."""

from __future__ import annotations

import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import pytest
import redis
from django.test import Client

from dashboard import channels
from dashboard.models import Chat, Key, Membership, Message
from dashboard.upstream import connect
from dashboard.views.conversation import answered
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.following import begin, heard, page_of
from tests.dashboard.processes import beside
from tests.demo import until
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
GENERATIONS = ("v1", "v2")
TAKEN_OVER_WITHIN = 15  # seconds from the kill


@pytest.fixture
def simulator(held_simulator: Simulator) -> Simulator:
    return held_simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def follower(simulator: Simulator) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """`make demo`'s follower."""
    return beside(simulator, "manage.py", "follow")


def write(simulator: Simulator, chats: list[Chat], share: float) -> None:
    """v0 writes on until so much of each newest answer is written, or a little more."""
    runs = [simulator.store.chats[chat.upstream_id].messages[-1].run for chat in chats]
    moments = [run.started_at + share * run.duration for run in runs if run]
    simulator.clock.advance(max(moments) - simulator.clock.now())


def answer(chat: Chat) -> Message:
    return chat.messages.get(role="assistant")


def is_up_to_date(key: Key, chat: Chat) -> bool:
    """Whether what is stored of the answer shows the same as what v0 says of it now."""
    with connect(key) as remote:
        told = remote.of(chat.generation).chat(chat.upstream_id).messages[-1]
    row = answer(chat)
    fresh = Message(upstream_id=row.upstream_id, parts=told.parts)
    shown = answered(chat, row, is_open=True)
    return bool(shown) and shown == answered(chat, fresh, is_open=True)


def is_done(chat: Chat) -> bool:
    return not Chat.objects.filter(pk=chat.pk, status=Chat.Status.RUNNING).exists()


def listening(valkey: redis.Redis) -> int:
    """How many followers wait to be woken."""
    name = channels.channel(channels.WAKE)
    return int(dict(valkey.pubsub_numsub(name))[name.encode()])


def test_a_follower_killed_in_mid_run_is_succeeded_within_15_seconds_and_nothing_is_doubled(
    simulator: Simulator,
    key: Key,
    cast: Cast,
    valkey: redis.Redis,
    client_of: Callable[[Membership], Client],
) -> None:
    chats = [begin(key, generation) for generation in GENERATIONS]
    with ExitStack() as stack:
        told = [stack.enter_context(heard(chat)) for chat in chats]
        killed = stack.enter_context(follower(simulator))
        write(simulator, chats, 0.3)
        until(lambda: all(is_up_to_date(key, chat) for chat in chats))
        stack.enter_context(follower(simulator))
        until(lambda: listening(valkey) == 2)
        joined = Counter(streams(simulator))
        assert set(joined.values()) == {1}, "somebody else follows them, too"
        killed.kill()
        since = time.monotonic()
        write(simulator, chats, 0.6)
        until(lambda: all(is_up_to_date(key, chat) for chat in chats))
        assert time.monotonic() - since < TAKEN_OVER_WITHIN
        write(simulator, chats, 1.0)
        until(lambda: all(is_done(chat) for chat in chats))
    assert Counter(streams(simulator)) == joined + joined
    assert sent(simulator) == len(chats)
    for chat, events in zip(chats, told, strict=True):
        assert is_up_to_date(key, chat)
        assert [row.role for row in chat.messages.order_by("id")] == ["user", "assistant"]
        assert chat.versions.count() == 1
        page = client_of(cast.owner).get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
        shown = parts_in(page)
        assert max(shown.values()) == 1
        live = "".join(page_of(events).values())
        assert parts_in(live) == shown


def streams(simulator: Simulator) -> list[str]:
    """The addresses of the streams that were joined, each as often as that was done."""
    return [one.path for one in simulator.requests if one.path.endswith("/resume")]


def sent(simulator: Simulator) -> int:
    """How often v0 was asked to write something."""
    posts = [one.path for one in simulator.requests if one.method == "POST"]
    return sum(not path.endswith("/resume") for path in posts)


def parts_in(html: str) -> Counter[str]:
    """The parts of answers that are shown."""
    return Counter(re.findall(r'id="(part-\w+-\d+)"', html))
