"""What works without a pointer and what survives a reload: shortcuts, help, drafts, zones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import PHONE

pytestmark = pytest.mark.browser
OWN = "?status=ready&q=Customer+stories"


def test_keys_move_select_and_go_places_and_are_listed(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row]").nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Go to usage and limits")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("gu")
    expect(page.locator("#search")).to_have_value("gu")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/usage/")


def test_what_is_half_typed_survives_a_reload(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/{OWN}")
    page.locator("[data-row-link]").first.click()
    page.get_by_label("Your message to v0").fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Your message to v0")).to_have_value("Half a thought")


def test_a_phone_shows_one_zone_of_a_chat_at_a_time(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.set_viewport_size(PHONE)
    page.goto(f"{demo}/t/acme/chats/{OWN}")
    page.locator("[data-row-link]").first.click()
    expect(page.get_by_label("Your message to v0")).to_be_visible()
    expect(page.locator("#stage")).to_be_hidden()
    page.get_by_text("Versions", exact=True).first.click()
    page.locator(".version").last.click()
    expect(page.locator("#stage")).to_be_visible()
    expect(page.locator("#rail")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
