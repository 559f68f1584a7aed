"""A chat while v0 writes it, in Chromium: the page grows, outlives reloads, and is the same for
all who watch. That it leaves people alone who read or type meanwhile is in test_live_reading.py."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Visitors, answer, begin
from tests.browser.studio import Studio
from tests.demo import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def shows(page: Page, said: list[str]) -> None:
    """The answer on the page says exactly this, in paragraphs outside of its steps."""
    expect(answer(page).locator("> .prose > p")).to_have_text(said)


def test_a_chat_is_begun_and_watched_while_it_is_written(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about tea with pricing")
    page.evaluate("window.kept = true")
    expect(page.locator("#writing")).to_be_visible()
    studio.write(chat, 0.2)
    (opening,) = studio.said(chat)
    shows(page, [opening])
    expect(page.locator("#stage")).to_contain_text("v0 is writing")
    expect(page).to_have_title(re.compile("^Page about tea · "))
    studio.write(chat, 0.6)
    assert studio.said(chat)[0].startswith(opening + " ")
    shows(page, studio.said(chat))
    expect(answer(page)).to_contain_text("app/page.tsx")
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    shows(page, studio.said(chat))
    expect(page.locator("#version-1")).to_be_visible()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("tea")
    assert page.evaluate("window.kept") is True


def test_a_reload_in_mid_run_loses_and_doubles_nothing(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about coffee with a chart")
    studio.write(chat, 0.2)
    shows(page, studio.said(chat))
    page.reload()
    shows(page, studio.said(chat))
    studio.write(chat, 0.26)
    page.reload()
    studio.write(chat, 0.9)
    shows(page, studio.said(chat))
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    shows(page, studio.said(chat))
    assert said_now(page) == said_now(visitors.open("member", chat))


def said_now(page: Page) -> str:
    """All that the answer on the page says, without the space between its parts."""
    return " ".join((answer(page).text_content() or "").split())


def test_everybody_who_watches_sees_the_same(studio: Studio, visitors: Visitors, team: str) -> None:
    first = visitors.open("member")
    chat = begin(first, team, "A page about cheese with a timeline")
    studio.write(chat, 0.2)
    shows(first, studio.said(chat))
    second = visitors.open("viewer", chat)
    for share in (0.26, 0.34, 0.62, 0.92):
        studio.write(chat, share)
        shows(first, studio.said(chat))
        until(lambda: said_now(first) == said_now(second))
    studio.finish(chat)
    for page in (first, second):
        expect(page.locator("#writing")).to_have_count(0)
        expect(page.locator("#version-1")).to_be_visible()
    assert said_now(first) == said_now(second)


def test_v0_writes_on_for_nobody(studio: Studio, visitors: Visitors, team: str) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about bread with a form")
    studio.write(chat, 0.2)
    shows(page, studio.said(chat))
    page.close()
    studio.finish(chat)
    asked = visitors.contexts["member"].request
    closing = studio.said(chat)[-1]
    until(lambda: closing in asked.get(chat).text())
    again = visitors.open("member", chat)
    expect(again.locator("#writing")).to_have_count(0)
    shows(again, studio.said(chat))
    expect(again.locator("#version-1")).to_be_visible()


def test_stopping_keeps_what_was_written_and_lets_people_go_on(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page, other = visitors.open("member"), visitors.open("viewer")
    chat = begin(page, team, "A page about wine with a table")
    other.goto(chat)
    studio.write(chat, 0.2)
    shows(other, studio.said(chat))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#toasts")).to_contain_text("v0 stops as soon as it can.")
    assert studio.run(chat).stopped_at is not None
    studio.simulator.clock.advance(1)
    for one in (page, other):
        expect(one.locator("#failure")).to_contain_text("This run was stopped")
        expect(one.locator("#writing")).to_have_count(0)
        shows(one, studio.said(chat))
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    send(page, "Go on")
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    expect(page.locator("#failure")).to_have_count(0)
    shows(page, studio.said(chat))


def send(page: Page, text: str) -> None:
    page.get_by_label("Your message to v0").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#writing")).to_be_visible()


def is_at(page: Page, number: int) -> None:
    """The stage, the rail and the menu are all about this version."""
    expect(page.locator("#stage")).to_have_attribute("aria-label", f"Version {number}")
    expect(page.locator("#rail [aria-current]")).to_have_attribute("id", f"version-{number}")
    expect(page.locator("#chat-menu")).to_contain_text(f"Fork version {number}…")


def test_a_version_that_was_chosen_stays_and_who_follows_sees_the_next(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about honey with a table")
    for text in ("Make it yellow", ""):
        studio.finish(chat)
        expect(page.locator("#writing")).to_have_count(0)
        if text:
            send(page, text)
    follows, chose = visitors.open("viewer", chat), visitors.open("viewer", chat)
    chose.locator("#version-1").click()
    is_at(chose, 1)
    send(page, "Make it brown")
    studio.write(chat, 0.3)
    for one, number in ((page, 2), (follows, 2), (chose, 1)):
        expect(one.locator("#writing")).to_be_visible()
        is_at(one, number)
    studio.finish(chat)
    for one, number in ((page, 3), (follows, 3), (chose, 1)):
        expect(one.locator("#version-3")).to_be_visible()
        expect(one.locator("#writing")).to_have_count(0)
        is_at(one, number)


def test_a_question_is_answered_and_v0_goes_on(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page, other = visitors.open("member"), visitors.open("viewer")
    chat = begin(page, team, "A page about soup, but ask me first")
    other.goto(chat)
    studio.finish(chat)
    for one in (page, other):
        expect(one.locator("#ask-card")).to_contain_text("Which tone fits?")
    card = page.locator("#ask-card")
    card.get_by_text("Customers", exact=True).click()
    card.get_by_label("Tone, in your own words").fill("Like a soup kitchen")
    card.get_by_role("button", name="Answer").click()
    expect(page.locator(".talk")).to_contain_text("Like a soup kitchen")
    studio.write(chat, 0.2)
    for one in (page, other):
        expect(one.locator("#ask-card")).to_have_count(0)
        shows(one, studio.said(chat))
    studio.finish(chat)
    expect(other.locator("#version-1")).to_be_visible()


def test_what_waits_is_counted_beside_other_pages_at_once(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page, asks, viewer = visitors.open("member"), visitors.open("member"), visitors.open("viewer")
    chat = begin(page, team, "A page about salt with a table")
    viewer.goto(chat)
    inbox = visitors.open("owner", f"{team}/inbox/")
    for one in (page, inbox):
        expect(one.locator(".side [data-waiting]")).to_be_hidden()
    asked = begin(asks, team, "A page about pepper, but ask me first")
    studio.finish(asked)
    for one in (page, inbox):
        expect(one.locator(".side [data-waiting]")).to_have_text("1")
        expect(one.get_by_role("link", name="Inbox, 1 waiting")).to_be_visible()
    expect(inbox.locator("#rows")).to_contain_text("Page about pepper")
    expect(viewer.locator(".side [data-waiting]")).to_be_hidden()
    asks.locator("#ask-card").get_by_label("Tone, in your own words").fill("Dry")
    asks.locator("#ask-card").get_by_text("Customers", exact=True).click()
    asks.locator("#ask-card").get_by_role("button", name="Answer").click()
    for one in (page, inbox):
        expect(one.locator(".side [data-waiting]")).to_be_hidden()
    expect(inbox.locator("#rows")).not_to_contain_text("Page about pepper")
