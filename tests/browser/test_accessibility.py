"""axe-core finds nothing on any page, light and dark, and no page complains in the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import (
    ACCOUNT,
    DESKTOP,
    PHONE,
    SIGNED_OUT,
    STARTS,
    every_page,
    sign_in,
    watched,
)

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def violations(page: Page, path: str) -> list[str]:
    page.evaluate(AXE.read_text())  # evaluated by the debugger, so the CSP stays as it is
    found = page.evaluate(
        "axe.run(document, {iframes: false, resultTypes: ['violations']})"
        ".then(result => result.violations.map(v => v.id + ': ' + v.nodes.map("
        "n => n.target.join(' ') + ' — ' + n.any.concat(n.all, n.none)"
        ".map(c => c.message).slice(0, 1)).slice(0, 4).join(' | ')))"
    )
    return [f"{path} {one}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible(
    browser: Browser, demo: str, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
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
    assert walked >= 20
