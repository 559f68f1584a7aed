"""What v0 posts to webhooks of the dashboard: taken whatever it is, and followed within reason."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import logs
from dashboard.actions import hints
from dashboard.models import Chat, Delivery, Key, Webhook
from dashboard.sync.hints import look_due, prune_deliveries
from dashboard.sync.webhooks import token_hash
from dashboard.tasks import prune_old
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.hooking import (
    ALL,
    ORIGIN,
    TOKEN,
    age,
    asked_for,
    post,
    synced_chat,
    told_of,
)
from tests.dashboard.syncing import run, v0
from v0client.simulator import Simulator


@pytest.fixture
def key(cast: Cast, simulator: Simulator, settings: Settings) -> Key:
    settings.DASHBOARD_ORIGINS = [ORIGIN]
    return make.key(cast.owner)


@pytest.fixture
def hook(key: Key) -> Webhook:
    """A webhook whose token is TOKEN, for every chat of the owner's key; v0 is not asked for it."""
    Key.objects.update(webhooks_at=timezone.now())
    return make.webhook(key, token_hash=token_hash(TOKEN))


def test_an_event_has_its_chat_read_again_with_the_webhooks_key(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    with v0(simulator) as client:
        client.v1.chats.update(chat.upstream_id, name="Renamed in v0")
    assert post(told_of(chat.upstream_id)) == 200
    chat.refresh_from_db()
    assert chat.name != "Renamed in v0", "the body is never believed"
    age(seconds=2)
    look_due()
    chat.refresh_from_db()
    assert chat.name == "Renamed in v0"
    kept = Delivery.objects.get()
    assert (kept.event, kept.outcome, kept.look_at) == ("chat.updated", "look", None)
    assert json.loads(bytes(kept.body)) == told_of(chat.upstream_id)
    hook.refresh_from_db()
    assert (hook.received, hook.last_event) == (1, "chat.updated")


def test_several_events_of_a_chat_are_one_look(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    for event in ("chat.updated", "message.created", "message.finished", "message.finished"):
        assert post(told_of(chat.upstream_id, event)) == 200
    simulator.requests.clear()
    age(seconds=2)
    look_due()
    look_due()
    assert asked_for(simulator, chat.upstream_id) <= 2  # its detail, and whole where it is done
    assert not Delivery.objects.exclude(look_at=None).exists()
    assert post(told_of(chat.upstream_id)) == 200
    assert Delivery.objects.latest("pk").look_at > timezone.now() + timedelta(seconds=3)


def test_a_chat_deleted_in_v0_becomes_a_tombstone_at_once(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    with v0(simulator) as client:
        client.v1.chats.delete(chat.upstream_id)
    post(told_of(chat.upstream_id, "chat.deleted"))
    age(seconds=2)
    look_due()
    chat.refresh_from_db()
    assert chat.gone_at is not None


def due(key: Key) -> bool:
    return Key.objects.sync_due().filter(pk=key.pk).exists()


def later(key: Key) -> None:
    Key.objects.filter(pk=key.pk).update(next_sync_at=timezone.now() + timedelta(minutes=5))


def test_an_unknown_chat_makes_the_keys_sync_due_but_not_all_the_time(
    key: Key, hook: Webhook
) -> None:
    later(key)
    assert post(told_of("never-seen", "chat.created")) == 200
    assert due(key)
    later(key)
    post(told_of("another", "chat.created"))
    post(told_of("one-more", "chat.created"))
    key.refresh_from_db()
    assert not due(key)
    assert key.next_sync_at < timezone.now() + timedelta(seconds=61), "the hint is not lost"
    assert set(Delivery.objects.values_list("outcome", flat=True)) == {"sync"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"\xff\xfe\x00", b"[]", b"null", b'"chat.updated"', b"[" * 5000,
        b'{"chatId": 5}', b'{"chatId": "a\\u0000b", "event": "x\\u0000y"}',
        b'{"event": "\\ud800", "chatId": "\\ud800"}', b'{"chatId": "' + b"x" * 5000 + b'"}',
        b"<?xml version='1.0'?>",
    ],
)  # fmt: skip
def test_any_body_is_taken_and_kept_as_it_came(key: Key, hook: Webhook, body: bytes) -> None:
    later(key)
    assert post(body) == 200
    assert bytes(Delivery.objects.get().body) == body
    assert due(key), "something happened, whatever it was"


def test_an_unreadable_event_of_one_chats_webhook_has_that_chat_read(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    Webhook.objects.update(upstream_chat_id=chat.upstream_id)
    post(b"?")
    assert Delivery.objects.get().outcome == "look"


def test_a_chat_of_another_team_is_not_touched(
    cast: Cast, simulator: Simulator, key: Key, hook: Webhook
) -> None:
    theirs = make.key(cast.outsider, "v0-demo-outsider")
    chat = make.chat(cast.outsider.team, seen_by=theirs)
    other = make.chat(cast.team, privacy="private", seen_by=make.key(cast.member, "v0-demo-member"))
    for one in (chat, other):
        assert post(told_of(one.upstream_id)) == 200
    age(seconds=10)
    look_due()
    assert not asked_for(simulator, chat.upstream_id)
    assert not asked_for(simulator, other.upstream_id)
    assert not Delivery.objects.filter(outcome="look").exists()


def test_nobody_learns_from_a_wrong_token(key: Key, hook: Webhook) -> None:
    assert post({}, "u" * 43) == 404
    assert post({}, hook.token_hash or "") == 404
    assert post({}, "short") == 404
    assert post({}, "%00") == 404
    assert Client().get(f"/hooks/{TOKEN}/").status_code == 405
    assert not Delivery.objects.exists()
    Webhook.objects.update(gone_at=timezone.now())
    assert post({}) == 404


def test_a_removed_key_hears_nothing_and_a_paused_one_asks_nothing(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    Key.objects.update(state=Key.State.PAUSED)
    assert post(told_of(chat.upstream_id)) == 200
    assert Delivery.objects.get().outcome == "nothing"
    Key.objects.update(removed_at=timezone.now())
    assert post(told_of(chat.upstream_id)) == 404


def test_a_large_body_is_refused_with_or_without_its_length(key: Key, hook: Webhook) -> None:
    large = b"x" * (hints.LARGEST + 1)
    assert post(large) == 413
    pieces = Client().generic("POST", f"/hooks/{TOKEN}/", large, CONTENT_LENGTH="nonsense")
    assert pieces.status_code == 413
    assert post(b"x" * hints.LARGEST) == 200


def test_a_flood_is_counted_but_neither_kept_nor_followed_one_by_one(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    later(key)
    for _ in range(hints.MOST_A_MINUTE + 25):
        assert post(told_of(chat.upstream_id)) == 200
    hook.refresh_from_db()
    assert hook.received == hints.MOST_A_MINUTE + 25
    assert Delivery.objects.count() == hints.MOST_A_MINUTE
    assert due(key)
    simulator.requests.clear()
    age(seconds=30)
    look_due()
    assert asked_for(simulator, chat.upstream_id) <= 2


def test_of_each_webhook_the_newest_are_kept_and_old_ones_are_pruned(
    key: Key, hook: Webhook
) -> None:
    for _ in range(3):
        for _ in range(50):
            post(told_of("unknown"))
        age(minutes=2)
    assert Delivery.objects.count() == hints.KEPT
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(received_at=timezone.now())
    age(days=13)
    assert prune_deliveries() == 0
    age(days=2)
    prune_old()
    assert not Delivery.objects.exists()


def test_events_of_a_chat_that_v0_refuses_now_are_followed_later(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat = synced_chat(simulator, key)
    post(told_of(chat.upstream_id))
    age(seconds=2)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", status=503, times=None)
    look_due()
    left = Delivery.objects.get()
    assert left.look_at is not None
    assert left.looked_at is None
    simulator.faults.clear()
    age(seconds=60)
    look_due()
    assert Delivery.objects.get().looked_at is not None


def test_changes_that_no_event_told_of_are_counted(
    simulator: Simulator, key: Key, hook: Webhook
) -> None:
    chat, told = synced_chat(simulator, key), synced_chat(simulator, key)
    begun = timezone.now() - timedelta(minutes=10)
    Webhook.objects.update(noted_at=begun, events=ALL, generations=["v1"])
    simulator.clock.frozen = (begun + timedelta(minutes=5)).timestamp()
    Chat.objects.update(updated_at=begun)
    for one in (chat, told):
        simulator.store.chats[one.upstream_id].updated_at = simulator.clock.now()
        simulator.store.forget(simulator.store.chats[one.upstream_id])
    post(told_of(told.upstream_id))
    age(seconds=2)
    look_due()
    run(key)
    hook.refresh_from_db()
    assert hook.missed == 1
    run(key)
    hook.refresh_from_db()
    assert hook.missed == 1


def test_the_token_is_not_logged() -> None:
    line = logs.hide_hooks(
        None, "info", {"event": f"Not Found: /hooks/{TOKEN}/", "path": "/hooks/x y"}
    )
    assert TOKEN not in line["event"]
    assert line["path"] == "/hooks/… y"


@pytest.mark.django_db(transaction=True)
def test_two_events_at_once_are_both_kept(key: Key, hook: Webhook) -> None:
    def send() -> None:
        try:
            assert hints.receive(TOKEN, b"{}")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hook.refresh_from_db()
    assert (hook.received, Delivery.objects.count()) == (6, 6)
