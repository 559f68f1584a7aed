"""Answering v0 in Chromium: the card comes by itself, and keeps what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import AXE, violations
from tests.browser.driving import begin

pytestmark = pytest.mark.browser
GENERATION = 60_000  # milliseconds


def test_a_question_appears_while_one_watches_and_is_answered(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.context.add_init_script(path=AXE)
    chat = begin(page, f"{demo}/t/acme", "Build a page about tea, but ask me first")
    card = page.locator("#ask-card")
    expect(card).to_be_visible(timeout=GENERATION)
    card.get_by_text("Customers", exact=True).click()
    card.get_by_role("button", name="Answer").click()
    expect(card).to_contain_text("Choose an answer, or write your own.")
    expect(card.get_by_label("Customers")).to_be_checked()
    own = card.get_by_label("Tone, in your own words")
    own.fill("Like a tea house")
    page.locator("#live").evaluate("live => htmx.trigger(live, 'look')")
    expect(page.locator("#live[aria-busy]")).to_have_count(0)
    expect(own).to_have_value("Like a tea house")
    page.reload()
    expect(own).to_have_value("Like a tea house")
    expect(card.get_by_label("Customers")).to_be_checked()
    assert violations(page, "/t/acme/chats/…", {}) == []
    card.get_by_role("button", name="Answer").click()
    page.wait_for_url(chat)
    expect(card).to_have_count(0)
    expect(page.locator(".talk")).to_contain_text("Like a tea house", timeout=GENERATION)


def test_the_inbox_is_walked_by_keys_and_a_plan_is_sent_back(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.context.add_init_script(path=AXE)
    begin(page, f"{demo}/t/acme", "Build a page about Coffee, but plan first")
    expect(page.locator("#ask-card")).to_be_visible(timeout=GENERATION)
    page.keyboard.press("Escape")
    page.locator("body").press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/")
    rows = page.locator("#rows tbody tr")
    expect(rows.last).to_contain_text("Coffee")
    for _ in range(rows.count()):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator("#ask-card")).to_contain_text("Write what should change.")
    assert violations(page, "/t/acme/inbox/…", {}) == []
    page.locator("#ask-card textarea").fill("Only one page, please")
    page.locator("#ask-card textarea").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Press the button that you mean.")
    page.get_by_role("button", name="Request changes").click()
    page.wait_for_url("**/inbox/")
    expect(page.locator("#toasts")).to_contain_text("Answered. v0 goes on.")
