"""What people do with their own account, which allauth serves in our look, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import AXE, needs_axe
from tests.browser.driving import DESKTOP, sign_in, watched
from tests.browser.person import PASSWORD, Person, digits

pytestmark = [pytest.mark.browser, needs_axe]


@pytest.fixture(scope="module")
def staff(browser: Browser, demo: str) -> Iterator[Page]:
    """Somebody who may use the admin."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    sign_in(page, demo, "owner")
    yield page
    context.close()


@pytest.fixture
def newcomer(browser: Browser, demo: str) -> Iterator[Person]:
    """Somebody who has just signed up."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page, watch = watched(context)
    page.set_default_timeout(15_000)
    person = Person(page, watch, demo)
    person.sign_up()
    yield person
    context.close()
    assert person.found == []
    assert watch.complaints == []


@pytest.fixture
def person(newcomer: Person, staff: Page) -> Person:
    """Somebody with a confirmed address, without which there is no two-factor sign-in.

    Only the server's log has the link of the mail, so staff confirms the address.
    """
    staff.goto(f"{newcomer.base}/admin/account/emailaddress/?q={newcomer.email}")
    staff.locator("input[name=_selected_action]").check()
    staff.get_by_label("Action:").select_option("make_verified")
    staff.get_by_role("button", name=re.compile("Go|Run")).click()
    expect(staff.locator(".messagelist")).to_contain_text(f"Marked {newcomer.email}")
    return newcomer


def test_an_authenticator_app_is_switched_on_asked_for_and_switched_off(person: Person) -> None:
    secret = person.switch_on_app()
    person.look("Recovery codes")
    person.sign_out()
    person.give_password()
    person.look("Second step")
    expect(person.page.get_by_role("button", name="passkey")).to_have_count(0)  # there is none
    person.page.get_by_label("Code").fill("000000" if digits(secret) != "000000" else "000001")
    person.press("Sign in")
    expect(person.page.locator("main")).to_contain_text("Incorrect code")
    person.look("Second step")
    person.give_digits(secret, "Sign in")
    person.page.wait_for_url("**/teams/new/")
    person.open("/accounts/2fa/", "Two-factor sign-in")
    person.page.get_by_role("link", name="Switch off").click()
    person.prove()
    person.look("Switch off the authenticator app?")
    person.press("Switch off")
    person.told("Authenticator app deactivated")
    person.sign_out()
    person.give_password()
    person.page.wait_for_url("**/teams/new/")


def test_recovery_codes_are_kept_renewed_and_each_signs_in_once(person: Person) -> None:
    page = person.page
    person.switch_on_app()
    old = page.locator("#codes li").all_inner_texts()
    assert len(set(old)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_text().split() == old
    page.get_by_role("link", name="Make new ones").click()
    person.look("Make new recovery codes?")
    person.press("Make new codes")
    expect(page.locator("#codes li").first).not_to_have_text(old[0])
    codes = page.locator("#codes li").all_inner_texts()
    assert not set(codes) & set(old)
    person.sign_out()
    person.give_password()
    page.get_by_label("Code").fill(old[0])
    person.press("Sign in")
    expect(page.locator("main")).to_contain_text("Incorrect code")
    page.get_by_label("Code").fill(codes[0])
    person.press("Sign in")
    page.wait_for_url("**/teams/new/")
    page.goto(f"{person.base}/accounts/2fa/recovery-codes/")
    person.look("Is it you?")
    page.get_by_role("link", name="authenticator app or code").click()
    person.look("Is it you?")
    page.get_by_label("Code").fill(codes[1])
    person.press("Confirm")
    person.look("Recovery codes")
    assert page.locator("#codes li").all_inner_texts() == codes[2:]
    expect(page.locator("main")).to_contain_text("8 of 10 unused")


def test_a_passkey_is_added_renamed_signs_in_and_is_removed(person: Person) -> None:
    page = person.page
    bring_authenticator(page)
    person.open("/accounts/2fa/webauthn/", "Passkeys and security keys")
    page.get_by_role("link", name="Add one").click()
    person.prove()
    person.look("Add a passkey or security key")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Name").press("Enter")  # sends the form without a key
    expect(page.get_by_role("alert")).to_contain_text("No key has been read")
    page.get_by_label("Sign in with it alone").check()
    person.press("Add")
    person.told("Security key added")
    person.look("Recovery codes")
    person.open("/accounts/2fa/webauthn/", "Passkeys and security keys")
    expect(page.locator("main")).to_contain_text(re.compile(r"Laptop\s+Passkey"))
    page.get_by_role("link", name="Rename").click()
    person.look("Rename the key")
    page.get_by_label("Name").fill("Old laptop")
    person.press("Rename")
    expect(page.locator("main")).to_contain_text("Old laptop")
    person.sign_out()
    person.press("Sign in with a passkey")
    page.wait_for_url("**/teams/new/")
    person.sign_out()
    person.give_password()
    person.look("Second step")
    person.press("Use a passkey or security key")
    page.wait_for_url("**/teams/new/")
    page.goto(f"{person.base}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    person.look("Is it you?")
    page.get_by_role("link", name="security key").click()
    person.look("Is it you?")
    person.press("Use a passkey or security key")
    person.look("Remove this key?")
    person.press("Remove")
    person.told("Security key removed")
    expect(page.locator("main")).to_contain_text("No passkey yet")


def bring_authenticator(page: Page) -> None:
    """The page's device has a fingerprint reader from now on, and the finger is always on it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_list_of_sessions_shows_two_and_ends_the_other(
    newcomer: Person, browser: Browser
) -> None:
    other = Person(*watched(browser.new_context()), newcomer.base, newcomer.email)
    other.give_password()
    other.page.wait_for_url("**/teams/new/")
    newcomer.open("/accounts/sessions/", "Sessions")
    rows = newcomer.page.locator("main .list li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="This one")).to_have_count(1)
    newcomer.press("Sign out everywhere else")
    newcomer.told("Signed out of all other sessions")
    expect(rows).to_have_count(1)
    other.page.goto(f"{other.base}/teams/new/")
    other.page.wait_for_url("**/accounts/login/**")
    other.page.context.close()
    assert other.watch.complaints == []


def test_a_password_is_changed_and_the_old_one_is_of_no_use(newcomer: Person) -> None:
    page = newcomer.page
    newcomer.open("/accounts/password/change/", "Password")
    page.get_by_label("Current Password").fill("not-the-password")
    page.get_by_label("New Password", exact=True).fill("another-long-password")
    page.get_by_label("New Password (again)").fill("another-long-password")
    newcomer.press("Change password")
    expect(page.locator("main .errorlist")).to_be_visible()
    newcomer.look("Password")
    page.get_by_label("Current Password").fill(PASSWORD)
    page.get_by_label("New Password", exact=True).fill("another-long-password")
    page.get_by_label("New Password (again)").fill("another-long-password")
    newcomer.press("Change password")
    newcomer.told("Password successfully changed")
    newcomer.sign_out()
    newcomer.give_password()
    expect(page.locator("main")).to_contain_text("not correct")
    newcomer.look("Sign in")
    newcomer.password = "another-long-password"
    newcomer.give_password()
    page.wait_for_url("**/teams/new/")


def test_an_address_is_added_and_removed_after_a_question(newcomer: Person) -> None:
    page, second = newcomer.page, f"second-{newcomer.email}"
    newcomer.open("/accounts/email/", "E-mail addresses")
    page.get_by_role("main").get_by_label("Email").fill(second)
    newcomer.press("Add address")
    row = page.locator("main .list li").filter(has_text=second)
    expect(row).to_contain_text("Not confirmed")
    newcomer.look("E-mail addresses")
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#confirm")).to_contain_text(f"Remove {second}?")
    page.locator("#confirm").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    newcomer.told(f"Removed email address {second}")
