"""axe-core finds nothing on any page, light and dark, and no page complains in the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

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
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """rules => axe.run(document, {iframes: false, resultTypes: ['violations'], ...rules})
    .then(result => result.violations.map(rule => rule.id + ': ' + rule.nodes.slice(0, 4).map(
        node => node.target.join(' ') + ' — ' + [...node.any, ...node.all, ...node.none][0]?.message
    ).join(' | ')))"""


def violations(page: Page, path: str) -> list[str]:
    """What axe finds in the light, and what else it finds in the dark, where only colours change."""
    page.emulate_media(color_scheme="light")
    light = [f"{path} {one}" for one in page.evaluate(RUN, {})]
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(RUN, {"runOnly": ["color-contrast", "link-in-text-block"]})
    return light + [f"{path} in the dark: {one}" for one in dark]


def test_every_page_is_accessible_and_complains_of_nothing(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(path=AXE)  # not subject to the CSP, which stays as it is
    page, watch = watched(context)
    watch.expected = ["404"]  # one of the pages is the one for what does not exist
    found = []
    for path in SIGNED_OUT:
        page.goto(demo + path)
        found += violations(page, path)
    sign_in(page, demo, "owner")
    for path in ACCOUNT:
        page.goto(demo + path)
        found += violations(page, path)
    walked = 0
    for path in every_page(page, demo, *STARTS):
        found += violations(page, path)
        walked += 1
    context.close()
    assert found == []
    assert watch.complaints == []
    assert walked >= 30
