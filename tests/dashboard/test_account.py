"""What people do with their account by e-mail, and who may have one: allauth as we set it up."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dashboard.models import User

PASSWORD, NEW_PASSWORD = "a-long-password", "another-long-password"
EMAIL = "person@example.com"


@pytest.fixture
def visitor(client: Client, db: None, valkey: object) -> Client:
    """Somebody who has just signed up and then signed out; no limit of mails is used up yet."""
    fields = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_signup"), fields)["Location"] == reverse("start")
    client.logout()
    return client


def sign_in(client: Client, email: str, password: str) -> bool:
    response = client.post(reverse("account_login"), {"login": email, "password": password})
    return response.status_code == 302


def link(to: str) -> str:
    """The path of the only link in the newest mail, which went to this address."""
    message = mail.outbox[-1]
    assert message.to == [to]
    links = re.findall(r"http://testserver(/accounts/\S+)", str(message.body))
    assert len(links) == 1
    return str(links[0])


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail_once(visitor: Client) -> None:
    response = visitor.post(reverse("account_reset_password"), {"email": EMAIL})
    assert response["Location"] == reverse("account_reset_password_done")
    address = link(EMAIL)
    page = visitor.get(address, follow=True)
    assert "Choose a new password" in page.text
    assert address not in page.redirect_chain[-1][0]  # the secret stays out of the address bar
    form = page.redirect_chain[-1][0]
    twice = {"password1": NEW_PASSWORD, "password2": "something else"}
    assert "type the same password" in visitor.post(form, twice).text
    done = visitor.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
    assert "Your password is changed" in done.text
    assert not sign_in(visitor, EMAIL, PASSWORD)
    assert sign_in(visitor, EMAIL, NEW_PASSWORD)
    visitor.logout()
    assert "does not work any more" in visitor.get(address, follow=True).text


def test_asking_for_a_reset_does_not_tell_whether_there_is_an_account(visitor: Client) -> None:
    known = visitor.post(reverse("account_reset_password"), {"email": EMAIL}, follow=True)
    stranger = "stranger@example.com"
    unknown = visitor.post(reverse("account_reset_password"), {"email": stranger}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert "do not have any record" in str(mail.outbox[-1].body)
    assert mail.outbox[-1].to == [stranger]


def test_an_address_is_confirmed_by_the_link_of_the_mail(visitor: Client) -> None:
    address = link(EMAIL)
    assert sign_in(visitor, EMAIL, PASSWORD)
    assert "Not confirmed" in visitor.get(reverse("account_email")).text
    assert "will belong to the account of" in visitor.get(address).text
    visitor.post(address)
    page = visitor.get(reverse("account_email")).text
    assert "Confirmed" in page
    assert "Not confirmed" not in page
    assert "used up or too old" in visitor.get(reverse("account_confirm_email", args=["x"])).text


def test_two_factor_sign_in_waits_for_a_confirmed_address(visitor: Client) -> None:
    assert sign_in(visitor, EMAIL, PASSWORD)
    assert f"confirm that <b>{EMAIL}</b> is yours" in visitor.get(reverse("mfa_index")).text
    page = visitor.get(reverse("mfa_activate_totp"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("mfa_index")
    assert "until you have verified your email address" in page.text
    assert '<div class="toast" data-tone="bad">' in page.text


def test_a_second_address_is_added_made_primary_and_the_first_removed(visitor: Client) -> None:
    assert sign_in(visitor, EMAIL, PASSWORD)
    visitor.post(link(EMAIL))
    second, page = "second@example.com", reverse("account_email")
    visitor.post(page, {"action_add": "", "email": second})
    assert "Not confirmed" in visitor.get(page).text
    visitor.post(link(second))
    refused = visitor.post(page, {"action_remove": "", "email": EMAIL}, follow=True)
    assert "cannot remove your primary email" in refused.text
    visitor.post(page, {"action_primary": "", "email": second})
    visitor.post(page, {"action_remove": "", "email": EMAIL})
    assert "Removed email address" in visitor.get(page).text
    assert EMAIL not in visitor.get(page).text
    visitor.logout()
    assert not sign_in(visitor, EMAIL, PASSWORD)
    assert sign_in(visitor, second, PASSWORD)


def test_signing_up_twice_makes_one_account_and_tells_by_mail_alone(visitor: Client) -> None:
    fields = {"email": EMAIL, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    visitor.post(reverse("account_signup"), fields)
    assert User.objects.filter(email=EMAIL).count() == 1
    assert not sign_in(visitor, EMAIL, NEW_PASSWORD)


def test_a_closed_sign_up_makes_no_account_and_is_not_offered(
    client: Client, db: None, settings: Settings
) -> None:
    assert "Create an account" in client.get(reverse("account_login")).text
    settings.SIGNUP_OPEN = False
    assert "Create an account" not in client.get(reverse("account_login")).text
    fields = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    for page in (
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), fields),
    ):
        assert "Sign-up is closed" in page.text
    assert not User.objects.exists()
