"""What is stored of authenticator apps and recovery codes: sealed, rotated, as good as before."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dashboard import ring
from dashboard.models import Membership
from tests import make
from tests.browser.person import digits
from tests.dashboard.conftest import Cast
from tests.dashboard.test_rotate_keys import NEW, OLD

PASSWORD = "a-quite-Long-one-77"
SECRET = base64.b32encode(b"twenty bytes, I hope").decode()
SEED = "0123456789abcdef" * 5
migration = import_module("dashboard.migrations.0010_seal_second_factors")


@pytest.fixture
def person(cast: Cast, valkey: object) -> Membership:
    """Somebody with a password and a confirmed address."""
    cast.member.user.set_password(PASSWORD)
    cast.member.user.save(update_fields=["password"])
    EmailAddress.objects.create(
        user=cast.member.user, email=cast.member.user.email, verified=True, primary=True
    )
    return cast.member


@pytest.fixture
def protected(person: Membership, settings: Settings) -> Membership:
    """Switched on an authenticator app on the page, under the old ring key; there is a newer."""
    settings.KEY_RING = OLD
    switch_on_app(person)
    settings.KEY_RING = f"{NEW},{OLD}"
    return person


@pytest.fixture
def unsealed(person: Membership) -> Membership:
    """Has second factors as they were stored before they were sealed."""
    for kind, data in (
        ("totp", {"secret": SECRET}),
        ("recovery_codes", {"seed": SEED, "used_mask": 1}),
    ):
        Authenticator.objects.create(user=person.user, type=kind, data=data)
    return person


def switch_on_app(person: Membership) -> None:
    client = Client()
    given = {"login": person.user.email, "password": PASSWORD}
    client.post(reverse("account_login"), given)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    code = digits(page.context["form"].secret)
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302


def stored(kind: str) -> dict[str, Any]:
    data: dict[str, Any] = Authenticator.objects.get(type=kind).data
    return data


def app_secret() -> str:
    """What the app of the person holds: the plain secret."""
    return str(decrypt(stored("totp")["secret"]))


def recovery_codes() -> list[str]:
    codes: list[str] = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    return codes


def sign_in(person: Membership, code: str) -> Any:
    """Both steps of signing in; gives the answer to the second."""
    client = Client()
    given = {"login": person.user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), given)["Location"] == reverse("mfa_authenticate")
    return client.post(reverse("mfa_authenticate"), {"code": code})


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_what_is_stored_of_an_app_and_of_recovery_codes_is_sealed(protected: Membership) -> None:
    sealed = stored("totp")["secret"], stored("recovery_codes")["seed"]
    assert all(value.startswith("old.") for value in sealed)
    assert app_secret() not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_rotation_seals_second_factors_anew_and_their_codes_go_on_working(
    protected: Membership, settings: Settings
) -> None:
    codes, key = recovery_codes(), make.key(protected, "v0-key-1")
    assert key.sealed.startswith("new.")
    said = rotate()
    assert "3 of 3 secrets looked at" in said
    assert "2 secrets sealed anew under the ring key new" in said
    settings.KEY_RING = NEW
    assert recovery_codes() == codes
    assert sign_in(protected, codes[0]).status_code == 302
    assert recovery_codes() == codes[1:]
    assert sign_in(protected, digits(app_secret())).status_code == 302
    assert "0 secrets sealed anew" in rotate()


def test_a_rotation_names_whose_second_factor_does_not_open(protected: Membership) -> None:
    Authenticator.objects.filter(type="totp").update(data={"secret": "lost.AAAA"})
    with pytest.raises(CommandError) as failure:
        rotate()
    assert f"TOTP Authenticator of {protected.user.email}" in str(failure.value)
    assert stored("recovery_codes")["seed"].startswith("new.")


def test_a_start_without_the_ring_key_of_second_factors_is_stopped_with_a_sentence(
    protected: Membership, settings: Settings
) -> None:
    assert ring.verify_ring() is None
    settings.KEY_RING = NEW
    said = "secrets of two-factor sign-in are sealed with the ring key “old”, which KEY_RING does"
    assert said in str(ring.verify_ring())


def test_a_code_that_cannot_be_compared_is_refused_in_words(protected: Membership) -> None:
    Authenticator.objects.filter(type="totp").update(data={"secret": "lost.AAAA"})
    refused = sign_in(protected, "123456")
    assert "put that ring key back" in refused.text


def test_a_page_about_codes_that_do_not_open_says_so(
    protected: Membership, client_of: Callable[[Membership], Client]
) -> None:
    Authenticator.objects.filter(type="recovery_codes").update(data={"seed": "lost.AAAA"})
    shown = client_of(protected).get(reverse("mfa_index"))
    assert shown.status_code == 503
    assert "put that ring key back" in shown.text


def test_second_factors_from_before_are_sealed_by_the_migration_and_work_as_ever(
    unsealed: Membership,
) -> None:
    assert ring.verify_ring() is None  # nothing is sealed yet, and a start is not stopped by it
    migration.seal(apps, None)
    assert (app_secret(), stored("recovery_codes")["used_mask"]) == (SECRET, 1)
    assert SECRET not in stored("totp")["secret"]
    assert SEED not in stored("recovery_codes")["seed"]
    codes = recovery_codes()
    assert len(codes) == 9
    assert sign_in(unsealed, codes[3]).status_code == 302
    assert sign_in(unsealed, digits(SECRET)).status_code == 302


def test_passkeys_hold_no_secret_and_stay_as_they_are(person: Membership) -> None:
    data = {"name": "Laptop", "credential": {"id": "x"}}
    Authenticator.objects.create(user=person.user, type="webauthn", data=data)
    migration.seal(apps, None)
    assert "0 secrets sealed anew" in rotate()
    assert stored("webauthn") == data


def test_the_migration_can_be_taken_back(unsealed: Membership) -> None:
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    migration.seal(apps, None)
    migration.unseal(apps, None)
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_recovery_codes_that_were_brought_from_elsewhere_are_sealed_and_rotated(
    person: Membership, settings: Settings
) -> None:
    settings.KEY_RING = OLD
    Authenticator.objects.create(
        user=person.user, type="recovery_codes", data={"migrated_codes": ["12345678", "23456789"]}
    )
    migration.seal(apps, None)
    settings.KEY_RING = f"{NEW},{OLD}"
    assert "1 secrets sealed anew" in rotate()
    assert [code[:4] for code in stored("recovery_codes")["migrated_codes"]] == ["new.", "new."]
    assert recovery_codes() == ["12345678", "23456789"]


def test_what_is_not_sealed_does_not_open_and_is_not_told(unsealed: Membership) -> None:
    with pytest.raises(CommandError) as failure:
        rotate()
    assert SECRET not in str(failure.value)
    assert "Ask those who run it" in sign_in(unsealed, digits(SECRET)).text
