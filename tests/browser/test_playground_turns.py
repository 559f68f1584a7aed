"""The playground in Chromium, in the midst of an answer: what is typed meanwhile, stopping, what is
removed and begun anew, and what of the answer is seen. v0 writes only as far as a test says."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import DESKTOP, PHONE, Visitors
from tests.browser.studio import Studio
from tests.demo import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]
BEGUN = 0.12  # seconds of v0's time until some words are there
TEAS = "Write a list of teas in React"


@pytest.fixture
def page(studio: Studio, visitors: Visitors, usual_team: str) -> Page:
    for person in studio.simulator.store.people.values():
        person.pays_personally = False
    return visitors.open("member", f"{usual_team}/playground/")


def message(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Message {number}", exact=True)


def messages(page: Page) -> list[str]:
    return list(page.locator(".turn textarea").evaluate_all("all => all.map(one => one.value)"))


def panel(page: Page) -> Locator:
    return page.get_by_label("Answer", exact=True)


def asked(studio: Studio) -> int:
    return sum("/chat/completions" in one.path for one in studio.simulator.requests)


def send(studio: Studio, page: Page, words: str = TEAS) -> None:
    """Sends it, and has v0 write the first words of an answer."""
    before = asked(studio)
    page.locator(".turn textarea").last.fill(words)
    page.get_by_role("button", name="Send").click()
    until(lambda: asked(studio) == before + 1)
    studio.simulator.clock.advance(BEGUN)
    expect(page.locator("[aria-busy=true] .writing-text")).not_to_be_empty()


def finish(studio: Studio, page: Page) -> None:
    studio.simulator.clock.advance(600)
    expect(panel(page)).to_contain_text("Tokens written")


def is_stopped(page: Page) -> bool:
    """Whether the newest call was written down as stopped, once the connection to v0 was closed."""
    team = page.url.partition("playground/")[0]
    with closing(page.context.new_page()) as other:
        other.goto(f"{team}activity/?area=playground")
        told = other.locator("#rows .feed > li").all_inner_texts()
        return bool(told) and "stopped" in told[0].lower()


def test_what_is_typed_while_the_answer_is_written_stays(studio: Studio, page: Page) -> None:
    send(studio, page)
    page.get_by_label("System message").fill("Be short")
    page.get_by_label("Temperature").fill("0.25")
    page.get_by_role("button", name="Add a message").click()
    expect(message(page, 2)).to_be_focused()
    message(page, 2).press_sequentially("And pots")
    finish(studio, page)
    expect(message(page, 3)).to_have_value("And pots")
    expect(message(page, 3)).to_be_focused()
    assert messages(page)[0] == TEAS
    assert len(messages(page)[1]) > 40
    expect(page.get_by_label("Who says message 2")).to_have_value("assistant")
    expect(page.get_by_label("Who says message 3")).to_have_value("user")
    expect(page.get_by_label("System message")).to_have_value("Be short")
    expect(page.get_by_label("Temperature")).to_have_value("0.25")
    # It outlives a reload, and what is sent next is all of it, once.
    before, calls = messages(page), asked(studio)
    page.reload()
    assert messages(page) == before
    page.get_by_role("button", name="Send").click()
    until(lambda: asked(studio) == calls + 1)
    finish(studio, page)
    assert messages(page)[:3] == before
    expect(panel(page)).to_contain_text("Be short")


def test_an_image_chosen_while_the_answer_is_written_is_for_the_next_message(
    studio: Studio, page: Page
) -> None:
    send(studio, page)
    images = page.get_by_label("Images for the newest message")
    images.set_input_files([{"name": "tea.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}])
    finish(studio, page)
    expect(page.locator(".uploads .chosen-files")).to_contain_text("tea.gif")
    message(page, 3).fill("What is this?")
    page.get_by_role("button", name="Add a message").click()
    expect(page.get_by_role("list", name="Images of message 3").get_by_role("img")).to_have_count(1)


def test_a_stopped_answer_ends_in_v0_and_keeps_what_had_come(studio: Studio, page: Page) -> None:
    send(studio, page)
    written = page.locator(".writing-text").inner_text()
    page.get_by_role("button", name="Stop").click()
    expect(panel(page)).to_contain_text("Stopped.")
    expect(panel(page)).to_contain_text(written.split("\n")[0])
    expect(panel(page)).to_contain_text("The same call as code")
    assert messages(page)[1].strip() == written.strip()
    expect(message(page, 3)).to_be_focused()
    until(lambda: is_stopped(page))
    send(studio, page, "And pots")
    finish(studio, page)
    assert len(messages(page)) == 5


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_stop_does_not_move_while_the_answer_grows(
    studio: Studio, page: Page, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    send(studio, page)
    stop = page.get_by_role("button", name="Stop")
    before = top(stop)
    studio.simulator.clock.advance(0.3)
    expect(page.locator(".writing-text")).to_contain_text("The page now has")
    assert top(stop) == before
    finish(studio, page)


def test_an_answer_is_stopped_before_it_begins(studio: Studio, page: Page) -> None:
    before = asked(studio)
    message(page, 1).fill(TEAS)
    page.get_by_role("button", name="Send").click()
    until(lambda: asked(studio) == before + 1)
    page.get_by_role("button", name="Stop").click()
    expect(panel(page)).to_contain_text("Stopped.")
    until(lambda: is_stopped(page))
    assert messages(page) == [TEAS]
    send(studio, page)
    finish(studio, page)


def test_a_message_is_removed_and_brought_back(studio: Studio, page: Page) -> None:
    send(studio, page)
    finish(studio, page)
    before = messages(page)
    page.get_by_role("button", name="Remove message 2").click()
    assert messages(page) == [TEAS, ""]
    page.get_by_role("button", name="Undo").click()
    assert messages(page) == before
    page.get_by_role("button", name="Remove message 2").click()
    page.get_by_role("button", name="Remove message 1").click()
    expect(page.get_by_role("button", name="Remove message 1")).to_be_hidden()
    page.reload()
    assert messages(page) == [""]


def test_a_conversation_is_begun_anew(studio: Studio, page: Page) -> None:
    anew = page.get_by_role("button", name="Start over")
    expect(anew).to_be_disabled()
    page.get_by_label("System message").fill("Be short")
    send(studio, page)
    expect(anew).to_be_disabled()
    finish(studio, page)
    anew.click()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    assert len(messages(page)) == 3
    anew.click()
    page.locator("#confirm").get_by_role("button", name="Start over").click()
    expect(message(page, 1)).to_be_focused()
    assert messages(page) == [""]
    expect(panel(page)).to_contain_text("No answer yet")
    expect(page.get_by_label("System message")).to_have_value("Be short")
    page.reload()
    assert messages(page) == [""]


def test_a_second_answer_waits_for_the_first(studio: Studio, page: Page) -> None:
    send(studio, page)
    before = asked(studio)
    message(page, 1).press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("An answer is being written.")
    assert asked(studio) == before
    finish(studio, page)


def top(one: Locator) -> float:
    return float(one.evaluate("one => one.getBoundingClientRect().top"))


def bottom(one: Locator) -> float:
    return float(one.evaluate("one => one.getBoundingClientRect().bottom"))


def test_the_answer_is_what_one_sees_on_a_phone(studio: Studio, page: Page) -> None:
    height = 450
    page.set_viewport_size({**PHONE, "height": height})  # type: ignore[typeddict-item]
    send(studio, page)
    text, stop = page.locator(".writing-text"), page.get_by_role("button", name="Stop")
    assert 0 < top(panel(page)) < height / 4
    studio.simulator.clock.advance(0.3)
    expect(text).to_contain_text("The page now has")
    until(lambda: bottom(text) - top(text) > height)
    assert bottom(stop) <= height
    assert height / 2 < bottom(text) <= top(stop)
    # Whoever reads the beginning stays there.
    page.mouse.wheel(0, -3000)
    until(lambda: page.evaluate("scrollY") == 0)
    finish(studio, page)
    assert page.evaluate("scrollY") == 0


def test_the_answer_stays_in_its_place_when_it_joins_the_conversation(
    studio: Studio, page: Page
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    send(studio, page)
    before = top(panel(page))
    finish(studio, page)
    assert abs(top(panel(page)) - before) < 2
    expect(panel(page)).to_be_focused()
    page.get_by_role("button", name="Write the next message").click()
    expect(message(page, 3)).to_be_focused()
    expect(message(page, 3)).to_be_in_viewport()


def test_the_message_of_an_answer_grows_to_its_text(studio: Studio, page: Page) -> None:
    send(studio, page)
    finish(studio, page)
    lines = len(messages(page)[1].splitlines())
    height = message(page, 2).evaluate("one => one.clientHeight")
    assert lines > 6
    assert height > 120
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
