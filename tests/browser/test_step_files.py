"""The files of v0's steps: what was changed in them, unfolded in the conversation, and the files
themselves beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Visitors
from tests.browser.studio import Studio, written

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]
PROMPT = "A page about tea with pricing"


def edit(page: Page, path: str) -> Locator:
    """The unfolded step of the first answer in which this file was created."""
    answer = page.locator(".msg .parts").first
    files = answer.locator("> details", has=page.locator("li details"))
    if files.count():
        files.first.locator("> summary").click()
    # The innermost one.
    found = answer.locator(f"details:has(> summary:has-text('Created {path}'))").first
    found.locator("> summary").click()
    return found


def link_in_sight(page: Page) -> Locator:
    """The link to the file of an unfolded step."""
    step = edit(page, "app/layout.tsx")
    expect(step.locator(".diff")).to_be_visible()
    link = step.get_by_role("link", name="Open the file")
    link.scroll_into_view_if_needed()
    return link


def test_the_changes_of_the_first_version_unfold_in_place(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = written(page, studio, team, PROMPT)
    step = edit(page, "lib/data.ts")
    expect(step.locator(".diff-row .sign").first).to_have_text("+")
    assert page.url == chat
    step.get_by_role("link", name="All files of version 1").click()
    expect(page.locator("#stage #file")).to_contain_text("data.ts")
    expect(step.locator(".diff")).to_be_visible()
    assert re.search(r"tab=files&version=1&file=lib%2Fdata\.ts$", page.url)


def test_a_file_opens_as_its_answer_left_it_and_the_conversation_stays(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    page.set_viewport_size({"width": 1440, "height": 480})
    chat = written(page, studio, team, PROMPT)
    page.get_by_label("Your message to v0").fill("Add a timeline")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".msg.asked")).to_have_count(2)
    studio.finish(chat)
    expect(page.locator("#version-2")).to_be_visible()
    link = link_in_sight(page)
    before = link.bounding_box()
    link.click()
    expect(page.locator("#stage #file")).to_contain_text("layout.tsx")
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 1")
    expect(page.locator("#version-1")).to_have_attribute("aria-current", "true")
    expect(link).to_be_focused()
    assert link.bounding_box() == before


def test_on_a_phone_the_way_back_leads_to_where_one_read(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    page.set_viewport_size({"width": 390, "height": 700})
    written(page, studio, usual_team, PROMPT)
    link = link_in_sight(page)
    before = link.bounding_box()
    link.click()
    expect(page.locator("#stage #file")).to_be_in_viewport()
    page.locator("label", has_text="Conversation").click()
    expect(link).to_be_in_viewport()
    assert link.bounding_box() == before
