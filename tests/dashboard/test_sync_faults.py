"""What goes wrong at v0 or on the way: said in words, nothing lost, nothing marked."""

from __future__ import annotations

import socket
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.models import Chat, Key, Message, SyncRun
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import fill, new_chat, run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
AT_ONCE = {"retry-after": "0"}


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def assert_in_words(finished: SyncRun) -> None:
    """Sentences, without a status code or the key."""
    for sentence in finished.errors.values():
        assert sentence[0].isupper() or sentence.startswith("v0")
        assert sentence.endswith(".")
        assert not any(text in sentence for text in ("v0-demo", "401", "429", "500", "Error"))


def test_a_key_revoked_in_mid_sync_is_marked_and_nothing_else_is(
    simulator: Simulator, key: Key
) -> None:
    fill(simulator, 30)
    run(key)
    with v0(simulator) as client:
        for chat in client.v1.chats.find().first().data[:10]:
            client.v1.chats.update(chat.id, name="Renamed")
    before = Chat.objects.present().count()
    simulator.faults.add("/v1/chats/*", method="GET", times=5)
    simulator.faults.add("/v1/chats/*", method="GET", status=401, times=None)
    finished = run(key)
    key.refresh_from_db()
    assert key.state == Key.State.REJECTED
    assert "revoked" in key.state_reason
    assert finished.state == "failed"
    assert "revoked" in finished.errors["chats"]
    assert Chat.objects.present().count() == before
    assert key.lease_run is None
    assert_in_words(finished)


def test_a_key_that_v0_does_not_know_fails_in_words(simulator: Simulator, cast: Cast) -> None:
    finished = run(make.key(cast.owner, "v0-unknown-key"))
    assert finished.state == "failed"
    assert len(simulator.requests) == 1, "no area asks on with a rejected key"
    assert_in_words(finished)


def test_v0_unreachable_ends_the_run_at_once(
    simulator: Simulator, key: Key, settings: Settings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()[1]
    settings.V0_BASE_URL, settings.V0_RETRIES = f"http://127.0.0.1:{nobody}", 0
    finished = run(key)
    assert finished.state == "failed"
    assert "cannot be reached" in finished.errors["account"]
    assert finished.requests == 0
    assert_in_words(finished)


def test_a_slow_v0_is_given_up_and_the_next_area_goes_on(
    simulator: Simulator, key: Key, settings: Settings
) -> None:
    new_chat(simulator)
    settings.V0_RETRIES, settings.V0_TIMEOUT = 0, 0.3
    simulator.clock.frozen = None  # a delay takes time only when time runs
    simulator.faults.add("/v1/projects", delay=0.6)
    finished = run(key)
    assert finished.state == "partial"
    assert "in time" in finished.errors["projects"]
    assert Chat.objects.count() == 1
    assert_in_words(finished)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "headers": AT_ONCE},
        {"status": 429, "headers": AT_ONCE},
        {"status": 429},
        {"cut_after": 20},
        {"reset": True},
    ],
    ids=["500", "429 with Retry-After", "429 without", "cut body", "reset"],
)
def test_a_passing_fault_leaves_no_trace(
    simulator: Simulator, key: Key, fault: dict[str, Any]
) -> None:
    made = new_chat(simulator)
    simulator.faults.add(f"/v1/chats/{made.id}", method="GET", times=1, **fault)
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    assert Message.objects.filter(chat__upstream_id=made.id).count() == 2


def test_a_lasting_429_stops_the_run_and_waits_as_long_as_v0_says(
    simulator: Simulator, key: Key
) -> None:
    simulator.faults.add("/v1/projects", status=429, times=None, headers={"retry-after": "900"})
    finished = run(key)
    assert "15 minutes" in finished.errors["chats"]
    key.refresh_from_db()
    assert key.next_sync_at > timezone.now() + timedelta(minutes=14)
    assert not [r for r in simulator.requests if r.path == "/v1/chats"]
    assert_in_words(finished)


def test_no_answer_of_v0_puts_a_key_to_sleep_for_years(simulator: Simulator, key: Key) -> None:
    for_ever = {"retry-after": "99999999999"}
    simulator.faults.add("/v1/projects", status=429, times=None, headers=for_ever)
    finished = run(key)
    key.refresh_from_db()
    assert key.next_sync_at < timezone.now() + timedelta(hours=2)
    assert "more than two days" in finished.errors["projects"]


def test_many_429s_at_once_slow_all_workers_down_and_lose_nothing(
    simulator: Simulator, key: Key
) -> None:
    fill(simulator, 12)
    with v0(simulator) as client:
        paths = [f"/v1/chats/{chat.id}" for chat in client.v1.chats.find().first().data]
    for path in paths:
        soon = {"retry-after": "0.2"}
        simulator.faults.add(path, method="GET", status=429, times=1, headers=soon)
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    assert Counter(r.path for r in simulator.requests if r.path in paths) == dict.fromkeys(paths, 2)
    assert Chat.objects.count() == 12


