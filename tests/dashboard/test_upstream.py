"""Refusals in words, the pace of a key, and what a connection leaves behind."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import crypto
from dashboard.models import Key
from dashboard.upstream import Refused, can, connect, connect_plain
from dashboard.upstream import pace as pacing
from dashboard.upstream.errors import UNSAID, refused
from dashboard.upstream.pace import Pace
from dashboard.upstream.v1_records import moment
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import new_chat
from v0client import errors
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def status(number: int, message: str = "v0 says so", **more: Any) -> errors.StatusError:
    return errors.class_for(number)(message, status=number, **more)


READS = [
    (status(401), "rejected"),
    (status(402), "forbidden"),
    (status(403), "forbidden"),
    (status(404), "gone"),
    (status(408), "slow"),
    (status(409), "conflict"),
    (status(413), "too-large"),
    (status(422), "invalid"),
    (status(429), "busy"),
    (status(500), "broken"),
    (status(418), "broken"),
    (errors.InvalidAnswer("no JSON", field="data.id"), "broken"),
    (errors.ConnectionFailed("no route"), "unreachable"),
    (errors.TimedOut("too slow"), "slow"),
    (errors.InvalidRequest("chat_id must be an id"), "invalid"),
]
WRITES = [
    (status(500), "broken"),
    (status(502), "unclear"),
    (status(504), "unclear"),
    (status(422), "invalid"),
    (errors.InvalidAnswer("no JSON"), "unclear"),
    (errors.ConnectionFailed("reset"), "unclear"),
    (errors.ConnectionFailed("refused", maybe_sent=False), "unreachable"),
    (errors.TimedOut("too slow"), "unclear"),
]


@pytest.mark.parametrize(("error", "kind"), READS, ids=lambda value: repr(value)[:40])
def test_a_refused_question_in_words(error: errors.V0Error, kind: str) -> None:
    refusal = refused(error)
    assert refusal.kind == kind
    assert_sentence(refusal.sentence)


@pytest.mark.parametrize(("error", "kind"), WRITES, ids=lambda value: repr(value)[:40])
def test_a_refused_change_in_words(error: errors.V0Error, kind: str) -> None:
    refusal = refused(error, write=True)
    assert refusal.kind == kind
    assert_sentence(refusal.sentence)


def assert_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert not any(character.isdigit() for character in sentence.replace("v0", ""))


def test_a_refusal_repeats_the_reason_of_v0() -> None:
    assert "“Choose a shorter name”" in refused(status(422, "Choose a shorter name.")).sentence
    assert "“" not in refused(status(422, "<html>Bad gateway")).sentence


def test_a_stream_that_v0_breaks_off_repeats_the_reason_of_v0() -> None:
    refusal = refused(errors.StreamFailed("No credits\nare left"))
    assert refusal.sentence.startswith("v0 broke off its answer (“No credits are left”).")
    assert (refusal.kind, refusal.told) == ("broken", "No credits\nare left")
    for unsaid in UNSAID:
        silent = refused(errors.StreamFailed(unsaid))
        assert (silent.told, unsaid in silent.sentence) == ("", False)


def test_a_failed_change_says_that_credits_may_be_used_up() -> None:
    assert "credits" in refused(status(500, "Internal error"), write=True).sentence


def test_a_429_says_how_long_to_wait() -> None:
    assert "30 seconds" in refused(status(429, retry_after=30)).sentence
    assert "2 minutes" in refused(status(429, retry_after=120)).sentence


def test_the_unit_of_a_reset_is_told_by_its_size() -> None:
    assert moment(1_800_000_000) == moment(1_800_000_000_000)
    assert moment(None) is None
    assert moment(3600) is None
    assert moment(1e300) is None


def test_the_key_is_nowhere_in_what_comes_back(simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v1/user", status=422, times=None, body="no")
    with connect(key) as remote:
        assert "demo-owner" not in repr(remote)
        with pytest.raises(Refused) as caught:
            remote.account()
    assert "demo-owner" not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_that_does_not_open_is_refused_in_words(key: Key) -> None:
    key.sealed = crypto.seal("v0-demo-owner", "another row")
    with pytest.raises(Refused, match="KEY_RING"), connect(key):
        pass


def test_a_malformed_key_is_refused_before_anything_is_sent(simulator: Simulator) -> None:
    with pytest.raises(Refused), connect_plain("two words"):
        pass
    assert simulator.requests == []


def test_use_is_noted_at_most_once_a_minute(simulator: Simulator, key: Key) -> None:
    with connect(key):
        first = Key.objects.get(pk=key.pk).last_used_at
    with connect(Key.objects.get(pk=key.pk)):
        assert Key.objects.get(pk=key.pk).last_used_at == first
    Key.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    with connect(Key.objects.get(pk=key.pk)):
        assert Key.objects.get(pk=key.pk).last_used_at != first


def test_a_change_is_sent_once_even_when_its_answer_is_lost(simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v1/chats", method="POST", reset="after")
    with connect(key) as remote, pytest.raises(Refused) as caught:
        remote.create_chat(prompt="A page", nonce="a")
    assert caught.value.kind == "unclear"
    assert len(simulator.store.chats) == 1


def test_people_are_told_at_once_when_v0_asks_to_slow_down(simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v1/user", status=429, headers={"retry-after": "40"})
    with connect(key) as remote:
        with pytest.raises(Refused) as first:
            remote.account()
        # Everybody with this key waits now, without asking v0.
        asked = len(simulator.requests)
        with pytest.raises(Refused) as second:
            remote.projects()
    assert (first.value.kind, second.value.kind) == ("busy", "busy")
    assert second.value.retry_after
    assert len(simulator.requests) == asked


def test_can_says_why_a_verb_is_missing() -> None:
    assert can("v1", "fork") is None
    assert "project" in (can("v1", "unassign_project") or "")
    assert can("v2", "fork_version")


def busiest(pace: Pace, workers: int) -> int:
    """The most slots that were held at once by that many threads."""
    held, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal held, most
        with pace.slot():
            with lock:
                held += 1
                most = max(most, held)
            time.sleep(0.02)
            with lock:
                held -= 1

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def test_at_most_four_requests_are_in_flight(simulator: Simulator) -> None:
    assert busiest(Pace("a", background=True), 10) == 4


def test_the_limit_holds_over_all_processes(simulator: Simulator) -> None:
    mine, other = Pace("a", background=True), Pace("a", background=True)
    with pacing.local_lock:
        pacing.local_slots.clear()  # as in another process: only Valkey is shared
    third = Pace("a", background=True)
    with mine.slot(), other.slot():
        assert busiest(third, 6) == 2


def test_background_work_leaves_room_when_people_act(simulator: Simulator) -> None:
    with Pace("a", background=False).slot():
        pass
    assert busiest(Pace("a", background=True), 6) == 2


def test_a_successor_frees_the_slots_of_dead_background_work(simulator: Simulator) -> None:
    dead = Pace("a", background=True)
    for number in range(4):
        dead._take(f"{pacing.BACKGROUND}:{number}")
    fresh = Pace("a", background=True)
    fresh.forget_background()
    assert busiest(fresh, 4) == 4


def test_without_valkey_each_process_keeps_to_the_limit(
    simulator: Simulator, key: Key, settings: Settings
) -> None:
    new_chat(simulator)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with connect(key) as remote:
        assert len(list(remote.chats())) == 1
    assert busiest(Pace("b", background=True), 8) == 4
