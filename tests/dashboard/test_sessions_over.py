"""A page that is older than the session: what is said, and where signing in leads."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.dashboard.conftest import Cast

PAGE = "/t/acme/chats/?q=tea"
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
BACK = f"/accounts/login/?next={quote(PAGE)}"


@pytest.fixture
def sending(cast: Cast) -> str:
    """An address that takes POST alone."""
    return reverse("message-send", args=[cast.team.slug, make.chat(cast.team).upstream_id])


def test_sending_leads_to_the_sign_in_and_back_to_the_page(sending: str) -> None:
    assert Client().post(sending, {"prompt": "x"}, headers=HTMX)["HX-Redirect"] == BACK
    plain = Client().post(sending, headers={"Referer": f"http://testserver{PAGE}"})
    assert plain["Location"] == BACK


def test_a_fragment_leads_back_to_its_page(cast: Cast) -> None:
    url = reverse("chats", args=[cast.team.slug])
    assert Client().get(url, headers=HTMX)["HX-Redirect"] == BACK
    assert Client().get(url)["Location"] == f"/accounts/login/?next={quote(url)}"


def test_an_address_of_forms_says_that_there_is_nothing_to_see(cast: Cast, sending: str) -> None:
    client = Client()
    client.force_login(cast.member.user, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(sending)
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Nothing was changed" in page.text


@pytest.mark.parametrize("there", ["http://evil.example/x", "//evil.example/x", "javascript:x", ""])
def test_nobody_is_led_to_another_site(sending: str, there: str) -> None:
    start = "/accounts/login/?next=/"
    headers = {"HX-Request": "true", "HX-Current-URL": there, "Referer": there}
    assert Client().post(sending, headers=headers)["HX-Redirect"] == start
    assert Client().post(sending, headers={"Referer": there})["Location"] == start


def test_a_form_of_an_earlier_session_says_so(cast: Cast, sending: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.member.user, "allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post(sending, {"prompt": "x"}, headers=HTMX)
    assert refused.status_code == 403
    assert refused["HX-Reswap"] == "none"
    assert "signed in or out since" in json.loads(refused["HX-Trigger"])["toast"]["text"]
    page = client.post(sending, {"prompt": "x"})
    assert page.status_code == 403
    assert "copy what you typed" in page.text


def test_signing_out_leads_nowhere_back(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.member.user, "allauth.account.auth_backends.AuthenticationBackend")
    out = client.post(reverse("account_logout"), headers={"Referer": f"http://testserver{PAGE}"})
    assert PAGE not in out["Location"]