@pytest.mark.parametrize(
    "fault",
    [{"status": 500, "headers": AT_ONCE}, {"not_json": True}, {"body": {"id": 7}}],
    ids=["500", "HTML", "another shape"],
)
def test_one_chat_that_cannot_be_read_does_not_stop_the_others(
    simulator: Simulator, key: Key, fault: dict[str, Any]
) -> None:
    broken, good = new_chat(simulator), new_chat(simulator, "Another page")
    simulator.faults.add(f"/v1/chats/{broken.id}", method="GET", times=None, **fault)
    finished = run(key)
    assert finished.state == "partial"
    assert Chat.objects.get().upstream_id == good.id
    assert_in_words(finished)
    simulator.faults.clear()
    assert run(key).state == "done"
    assert Chat.objects.count() == 2


@pytest.mark.parametrize("path", ["/v1/user", "/v1/user/scopes", "/v1/projects"])
def test_an_area_that_fails_does_not_stop_the_next(
    simulator: Simulator, key: Key, path: str
) -> None:
    new_chat(simulator)
    simulator.faults.add(path, status=500, times=None, headers=AT_ONCE)
    finished = run(key)
    assert finished.state == "partial"
    assert Chat.objects.count() == 1
    assert_in_words(finished)


def test_a_key_that_may_not_see_billing_has_plan_and_limits(simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v1/user/billing", status=403, times=None)
    finished = run(key)
    assert finished.state == "done"
    snapshot = key.snapshots.get()
    assert snapshot.plan
    assert snapshot.billing_type == ""
    assert snapshot.rate_limit


def test_unknown_values_and_fields_are_stored_as_they_are(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    with v0(simulator) as client:
        detail = client.v1.chats.get_by_id(made.id).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
    detail |= {"privacy": "secret-club", "somethingNew": [1, 2]}
    detail["messages"][0] |= {"type": "sung", "role": "choir", "finishReason": "applause"}
    detail["latestVersion"]["status"] = "polished"
    simulator.faults.add(f"/v1/chats/{made.id}", method="GET", times=1, body=detail)
    finished = run(key)
    assert finished.state == "done"
    chat = Chat.objects.get()
    assert chat.privacy == "secret-club"
    message = chat.messages.get(upstream_id=detail["messages"][0]["id"])
    assert (message.kind, message.role, message.finish_reason) == ("sung", "choir", "applause")


def test_text_that_the_database_cannot_hold_is_cleaned(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    with v0(simulator) as client:
        detail = client.v1.chats.get_by_id(made.id).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
    detail |= {"name": "Nul\x00 " + "x" * 900, "metadata": {"a\x00": "b\x00"}}
    detail["webUrl"] = "javascript:alert(1)"
    detail.pop("updatedAt")
    detail["createdAt"] = "Mon, 01 Jun 2026 10:00:00 GMT"
    detail["messages"][0] |= {"content": "a\x00b", "experimental_content": ["\x00"]}
    detail["latestVersion"]["files"][0]["content"] = "one\x00two"
    simulator.faults.add(f"/v1/chats/{made.id}", method="GET", times=1, body=detail)
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    chat = Chat.objects.get()
    assert (chat.name[:5], len(chat.name), chat.web_url) == ("Nul x", 500, "")
    assert chat.metadata == {"a": "b"}
    assert chat.created_at.hour == 10
    assert chat.messages.get(upstream_id=detail["messages"][0]["id"]).content == "ab"


def test_a_list_that_moves_while_it_is_read_misses_nothing(simulator: Simulator, key: Key) -> None:
    fill(simulator, 70)
    moved = []

    def move(exchange: Any) -> None:
        # After each page a chat from the end of the list comes to its front.
        if exchange.template == "/chats" and len(moved) < 3:
            last = simulator.store.listed(simulator.person("owner@example.com"))[-1]
            moved.append(last.id)
            simulator.store.touch(last, simulator.clock.now() + len(moved))

    simulator.on_exchange = move
    try:
        finished = run(key)
    finally:
        simulator.on_exchange = None
    assert finished.state == "done"
    assert len(moved) == 3
    seen = {chat.id for chat in simulator.store.listed(simulator.person("owner@example.com"))}
    assert set(Chat.objects.values_list("upstream_id", flat=True)) == seen


def test_a_chat_deleted_between_the_list_and_its_detail_is_no_failure(
    simulator: Simulator, key: Key
) -> None:
    made = new_chat(simulator)
    simulator.faults.add(f"/v1/chats/{made.id}", method="GET", status=404)
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    assert not Chat.objects.exists()
