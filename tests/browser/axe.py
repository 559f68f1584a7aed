"""Runs axe-core in a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

# For `context.add_init_script(path=AXE)`, which the CSP does not hold back.
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core, from npm, is not installed")
RUN = """rules => axe.run(document, {iframes: false, resultTypes: ['violations'], ...rules})
    .then(result => result.violations.map(rule => rule.id + ': ' + rule.nodes.slice(0, 4).map(
        node => node.target.join(' ') + ' — ' + [...node.any, ...node.all, ...node.none][0]?.message
    ).join(' | ')))"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that a dark page changes


# What a change of the theme still has to do: colours take a moment to change.
SETTLED = """() => new Promise(painted => requestAnimationFrame(painted)).then(() => Promise.all(
    document.getAnimations().filter(one => one instanceof CSSTransition)
        .map(one => one.finished.catch(() => null))))"""


def violations(page: Page, path: str, rules: dict[str, Any]) -> list[str]:
    """axe's script must be in the page already: see `AXE`."""
    return [f"{path} {one}" for one in page.evaluate(RUN, rules)]


def check(page: Page, state: str) -> None:
    """Nothing is found on the page as it stands now, light or dark."""
    page.evaluate(AXE.read_text())
    found = violations(page, state, {})
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found += violations(page, f"in the dark: {state}", COLOURS)
    page.emulate_media(color_scheme="light")
    assert found == []
