"""axe-core finds nothing in what a walk through the pages does not meet: chats that run, failed or
are gone, open steps, menus and dialogs, and a webhook. Where v0 waits: test_inbox.py; what the
playground answers: test_playground.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check, needs_axe
from tests.browser.driving import Visitors, answer, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("states"), needs_axe]


def test_what_a_chat_goes_through(studio: Studio, visitors: Visitors, team: str) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about tea with pricing")
    studio.write(chat, 0.6)
    expect(answer(page)).to_contain_text("app/page.tsx")
    check(page, "a chat that runs")
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    for step in page.locator(".parts details").all():
        step.evaluate("step => { step.open = true }")
    expect(page.locator(".edit-diff .spinner, .htmx-request")).to_have_count(0)
    page.locator("#chat-menu > summary").click()
    check(page, "steps and the menu open")
    page.locator("#chat-menu").get_by_role("link", name="Rename…").click()
    name = page.locator("dialog").get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    check(page, "renaming")
    page.keyboard.press("Escape")
    page.locator("#stage").get_by_role("link", name="Fork", exact=True).click()
    expect(page.locator("dialog[open]")).to_contain_text("Who can see the new chat")
    check(page, "forking")
    page.goto(f"{chat}delete/")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url("**/chats/")
    page.goto(chat)
    expect(page.locator("#gone")).to_contain_text("was deleted")
    check(page, "a chat that is gone")


def test_a_chat_that_failed(studio: Studio, visitors: Visitors, team: str) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about rum, fail on purpose")
    studio.finish(chat)
    expect(page.get_by_role("button", name="Fix with v0")).to_be_visible()
    check(page, "a chat that failed")


def test_a_webhook(visitors: Visitors, usual_team: str) -> None:
    page = visitors.open("member", f"{usual_team}/webhooks/add/")
    page.get_by_role("button", name="Add in v0").click()
    page.wait_for_url("**/webhooks/*/")
    expect(page.get_by_role("heading", name="What arrived")).to_be_visible()
    check(page, "a webhook")
