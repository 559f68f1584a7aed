"""axe-core finds nothing on any page, light and dark, and no page complains in the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import AXE, COLOURS, needs_axe, violations
from tests.browser.driving import (
    ACCOUNT,
    DESKTOP,
    SIGNED_OUT,
    STARTS,
    every_page,
    sign_in,
    watched,
)

pytestmark = [pytest.mark.browser, needs_axe]


def test_every_page_is_accessible_and_complains_of_nothing(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(path=AXE)  # not subject to the CSP, which stays as it is
    page, watch = watched(context)
    watch.expected = ["404"]  # one of the pages is the one for what does not exist
    found = []
    for path in SIGNED_OUT:
        page.goto(demo + path)
        found += violations(page, path, {})
    sign_in(page, demo, "owner")
    for path in ACCOUNT:
        page.goto(demo + path)
        found += violations(page, path, {})
    walked = []
    for path in every_page(page, demo, *STARTS):
        found += violations(page, path, {})
        walked.append(path)
    page.emulate_media(color_scheme="dark")  # only colours change
    for path in [*ACCOUNT, *walked]:
        page.goto(demo + path)
        found += violations(page, f"in the dark: {path}", COLOURS)
    context.clear_cookies()
    for path in SIGNED_OUT:
        page.goto(demo + path)
        found += violations(page, f"in the dark: {path}", COLOURS)
    context.close()
    assert found == []
    assert watch.complaints == []
    assert len(walked) >= 30
