"""The preview in a chat's page, and what the dashboard answers to a preview that asks it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from dashboard import labels
from dashboard.models import Chat, Membership, Team
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]
ORIGIN = "https://*.previews.example.com"
FILES = {"app/page.tsx": "Tea"}


@pytest.fixture(autouse=True)
def preview_origin(settings: Settings) -> None:
    settings.PREVIEW_ORIGIN = ORIGIN


def page(client: Client, chat: Chat, query: str = "") -> str:
    return client.get(reverse("chat", args=[chat.team.slug, chat.upstream_id]) + query).text


def frame(text: str) -> tuple[str, str]:
    """The frame's address and sandbox."""
    found = re.search(r'<iframe [^>]*src="([^"]*)"[^>]*sandbox="([^"]*)"', text)
    assert found is not None
    return found[1], found[2]


def test_each_member_gets_a_host_of_their_own_for_each_chat(cast: Cast, client_of: SignIn) -> None:
    chats = [make.chat(cast.team, generation="v2") for _ in range(2)]
    hosts = set()
    for chat in chats:
        make.version(chat, files=FILES)
        for person in (cast.owner, cast.viewer):
            address, sandbox = frame(page(client_of(person), chat))
            name = re.fullmatch(r"https://([a-z2-7]+)\.previews\.example\.com/", address)
            assert name is not None
            label = labels.read(name[1])
            assert label is not None
            assert (label.member, label.chat) == (person.pk, chat.pk)
            assert "top-navigation" not in sandbox
            hosts.add(address)
    assert len(hosts) == 4


def test_the_page_of_a_chat_with_a_preview_stays_within_twelve_queries(
    cast: Cast, client_of: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    chat = make.chat(cast.team, generation="v2")
    make.version(chat, files=FILES)
    client = client_of(cast.owner)
    first, _ = frame(page(client, chat))
    with django_assert_max_num_queries(12):
        assert frame(page(client, chat))[0] == first


def test_another_browser_of_a_person_gets_another_host(cast: Cast, client_of: SignIn) -> None:
    chat = make.chat(cast.team, generation="v2")
    make.version(chat, files=FILES)
    first, second = (frame(page(client_of(cast.owner), chat))[0] for _ in range(2))
    assert first != second


def test_a_preview_of_v1_is_its_own_address_where_it_may_store_things(
    cast: Cast, client_of: SignIn
) -> None:
    chat = make.chat(cast.team)
    make.version(chat, demo_url="https://demo-abc.vusercontent.net")
    address, sandbox = frame(page(client_of(cast.viewer), chat))
    assert address == "https://demo-abc.vusercontent.net"
    assert "allow-same-origin" in sandbox
    assert "top-navigation" not in sandbox


@pytest.mark.parametrize("host", ["testserver", "dashboard.example.com"])
def test_a_preview_of_v1_on_the_dashboards_host_gets_no_origin(
    cast: Cast, client_of: SignIn, settings: Settings, host: str
) -> None:
    """Cookies know no ports: a page there could read those that scripts may read."""
    settings.DASHBOARD_ORIGINS = ["https://dashboard.example.com"]
    settings.PREVIEW_SOURCES = [f"http://{host}:4100"]
    chat = make.chat(cast.team)
    make.version(chat, demo_url=f"http://{host}:4100/preview/abc")
    assert "allow-same-origin" not in frame(page(client_of(cast.viewer), chat))[1]


def test_an_earlier_version_of_v2_says_why_it_has_no_preview(cast: Cast, client_of: SignIn) -> None:
    chat = make.chat(cast.team, generation="v2")
    make.version(chat, files=FILES)
    make.version(chat, files=FILES)
    text = page(client_of(cast.viewer), chat, "?version=1")
    assert "newest version only" in text
    assert "<iframe" not in text


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("is_stored", [True, False])
def test_files_that_were_never_stored_are_not_offered_in_its_place(
    cast: Cast, client_of: SignIn, *, is_stored: bool, is_gone: bool
) -> None:
    chat = make.chat(cast.team, generation="v2", gone_at=make.AT if is_gone else None)
    make.version(chat, **({"files": FILES} if is_stored else {"files_at": None}))
    make.version(chat, files=FILES)
    text = page(client_of(cast.viewer), chat, "?version=1")
    assert ("Open the files</a>" in text) is is_stored
    assert ("files of this version are kept here" in text) is (is_gone and is_stored)


def test_without_a_preview_origin_the_page_says_what_is_missing(
    cast: Cast, client_of: SignIn, settings: Settings
) -> None:
    settings.PREVIEW_ORIGIN = ""
    chat = make.chat(cast.team, generation="v2")
    make.version(chat, files=FILES)
    text = page(client_of(cast.viewer), chat)
    assert "PREVIEW_ORIGIN" in text
    assert "<iframe" not in text


@pytest.mark.parametrize("origin", ["https://abc.previews.example.com", "null"])
def test_a_preview_changes_nothing_even_with_everybodys_cookies(cast: Cast, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner.user, "allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("team-create"))  # the cookie of the CSRF token is there
    told = {"name": "Stolen", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    refused = client.post(reverse("team-create"), told, headers={"origin": origin})
    assert refused.status_code == 403
    assert not Team.objects.filter(name="Stolen").exists()
    ours = client.post(reverse("team-create"), told, headers={"origin": "http://testserver"})
    assert ours.status_code == 302


def test_a_preview_may_neither_read_nor_frame_a_page(cast: Cast, client_of: SignIn) -> None:
    headers = {"origin": "https://abc.previews.example.com"}
    answer = client_of(cast.owner).get(reverse("home", args=[cast.team.slug]), headers=headers)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_dashboard_does_not_answer_on_a_previews_host(
    cast: Cast, client_of: SignIn, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["dashboard.example.com"]
    client = client_of(cast.owner)
    headers = {"host": "abc.previews.example.com"}
    assert client.get(reverse("start"), headers=headers).status_code == 400
