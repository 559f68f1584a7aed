"""Webhooks: mirrored from v0, and added, changed and deleted there."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from dashboard.actions import Invalid, webhooks
from dashboard.models import Activity, Delivery, Key, Webhook
from dashboard.sync.hints import look_due
from dashboard.sync.webhooks import token_hash
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.hooking import ALL, ORIGIN, add, age, post, synced_chat
from tests.dashboard.syncing import run, v0
from tests.demo import until
from v0client.simulator import Simulator


@pytest.fixture
def key(cast: Cast, simulator: Simulator, settings: Settings) -> Key:
    settings.DASHBOARD_ORIGINS = [ORIGIN]
    return make.key(cast.owner)


# ---- the mirror ---------------------------------------------------------------------------------


def test_webhooks_of_both_generations_are_mirrored(simulator: Simulator, key: Key) -> None:
    with v0(simulator) as client:
        old = client.v1.hooks.create(name="Old", events=["chat.created"], url="https://a.example/x")
        new = client.v2.webhooks.create(name="New", events=ALL, url="https://b.example/secret")
    assert run(key).counts["webhooks"] == {"created": 2}
    rows = {row.upstream_id: row for row in Webhook.objects.all()}
    assert rows.keys() == {old.id, new.id}
    assert (rows[old.id].name, rows[old.id].host) == ("Old", "a.example")
    assert rows[new.id].events == ALL
    assert "v2" in rows[new.id].generations
    assert not rows[new.id].is_ours
    assert "secret" not in rows[new.id].sealed_address


def test_one_that_was_deleted_in_v0_is_gone_after_its_own_address_said_so(
    simulator: Simulator, key: Key
) -> None:
    with v0(simulator) as client:
        made = client.v2.webhooks.create(name="New", events=ALL, url="https://b.example/")
        run(key)
        client.v2.webhooks.delete(made.id)
    Key.objects.update(webhooks_at=None)
    key.refresh_from_db()
    simulator.faults.add(f"/v2/hooks/{made.id}", status=500, times=None)
    assert "webhooks" in run(key).errors
    assert Webhook.objects.get().gone_at is None
    simulator.faults.clear()
    assert run(key).counts["webhooks"] == {"gone": 1}
    assert Webhook.objects.get().gone_at is not None


def test_v0_lists_webhooks_once_an_hour(simulator: Simulator, key: Key) -> None:
    run(key)
    simulator.requests.clear()
    run(key)
    assert not [one for one in simulator.requests if one.path.endswith("/hooks")]
    Key.objects.update(webhooks_at=timezone.now() - timedelta(minutes=61))
    run(key)
    asked = [one.path for one in simulator.requests if one.path.endswith("/hooks")]
    assert sorted(asked) == ["/v1/hooks", "/v2/hooks"]


def test_a_list_that_v0_refuses_marks_nothing_gone(simulator: Simulator, key: Key) -> None:
    with v0(simulator) as client:
        client.v2.webhooks.create(name="New", events=ALL, url="https://b.example/")
    run(key)
    Key.objects.update(webhooks_at=None)
    for path in ("/v1/hooks", "/v2/hooks"):
        simulator.faults.add(path, status=403, times=None)
    assert run(key).state == "done"
    assert Webhook.objects.get().gone_at is None


# ---- adding, changing, deleting -----------------------------------------------------------------


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_one_that_is_added_points_here_and_only_v0_knows_the_address(
    cast: Cast, simulator: Simulator, key: Key, generation: str
) -> None:
    made = add(cast.owner, key, generation=generation, events=["message.finished"])
    (hook,) = simulator.store.hooks.values()
    assert hook.url.startswith("http://127.0.0.1:8000/hooks/")
    token = hook.url.rstrip("/").rpartition("/")[2]
    stored = json.dumps(list(Webhook.objects.values()), default=str)
    assert token not in stored
    assert made.token_hash == token_hash(token)
    assert (made.upstream_id, made.generations, made.events) == (
        hook.id, [generation], ["message.finished"],
    )  # fmt: skip
    row = Activity.objects.get(verb="webhook.add")
    assert (row.target, row.key) == ("Ours", key)
    assert token not in json.dumps([row.before, row.after])
    assert post({}, token) == 200


def test_a_sync_leaves_ours_ours(cast: Cast, simulator: Simulator, key: Key) -> None:
    made = add(cast.owner, key)
    run(key)
    again = Webhook.objects.get()
    assert (again.pk, again.token_hash) == (made.pk, made.token_hash)
    assert again.generations == ["v1", "v2"]
    simulator.store.hooks[made.upstream_id].url = "https://elsewhere.example/"
    Key.objects.update(webhooks_at=None)
    run(key)
    again.refresh_from_db()
    assert (again.is_ours, again.host) == (False, "elsewhere.example")


def test_events_and_name_are_changed_and_it_is_deleted(
    cast: Cast, simulator: Simulator, key: Key
) -> None:
    made = add(cast.owner, key)
    webhooks.change_webhook(
        member=cast.owner, webhook=made, name="Chats", events=["chat.updated", "chat.created"]
    )
    (hook,) = simulator.store.hooks.values()
    assert (hook.name, hook.events) == ("Chats", ["chat.created", "chat.updated"])
    row = Activity.objects.get(verb="webhook.change")
    assert (row.before["name"], row.after["name"]) == ("Ours", "Chats")
    webhooks.delete_webhook(member=cast.owner, webhook=made)
    assert not simulator.store.hooks
    assert Webhook.objects.get().gone_at is not None
    assert Activity.objects.filter(verb="webhook.delete").exists()


def test_a_second_one_for_the_same_chats_is_refused(cast: Cast, key: Key) -> None:
    add(cast.owner, key)
    with pytest.raises(Invalid, match="tells this dashboard of the same chats already"):
        add(cast.owner, key, name="Again")
    assert Webhook.objects.count() == 1


def test_one_chat_is_named_by_its_id_or_its_address(
    cast: Cast, simulator: Simulator, key: Key
) -> None:
    chat = synced_chat(simulator, key)
    address = f"https://dash.example.com/t/acme/chats/{chat.upstream_id}/?tab=files"
    made = add(cast.owner, key, generation="v1", chat=address)
    assert made.upstream_chat_id == chat.upstream_id
    assert simulator.store.hooks[made.upstream_id].chat_id == chat.upstream_id
    with pytest.raises(Invalid, match="That chat is one of v1"):
        add(cast.owner, key, generation="v2", chat=chat.upstream_id)
    with pytest.raises(Invalid, match="no such chat"):
        add(cast.owner, key, chat="nothing\x00like-that")


def test_who_may_add_and_change(cast: Cast, key: Key) -> None:
    made = add(cast.owner, key)
    with pytest.raises(PermissionDenied, match="may not add webhooks with this key"):
        add(cast.member, key)
    Key.objects.update(shared=True)
    with pytest.raises(PermissionDenied, match="may not add webhooks with this key"):
        add(cast.member, key)
    with pytest.raises(PermissionDenied, match="Your role is viewer"):
        add(cast.viewer, key)
    for person in (cast.member, cast.viewer, cast.outsider):
        with pytest.raises(PermissionDenied, match="Only the key's holder and admins"):
            webhooks.delete_webhook(member=person, webhook=made)
    webhooks.delete_webhook(member=cast.admin, webhook=made)
    assert add(cast.admin, key).added_by == cast.admin.user


@pytest.mark.parametrize(
    ("origins", "reason"),
    [
        ([], "does not know its own address"),
        (["http://localhost:8000"], "cannot reach http://localhost:8000"),
        (["https://10.1.2.3"], "cannot reach"),
        (["https://dashboard.local"], "cannot reach"),
        (["https://dashboard"], "cannot reach"),
        (["http://dashboard.example.com"], "unencrypted"),
    ],
)
def test_v0_itself_must_be_able_to_reach_the_dashboard(
    cast: Cast, key: Key, settings: Settings, origins: list[str], reason: str
) -> None:
    settings.V0_BASE_URL, settings.DASHBOARD_ORIGINS = "https://api.v0.dev", origins
    assert reason in webhooks.why_not()
    with pytest.raises(Refused, match=reason):
        add(cast.owner, key)
    assert not Webhook.objects.exists()


def test_a_public_address_is_taken_before_one_of_this_machine(settings: Settings) -> None:
    settings.V0_BASE_URL = "https://api.v0.dev"
    settings.DASHBOARD_ORIGINS = ["http://127.0.0.1:8000", "https://dashboard.example.com"]
    assert webhooks.own_origin() == ("https://dashboard.example.com", "")


def test_a_refused_webhook_leaves_nothing(cast: Cast, simulator: Simulator, key: Key) -> None:
    simulator.faults.add("/v2/hooks", status=403)
    with pytest.raises(Refused):
        add(cast.owner, key)
    assert not Webhook.objects.exists()


def test_one_whose_answer_was_lost_is_found_by_the_next_sync_and_not_made_twice(
    cast: Cast, simulator: Simulator, key: Key
) -> None:
    run(key)
    simulator.faults.add("/v2/hooks", reset="after")
    with pytest.raises(Refused) as refusal:
        add(cast.owner, key)
    assert refusal.value.kind == "unclear"
    assert len(simulator.store.hooks) == 1
    with pytest.raises(Invalid, match="already"):
        add(cast.owner, key)
    run(key)
    row = Webhook.objects.get()
    assert row.is_ours
    assert row.upstream_id in simulator.store.hooks


def test_one_that_never_reached_v0_is_forgotten(cast: Cast, simulator: Simulator, key: Key) -> None:
    run(key)
    simulator.faults.add("/v2/hooks", status=504)
    with pytest.raises(Refused):
        add(cast.owner, key)
    run(key)
    assert Webhook.objects.count() == 1, "it may still be on its way"
    Webhook.objects.update(noted_at=timezone.now() - timedelta(minutes=1))
    run(key)
    assert not Webhook.objects.exists()
    assert add(cast.owner, key).upstream_id


@pytest.mark.django_db(transaction=True)
def test_v0_delivers_over_http_and_the_change_shows(
    cast: Cast, simulator: Simulator, key: Key, live_server: LiveServer, settings: Settings
) -> None:
    """The whole way: added here, registered in v0, posted by v0, read again here."""
    settings.DASHBOARD_ORIGINS = [live_server.url]
    made = add(cast.owner, key)
    simulator.outbox.flush()
    chat = synced_chat(simulator, key, chat_privacy="team")
    with v0(simulator) as client:
        client.v1.chats.update(chat.upstream_id, name="Changed beside the dashboard")
    simulator.outbox.flush()
    statuses = {delivery.status for delivery in simulator.outbox.deliveries}
    assert statuses == {200}
    until(lambda: Delivery.objects.filter(outcome="look").exists())
    age(seconds=10)
    look_due()
    chat.refresh_from_db()
    assert chat.name == "Changed beside the dashboard"
    made.refresh_from_db()
    assert made.received == len(simulator.outbox.deliveries)
