"""Who may make an account, and the pages about one's own: open, closed, and what they cost."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from dashboard.models import User
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import MOST_QUERIES
from tests.dashboard.test_every_page import fresh_client

PASSWORD = "a-quite-Long-one-77"
NEW = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
OWN = [
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "team-create",
]
pytestmark = pytest.mark.django_db


def test_anybody_may_sign_up_while_that_is_open() -> None:
    answer = Client().post(reverse("account_signup"), NEW)
    assert answer.status_code == 302
    assert User.objects.get().email == "new@example.com"


def test_nobody_may_sign_up_when_that_is_closed(settings: Settings) -> None:
    settings.SIGNUP_OPEN = False
    client = Client()
    client.post(reverse("account_signup"), NEW)
    assert not User.objects.exists()
    assert 'name="password1"' not in client.get(reverse("account_signup")).text
    assert reverse("account_signup") not in client.get(reverse("account_login")).text


def test_a_forgotten_password_is_reset_by_a_link(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.member.user.email})
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    cast.member.user.refresh_from_db()
    assert cast.member.user.check_password(PASSWORD)


def test_a_reset_does_not_tell_who_has_an_account(cast: Cast) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (cast.member.user.email, "nobody@example.com")
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_ones_own_stays_within_the_budget(name: str, cast: Cast) -> None:
    client = fresh_client(cast.owner)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse(name))
    assert answer.status_code in (200, 302)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) <= MOST_QUERIES


@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/", "/healthz", "/admin/"])
def test_every_answer_carries_a_content_policy_without_exceptions(path: str, cast: Cast) -> None:
    for client in (Client(), fresh_client(cast.owner)):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "*;" not in policy.replace(" ", "")


def test_one_person_sees_only_their_own_sessions(cast: Cast) -> None:
    other = make.person(of=cast.team)
    fresh_client(other).get(reverse("usersessions_list"), headers={"User-Agent": "Their browser"})
    page = fresh_client(cast.owner).get(reverse("usersessions_list")).text
    assert "Their browser" not in page
