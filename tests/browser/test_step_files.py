"""The files of v0's steps: what was changed in them, unfolded in the conversation, and the files
themselves beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def begun(page: Page, studio: Studio, team: str) -> str:
    """A chat whose first version is finished; the page shows it."""
    chat = begin(page, team, "A page about tea with pricing")
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    return chat


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


def test_the_changes_of_the_first_version_unfold_in_place(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = begun(page, studio, team)
    step = edit(page, "lib/data.ts")
    expect(step.locator(".diff-row .sign").first).to_have_text("+")
    assert page.url == chat
    step.get_by_role("link", name="All files of version 1").click()
    expect(page.locator("#stage #file")).to_contain_text("data.ts")
    expect(step.locator(".diff")).to_be_visible()
    assert re.search(r"tab=files&version=1&file=lib%2Fdata\.ts$", page.url)
