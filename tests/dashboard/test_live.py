"""Running chats are read along with in v0's streams: stored, told to their pages, never doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.models import Chat, Key, Membership, Message
from dashboard.sync import live
from dashboard.sync.follow import follow_due
from dashboard.upstream import connect
from dashboard.views.conversation import EMPTY
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.following import STREAMS, begin, follow, heard, page_of
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
GENERATIONS = ("v1", "v2")
TAKEN_OVER_WITHIN = timedelta(seconds=15)


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def asked(simulator: Simulator, part: str) -> int:
    return sum(part in request.path for request in simulator.requests)


def is_whole(chat: Chat) -> None:
    """The chat is done, each message is there once, and its files are stored."""
    chat.refresh_from_db()
    assert (chat.status, chat.followed_until, chat.follow_at) == ("ready", None, None)
    assert [message.role for message in chat.messages.order_by("id")] == ["user", "assistant"]
    assert chat.versions.get().files.exists()


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_running_chat_is_followed_in_its_stream_to_the_end(
    simulator: Simulator, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    with heard(chat) as told:
        assert follow() == 1
    is_whole(chat)
    answer = chat.messages.get(role="assistant")
    shown = page_of(told)
    assert any("What changed" in html for html in shown.values())
    assert any("Thought" in html for html in shown.values())
    assert all(name == "title" or answer.upstream_id in name for name in shown)
    assert told[-1] == {"look": True}
    assert asked(simulator, "/resume") == 1


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("cut", [{"cut_after_events": 3}, {"cut_in_character": True}])
def test_a_stream_that_is_cut_off_is_joined_again(
    simulator: Simulator, key: Key, generation: str, cut: dict[str, int]
) -> None:
    chat = begin(key, generation, "A page about tea — for Zoë")
    before = chat.messages.count()
    simulator.faults.add(STREAMS[generation], **cut)
    follow()
    is_whole(chat)
    assert Message.objects.count() == before
    assert asked(simulator, "/resume") == 2  # the second where the first was cut


@pytest.mark.parametrize(
    ("generation", "fault"),
    [
        ("v1", {"patch": {"delta": [[0, 1, 99, 2, "lost"], 9, 9]}}),  # of a part never told
        ("v2", {"patch": {"delta": {"_t": "a", "7": {"text": ["lost", "found"]}}}}),
        ("v1", {"body": 'data: {"object": "error", "message": "boom"}\n\n'}),
        ("v2", {"body": 'data: {"object": "error", "id": "x", "message": "boom"}\n\n'}),
        ("v1", {"not_json": True}),
        ("v2", {"status": 500}),
    ],
)
def test_a_stream_that_makes_no_sense_changes_nothing(
    simulator: Simulator, key: Key, generation: str, fault: dict[str, object]
) -> None:
    chat = begin(key, generation)
    simulator.faults.add(STREAMS[generation], **fault)
    with heard(chat) as told:
        follow()
    is_whole(chat)
    assert not any("lost" in html for html in page_of(told).values())


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_stream_that_says_it_is_finished_ends_the_following(
    simulator: Simulator, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    simulator.clock.advance(600)
    follow()
    is_whole(chat)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_run_that_ends_with_nothing_says_so_and_offers_the_prompt_again(
    simulator: Simulator,
    key: Key,
    generation: str,
    cast: Cast,
    client_of: Callable[[Membership], Client],
) -> None:
    chat = begin(key, generation, "A page about tea, end empty")
    follow()
    chat.refresh_from_db()
    assert chat.status != "running"
    page = client_of(cast.owner).get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
    assert EMPTY in page
    assert "Send the prompt again" in page


def test_two_followers_never_take_the_same_chat(simulator: Simulator, key: Key) -> None:
    chat = begin(key, "v2")
    first = live.claim(10)
    assert [one.pk for one in first] == [chat.pk]
    assert live.claim(10) == []
    asked_before = len(simulator.requests)
    follow_due()  # what nobody holds
    assert len(simulator.requests) == asked_before


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_chats_of_a_dead_follower_go_on_elsewhere(
    simulator: Simulator, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    live.claim(10)  # by a process that dies now
    assert follow() == 0
    assert live.HOLD + timedelta(seconds=live.LOOK_AROUND) < TAKEN_OVER_WITHIN
    Chat.objects.update(followed_until=timezone.now() - timedelta(seconds=1))
    assert follow() == 1
    is_whole(chat)


def test_a_follower_that_lost_its_chat_does_not_take_it_from_the_next(key: Key) -> None:
    begin(key, "v2")
    (lost,) = live.claim(10)
    Chat.objects.update(followed_until=timezone.now() - timedelta(seconds=1))
    (next_one,) = live.claim(10)
    assert not live.renew(lost)
    assert not live.let_go(lost)
    assert live.renew(next_one)


def test_without_valkey_chats_are_followed_all_the_same(
    simulator: Simulator, key: Key, settings: Settings
) -> None:
    chat = begin(key, "v2")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    follow()
    is_whole(chat)


def test_a_chat_that_is_deleted_while_it_runs_is_let_go(simulator: Simulator, key: Key) -> None:
    chat = begin(key, "v2")
    with connect(key) as remote:
        remote.of("v2").delete_chat(chat.upstream_id)
    with heard(chat) as told:
        follow()
    assert {"look": True} in told
    chat.refresh_from_db()
    assert chat.gone_at
    assert chat.followed_until is None
