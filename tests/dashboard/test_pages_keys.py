"""The pages of keys: adding one, what its owner and overseers may do, and proving who one is."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from dashboard.models import Key, Membership, SyncRun
from tests import make
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]
SECRET = "v0-demo-owner"


@pytest.fixture
def fresh(client_of: SignIn) -> SignIn:
    """Signed in by password a moment ago."""

    def sign_in(member: Membership) -> Client:
        client = client_of(member)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(member.user.pk)
        session.save()
        return client

    return sign_in


@pytest.fixture
def stale(client_of: SignIn) -> SignIn:
    """Signed in with an account and a session that are not new."""

    def sign_in(member: Membership) -> Client:
        type(member.user).objects.filter(pk=member.user_id).update(date_joined=make.AT)
        return client_of(member)

    return sign_in


def url(name: str, cast: Cast, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def test_adding_a_key_shows_whose_it_is_and_its_first_sync(
    cast: Cast, fresh: SignIn, simulator: Simulator
) -> None:
    client = fresh(cast.member)
    response = client.post(url("key-add", cast), {"plain": SECRET, "label": "Laptop"})
    key = Key.objects.get(team=cast.team)
    assert response["Location"] == url("key", cast, key.pk)
    page = client.get(response["Location"]).text
    assert key.upstream_name
    for words in ("Laptop", key.upstream_name, key.upstream_email, "First sync", "Queued"):
        assert words in page
    for scope in key.scopes:
        assert scope["id"] in page
    assert SECRET not in page
    assert key.sync_runs.get().trigger == SyncRun.Trigger.FIRST


def test_a_wrong_key_is_refused_in_words_and_not_shown_again(
    cast: Cast, fresh: SignIn, simulator: Simulator
) -> None:
    response = fresh(cast.member).post(
        url("key-add", cast), {"plain": "v0-nobody-knows-this", "label": "Laptop"}
    )
    assert response.status_code == 422
    assert "v0 rejects this key: it is wrong or was revoked." in response.text
    assert "v0-nobody-knows-this" not in response.text
    assert not Key.objects.exists()


def test_the_same_key_twice_is_refused_at_its_field(
    cast: Cast, fresh: SignIn, simulator: Simulator
) -> None:
    make.key(cast.owner, SECRET)
    response = fresh(cast.member).post(url("key-add", cast), {"plain": SECRET, "label": "Again"})
    assert response.status_code == 422
    assert "Owner has added this key to the team already." in response.text


def test_an_old_login_proves_itself_before_adding_a_key(cast: Cast, stale: SignIn) -> None:
    client, add = stale(cast.member), url("key-add", cast)
    asked = client.get(add)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    proven = client.post(asked["Location"], {"password": make.PASSWORD})
    assert proven["Location"] == add
    assert client.get(add).status_code == 200


def test_a_key_posted_with_an_old_login_is_kept_nowhere(cast: Cast, stale: SignIn) -> None:
    client = stale(cast.member)
    response = client.post(url("key-add", cast), {"plain": SECRET, "label": "Laptop"})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert SECRET not in repr(dict(client.session))
    assert not Key.objects.exists()


def test_removing_a_key_asks_first_and_says_what_depends_on_it(cast: Cast, fresh: SignIn) -> None:
    key = make.key(cast.member)
    make.chat(cast.team, seen_by=key, privacy="private")
    client, remove = fresh(cast.member), url("key-remove", cast, key.pk)
    page = client.get(remove).text
    assert "1 chat" in page
    assert "1 private chat" in page
    client.post(remove)
    key.refresh_from_db()
    assert key.removed_at is not None
    assert key.sealed == ""
    assert client.get(url("key", cast, key.pk)).status_code == 404


def test_an_admin_sees_and_pauses_the_keys_of_others_but_cannot_rename_them(
    cast: Cast, client_of: SignIn
) -> None:
    key = make.key(cast.member, label="Laptop of the member")
    client = client_of(cast.admin)
    assert "Laptop of the member" in client.get(url("keys", cast)).text
    page = client.get(url("key", cast, key.pk)).text
    assert url("key-rename", cast, key.pk) not in page
    client.post(url("key-pause", cast, key.pk), {"paused": "true"})
    key.refresh_from_db()
    assert key.state == Key.State.PAUSED
    assert "Paused by Admin." in client.get(url("key", cast, key.pk)).text


def test_a_member_sees_only_their_own_keys(cast: Cast, client_of: SignIn) -> None:
    make.key(cast.owner, label="Key of the owner")
    mine = make.key(cast.member, "v0-demo-member", label="Mine")
    page = client_of(cast.member).get(url("keys", cast)).text
    assert url("key", cast, mine.pk) in page
    assert "Key of the owner" not in page


def test_the_pages_of_a_key_never_contain_its_secret_or_seal(cast: Cast, fresh: SignIn) -> None:
    key = make.key(cast.owner, "v0-a-long-and-secret-value")
    client = fresh(cast.owner)
    for name in ("key", "key-remove"):
        page = client.get(url(name, cast, key.pk)).text
        assert "v0-a-long-and-secret-value" not in page
        assert key.sealed not in page
    assert key.sealed not in client.get(url("keys", cast)).text


def test_a_key_with_a_vercel_credential_says_so(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.member, "v1:team_1:token-of-vercel", embeds_vercel_token=True)
    page = client_of(cast.member).get(url("key", cast, key.pk)).text
    assert "contains a Vercel credential" in page


def test_a_check_says_that_v0_rejects_the_key(
    cast: Cast, client_of: SignIn, simulator: Simulator
) -> None:
    key = make.key(cast.member, "v0-revoked-in-the-meantime")
    page = client_of(cast.member).post(url("key-check", cast, key.pk), follow=True).text
    key.refresh_from_db()
    assert key.state == Key.State.REJECTED
    assert "v0 rejects this key." in page
    assert "it is wrong or was revoked" in page
