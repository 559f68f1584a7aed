"""The first page of a team: what changed, what runs, and what a new team does first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from dashboard.models import Activity, Chat, Membership, Snapshot
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def home(client: Client, cast: Cast, **headers: str) -> str:
    return client.get(reverse("home", args=[cast.team.slug]), headers=headers).text


def test_a_team_without_a_key_is_told_what_to_do_first(cast: Cast, client_of: SignIn) -> None:
    add = reverse("key-add", args=[cast.team.slug])
    assert add in home(client_of(cast.member), cast)
    for_viewer = home(client_of(cast.viewer), cast)
    assert add not in for_viewer
    assert "As a viewer you can read" in for_viewer


def test_home_says_what_changed_since_yesterday(cast: Cast, client_of: SignIn) -> None:
    make.key(cast.owner)
    now = timezone.now()
    make.chat(cast.team, created_at=now, updated_at=now)
    make.chat(cast.team, updated_at=now - timedelta(hours=2), status=Chat.Status.FAILED)
    make.chat(cast.team, updated_at=now - timedelta(hours=30))
    changed = client_of(cast.viewer).get(reverse("home", args=[cast.team.slug]))
    assert changed.context["changed"] == {"chats": 2, "more": False, "created": 1, "failed": 1}


def test_private_things_of_others_are_nowhere_on_home(cast: Cast, client_of: SignIn) -> None:
    chat = make.chat(
        cast.team, name="Acquisition", privacy="private", seen_by=make.key(cast.member),
        status=Chat.Status.RUNNING, follow_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    make.deployment(make.version(chat))
    Chat.objects.filter(pk=chat.pk).update(status=Chat.Status.RUNNING)
    Activity.objects.create(
        team=cast.team, actor=cast.member.user, verb="chat.rename", target="Acquisition", chat=chat
    )
    assert home(client_of(cast.member), cast).count("Acquisition") >= 4
    for other in (cast.owner, cast.admin, cast.viewer):
        text = home(client_of(other), cast)
        assert "Acquisition" not in text
        assert "nothing changed in v0" in text


@override_settings(IMAGE_SOURCES=["https://pictures.example"])
def test_a_chat_without_a_picture_shows_what_was_asked_last(cast: Cast, client_of: SignIn) -> None:
    chat = make.chat(cast.team, seen_by=make.key(cast.owner))
    make.message(chat, "A page about tea")
    make.message(chat, "Now <b>larger</b>", created_at=make.AT + timedelta(hours=1))
    make.message(chat, "Done", role="assistant", created_at=make.AT + timedelta(hours=2))
    text = home(client_of(cast.owner), cast)
    assert "Now &lt;b&gt;larger&lt;/b&gt;" in text
    assert "A page about tea" not in text
    assert "Done" not in text
    Chat.objects.filter(pk=chat.pk).update(screenshot_url="https://pictures.example/1.png")
    assert "larger" not in home(client_of(cast.owner), cast)


def test_running_chats_are_polled_until_none_runs(cast: Cast, client_of: SignIn) -> None:
    make.key(cast.owner)
    chat = make.chat(cast.team, name="Shop", status=Chat.Status.RUNNING, follow_at=timezone.now())
    client = client_of(cast.viewer)
    headers = {"HX-Request": "true", "HX-Target": "div#work"}
    text = home(client, cast, **headers)
    assert "Shop" in text
    assert "hx-trigger" in text
    assert "<html" not in text
    Chat.objects.filter(pk=chat.pk).update(status=Chat.Status.READY, follow_at=None)
    assert "hx-trigger" not in home(client, cast, **headers)


def test_a_chat_that_runs_for_long_is_shown_though_many_changed_since(
    cast: Cast, client_of: SignIn
) -> None:
    make.key(cast.owner)
    now = timezone.now()
    make.chat(
        cast.team, name="Slow one", status=Chat.Status.RUNNING, follow_at=now,
        updated_at=now - timedelta(days=2),
    )  # fmt: skip
    Chat.objects.bulk_create(
        Chat(team=cast.team, upstream_id=f"many{number}", privacy="team",
             created_at=make.AT, updated_at=now)
        for number in range(120)
    )  # fmt: skip
    response = client_of(cast.viewer).get(reverse("home", args=[cast.team.slug]))
    assert [chat.name for chat in response.context["running"]] == ["Slow one"]
    assert response.context["changed"]["more"]


def test_home_shows_the_money_of_ones_own_keys_and_the_state_of_all(
    cast: Cast, client_of: SignIn
) -> None:
    key = make.key(cast.owner, label="Studio")
    Snapshot.objects.create(key=key, taken_at=make.AT, balance_remaining=12.5, balance_total=30)
    make.sync_run(key, state="failed", errors={"chats": "v0 did not answer in time."})
    for person, sees_money in ((cast.owner, True), (cast.viewer, False)):
        text = home(client_of(person), cast)
        assert ("$12.50" in text) is sees_money
        assert "v0 did not answer in time." in text


def test_the_first_sync_of_a_key_is_followed_on_home(cast: Cast, client_of: SignIn) -> None:
    run = make.sync_run(
        make.key(cast.owner), trigger="first", state="running", area="chats",
        done_items=7, total_items=60,
    )  # fmt: skip
    text = home(client_of(cast.owner), cast)
    progress = reverse("sync", args=[cast.team.slug, run.pk])
    assert 'value="7" max="60"' in text
    assert f'hx-get="{progress}" hx-target="#progress"' in text
