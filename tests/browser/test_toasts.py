"""What is told for a moment: in sight as a whole, and in the way of nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]
WORD = "components/" + "an-endless-name" * 12 + ".tsx"
WIDTHS = (1440, 1200, 1100, 900, 390)


@pytest.fixture
def chat(studio: Studio, visitors: Visitors, usual_team: str) -> Page:
    page = visitors.open("member")
    page.set_viewport_size({"width": 1440, "height": 700})
    address = begin(page, usual_team, "A page about tea with pricing")
    studio.finish(address)
    expect(page.locator("#writing")).to_have_count(0)
    return page


def told(page: Page, text: str) -> Locator:
    page.evaluate(
        "text => document.dispatchEvent("
        "new CustomEvent('toast', {detail: {text, tone: 'bad'}, bubbles: true}))",
        text,
    )
    shown = page.locator("#toasts .toast").last
    expect(shown).to_be_visible()
    return shown


def place(thing: Locator) -> FloatRect:
    found = thing.bounding_box()
    assert found is not None
    return found


def overlap(one: FloatRect, other: FloatRect) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_word_stays_in_the_window_and_can_be_dismissed(chat: Page, width: int) -> None:
    chat.set_viewport_size({"width": width, "height": 700})
    shown = told(chat, f"The file {WORD} was not saved.")
    box = place(shown)
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert shown.locator("p").evaluate("node => node.scrollWidth <= node.clientWidth")
    shown.get_by_role("button", name="Dismiss").click()
    expect(shown).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_neither_sending_nor_the_versions_are_covered(chat: Page, width: int) -> None:
    chat.set_viewport_size({"width": width, "height": 700})
    shown = place(told(chat, "The file components/hero.tsx was not saved. Try again in a moment."))
    send = chat.get_by_role("button", name="Send", exact=True)
    assert not overlap(shown, place(send))
    if width > 960:  # narrower pages show one thing at a time
        assert not overlap(shown, place(chat.locator("#rail")))
