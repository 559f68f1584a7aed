"""Reading, selecting and typing in a chat's page while v0 writes: nothing of it is disturbed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Visitors, answer, begin
from tests.browser.studio import Studio, written

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

LONG = "A page about tea. " + "It has to say where each tea comes from. " * 25
SHARES = (0.3, 0.5, 0.6, 0.75, 0.92)


def grows(page: Page, studio: Studio, chat: str) -> None:
    """v0 has written on, and the page shows it."""
    expect(answer(page).locator("> .prose > p").last).to_have_text(studio.said(chat)[-1])


def test_what_one_reads_stays_where_it_is(studio: Studio, visitors: Visitors, team: str) -> None:
    page = visitors.open("member")
    page.set_viewport_size({"width": 1440, "height": 480})
    chat = begin(page, team, LONG)
    studio.write(chat, 0.2)
    grows(page, studio, chat)
    newer, asked = page.get_by_role("button", name="New", exact=True), page.locator(".msg.asked")
    expect(newer).to_be_hidden()
    page.locator(".talk-scroll").hover()
    page.mouse.wheel(0, -2000)
    expect(asked.locator(".msg-head")).to_be_in_viewport()
    before = top(page)
    for share in SHARES:
        studio.write(chat, share)
        grows(page, studio, chat)
        assert abs(top(page) - before) < 1.5  # positions are whole pixels
    expect(newer).to_be_visible()
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    assert abs(top(page) - before) < 1.5  # positions are whole pixels
    newer.click()
    expect(answer(page).locator("> .prose > p").last).to_be_in_viewport()
    expect(newer).to_be_hidden()


def top(page: Page) -> float:
    """Where on the screen the first message begins."""
    place = page.locator(".msg.asked").first.bounding_box()
    assert place is not None
    return place["y"]


def test_who_reads_at_the_end_stays_at_the_end(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    page.set_viewport_size({"width": 1440, "height": 480})
    chat = begin(page, usual_team, LONG)
    for share in (0.2, *SHARES):
        studio.write(chat, share)
        grows(page, studio, chat)
        expect(page.locator("#writing")).to_be_in_viewport()
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    expect(answer(page).locator("> .prose > p").last).to_be_in_viewport()


def test_what_is_selected_stays_selected(studio: Studio, visitors: Visitors, team: str) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about honey with cards")
    studio.write(chat, 0.2)
    grows(page, studio, chat)
    answer(page).locator("> .prose > p").first.evaluate(
        "node => getSelection().setBaseAndExtent(node.firstChild, 0, node.firstChild, 10)"
    )
    for share in SHARES:
        studio.write(chat, share)
        grows(page, studio, chat)
        assert selected(page) == "I'll build"
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    assert selected(page) == "I'll build"


def selected(page: Page) -> str:
    return str(page.evaluate("getSelection().toString()"))


def test_what_is_half_typed_stays_and_can_be_typed_on(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, usual_team, "A page about plums with a faq")
    field = page.get_by_label("Your message to v0")
    field.press_sequentially("Make it bl")
    for share in (0.2, *SHARES):
        studio.write(chat, share)
        grows(page, studio, chat)
        expect(field).to_be_focused()
    page.keyboard.type("ue, nt")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    studio.finish(chat)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    page.keyboard.type("o")
    page.keyboard.press("End")
    page.keyboard.type(" red")
    expect(field).to_have_value("Make it blue, not red")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#writing")).to_be_visible()
    expect(page.locator(".msg.asked").last).to_contain_text("Make it blue, not red")


def test_a_step_that_was_unfolded_stays_open(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("viewer")
    chat = begin(visitors.open("member"), usual_team, "A page about figs with quotes")
    studio.write(chat, 0.2)
    page.goto(chat)
    thought = answer(page).locator("details").first
    thought.locator("summary").click()
    expect(thought).to_contain_text("The request is about")
    for share in SHARES:
        studio.write(chat, share)
        grows(page, studio, chat)
        expect(thought).to_have_attribute("open", "")
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    expect(thought).to_have_attribute("open", "")


def test_what_one_had_typed_outlives_the_chat(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = written(page, studio, team, "A page about tea")
    page.get_by_label("Your message to v0").fill("Now in green, and with prices")
    other = visitors.open("owner", f"{chat}delete/")
    other.get_by_role("button", name="Delete", exact=True).click()
    other.wait_for_url(lambda url: not url.endswith("/delete/"))
    expect(page.get_by_label("What you had typed was not sent")).to_have_value(
        "Now in green, and with prices"
    )
