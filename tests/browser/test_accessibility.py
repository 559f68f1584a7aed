"""axe-core finds nothing on any page, light and dark, and no page complains in the console."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import AXE, COLOURS, violations
from tests.browser.driving import (
    ACCOUNT,
    DESKTOP,
    SIGNED_OUT,
    STARTS,
    every_page,
    sign_in,
    watched,
)

pytestmark = pytest.mark.browser


def walk(page: Page, demo: str, found: list[str], *starts: str) -> int:
    """Every page from `starts` on, in the light and then in the dark; returns how many."""
    paths = []
    for path in every_page(page, demo, *starts):
        found += violations(page, path, {})
        paths.append(path)
    page.emulate_media(color_scheme="dark")  # only colours change
    for path in paths:
        page.goto(demo + path)
        found += violations(page, f"in the dark: {path}", COLOURS)
    return len(paths)


def test_every_page_is_accessible_and_complains_of_nothing(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(path=AXE)  # not subject to the CSP, which stays as it is
    page, watch = watched(context)
    watch.expected = ["404"]  # one of the pages is the one for what does not exist
    found: list[str] = []
    for path in SIGNED_OUT:
        page.goto(demo + path)
        found += violations(page, path, {})
    sign_in(page, demo, "owner")
    for path in ACCOUNT:
        page.goto(demo + path)
        found += violations(page, path, {})
    walked = walk(page, demo, found, *STARTS)
    for path in ACCOUNT:
        page.goto(demo + path)
        found += violations(page, f"in the dark: {path}", COLOURS)
    context.clear_cookies()
    for path in SIGNED_OUT:
        page.goto(demo + path)
        found += violations(page, f"in the dark: {path}", COLOURS)
    context.close()
    assert found == []
    assert watch.complaints == []
    assert walked >= 30


def test_the_empty_pages_of_a_new_team_are_accessible_too(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page, watch = watched(context)
    name = f"empty-{uuid.uuid4().hex[:8]}"
    sign_in(page, demo, "outsider")
    page.goto(f"{demo}/teams/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(f"**/t/{name}/")
    found: list[str] = []
    walked = walk(page, demo, found, f"/t/{name}/")
    context.close()
    assert found == []
    assert watch.complaints == []
    assert walked >= 12
