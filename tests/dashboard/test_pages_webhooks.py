"""The pages of webhooks: who sees what of which, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import crypto
from dashboard.models import Activity, ChatSight, Delivery, Key, Membership, Webhook
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.hooking import ALL, ORIGIN, add
from tests.dashboard.syncing import run, v0
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]
SECRET = "https://hooks.slack.example/services/T000/very-secret"


@pytest.fixture
def key(cast: Cast, simulator: Simulator, settings: Settings) -> Key:
    settings.DASHBOARD_ORIGINS = [ORIGIN]
    return make.key(cast.member, "v0-demo-member")


def url(cast: Cast, name: str, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def foreign(key: Key) -> Webhook:
    """A webhook of v0 that points elsewhere."""
    hook = make.webhook(key, host="hooks.slack.example", token_hash=None, name="<b>Slack</b>")
    hook.sealed_address = crypto.seal(SECRET, hook.seal_context)
    hook.save(update_fields=["sealed_address"])
    return hook


def form(key: Key, **fields: object) -> dict[str, object]:
    return {"key": key.pk, "name": "Ours", "events": ALL, "generation": "v2", **fields}


def test_everybody_sees_where_a_webhook_points_and_only_some_the_whole_address(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    hook = foreign(key)
    for who in ("owner", "admin", "member", "viewer"):
        client = client_of(getattr(cast, who))
        listed = client.get(url(cast, "webhooks")).text
        assert "hooks.slack.example" in listed
        assert "very-secret" not in listed
        assert "&lt;b&gt;Slack&lt;/b&gt;" in listed
        page = client.get(url(cast, "webhook", hook.pk)).text
        assert ("very-secret" in page) is (who != "viewer")


def test_a_colleague_without_the_key_does_not_see_the_address(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    other = make.person("member", cast.team)
    page = client_of(other).get(url(cast, "webhook", foreign(key).pk)).text
    assert "very-secret" not in page
    assert "holder and admins change or delete it" in page
    assert page.count("disabled aria-describedby") == 2


def test_an_address_that_cannot_be_opened_leaves_the_host(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    hook = foreign(key)
    Webhook.objects.update(sealed_address="gone.AAAA")
    assert "hooks.slack.example" in client_of(cast.member).get(url(cast, "webhook", hook.pk)).text


def test_a_webhook_of_a_private_chat_is_shown_to_those_who_see_the_chat(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    chat = make.chat(cast.team, privacy="private", seen_by=key, name="Secret plans")
    hook = make.webhook(key, upstream_chat_id=chat.upstream_id, name="Of one")
    own = client_of(cast.member).get(url(cast, "webhooks")).text
    assert "Of one" in own
    assert "Secret plans" in own
    for person in (cast.owner, cast.viewer):
        assert "Of one" not in client_of(person).get(url(cast, "webhooks")).text
        assert client_of(person).get(url(cast, "webhook", hook.pk)).status_code == 404
    ChatSight.objects.create(chat=chat, key=make.key(cast.owner))
    assert "Secret plans" in client_of(cast.owner).get(url(cast, "webhook", hook.pk)).text


def test_what_was_posted_is_shown_to_the_keys_holder_as_text(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    hook = make.webhook(key)
    chat = make.chat(cast.team, privacy="private", seen_by=key, name="Secret plans")
    Delivery.objects.create(
        webhook=hook, received_at=timezone.now(), body=b"<script>alert(1)</script>\xff",
        event="chat.updated", upstream_chat_id=chat.upstream_id, outcome="look",
    )  # fmt: skip
    own = client_of(cast.member).get(url(cast, "webhook", hook.pk)).text
    assert "&lt;script&gt;alert(1)" in own
    assert "<script>alert" not in own
    assert "Secret plans" in own
    for person in (cast.owner, cast.viewer):
        page = client_of(person).get(url(cast, "webhook", hook.pk)).text
        assert "chat.updated" in page
        assert "alert(1)" not in page
        assert "Secret plans" not in page


def test_one_is_added_edited_and_deleted(
    cast: Cast, client_of: SignIn, key: Key, simulator: Simulator
) -> None:
    client = client_of(cast.member)
    made = client.post(url(cast, "webhook-add"), form(key), follow=True)
    assert "v0 now tells this dashboard." in made.text
    hook = Webhook.objects.get()
    told = {"name": "Chats", "events": ["chat.deleted"]}
    edited = client.post(url(cast, "webhook-edit", hook.pk), told, follow=True)
    assert "The webhook was changed in v0." in edited.text
    assert [one.name for one in simulator.store.hooks.values()] == ["Chats"]
    assert "Delete this webhook?" in client.get(url(cast, "webhook-delete", hook.pk)).text
    client.post(url(cast, "webhook-delete", hook.pk))
    assert not simulator.store.hooks
    history = client.get(reverse("activity", args=[cast.team.slug])).text
    assert "deleted the webhook" in history
    assert Activity.objects.filter(verb__startswith="webhook.").count() == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"events": []}, "Choose at least one event."),
        ({"events": ["chat.exploded"]}, "chat.exploded is not one of the available choices"),
        ({"name": ""}, "This field is required."),
        ({"chat": "none-such"}, "There is no such chat here."),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    cast: Cast, client_of: SignIn, key: Key, fields: dict[str, object], sentence: str
) -> None:
    told = form(key, name="My own name") | fields
    response = client_of(cast.member).post(url(cast, "webhook-add"), told)
    assert response.status_code == 422
    assert sentence in response.text
    assert fields.get("name") == "" or "My own name" in response.text


def test_v0s_refusal_is_told_in_the_form(
    cast: Cast, client_of: SignIn, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add("/v2/hooks", status=500)
    response = client_of(cast.member).post(url(cast, "webhook-add"), form(key))
    assert response.status_code == 422
    assert "v0 failed and gave no reason" in response.text


@pytest.mark.parametrize(
    ("who", "origins", "words"),
    [
        ("viewer", [ORIGIN], "Your role is viewer"),
        ("admin", [ORIGIN], "You need a v0 key of your own"),
        ("member", [], "does not know its own address"),
    ],
)
def test_the_page_says_why_nothing_can_be_added(
    cast: Cast, client_of: SignIn, key: Key, settings: Settings, who: str, origins: list[str],
    words: str,
) -> None:  # fmt: skip
    settings.DASHBOARD_ORIGINS = origins
    page = client_of(getattr(cast, who)).get(url(cast, "webhooks")).text
    assert words in page
    assert "disabled aria-describedby" in page


def test_v0_is_asked_again_when_somebody_wants(
    cast: Cast, client_of: SignIn, key: Key, simulator: Simulator
) -> None:
    run(key)
    with v0(simulator, "v0-demo-member") as other:
        other.v2.webhooks.create(name="New", events=ALL, url="https://a.example/")
    run(key)
    assert not Webhook.objects.exists()
    answer = client_of(cast.member).post(url(cast, "webhooks-refresh"), follow=True)
    assert "v0 is asked for its webhooks." in answer.text
    run(key)
    assert Webhook.objects.get().name == "New"


def test_one_that_v0_has_not_confirmed_is_told_of(cast: Cast, client_of: SignIn, key: Key) -> None:
    make.webhook(key, upstream_id="", name="Perhaps")
    page = client_of(cast.member).get(url(cast, "webhooks")).text
    assert "Perhaps" in page
    assert "may or may not exist" in page


def test_a_webhook_of_another_team_cannot_be_reached(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    hook = add(cast.member, key)
    theirs = reverse("webhook-delete", args=[cast.outsider.team.slug, hook.pk])
    assert client_of(cast.outsider).post(theirs).status_code == 404
    assert Webhook.objects.get().gone_at is None
