"""Browsers whose storage is full or switched off: what is typed stays in its field, and is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio
from tests.browser.test_forms import picture, sent_files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]
WORDS = "A page about tea"
# As Chromium answers where all cookies and site data are blocked.
SWITCHED_OFF = """for (const name of ["sessionStorage", "localStorage"])
    Object.defineProperty(window, name, { get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
    } });"""
FILL = """(left) => {
    for (let size = 1 << 22; size >= 1; size >>= 1)
        try { for (let n = 0; ; n++) sessionStorage[`full-${size}-${n}`] = "x".repeat(size); }
        catch (error) { if (error.name !== "QuotaExceededError") throw error; }
    if (left) sessionStorage.setItem("full-65536-0", "x".repeat(65536 - left));
}"""


def test_where_the_storage_is_switched_off_everything_but_drafts_works(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member")
    page.add_init_script(SWITCHED_OFF)
    page.goto(f"{studio.base}/t/v1/chats/new/")
    page.get_by_label("Attach files").set_input_files([picture()])
    expect(page.locator(".chosen-files li")).to_have_text("dot.png · 1 kB")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    chat = begin(page, f"{studio.base}/t/v1", WORDS)
    studio.finish(chat)
    page.get_by_label("Phone").check(force=True)  # its icon lies over it
    words = page.get_by_label("Your message to v0")
    words.fill("Now with cups\nand pots\nand a kettle")
    assert int(words.get_attribute("rows") or 0) >= 3  # it grew as it was typed into
    page.locator("#composer").get_by_role("button", name="Send").click()
    expect(page.locator(".msg").get_by_text("and a kettle")).to_be_visible()
    expect(words).to_have_value("")


def test_where_the_storage_is_full_what_is_typed_stays_and_is_sent(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member", f"{studio.base}/t/v1/chats/new/")
    page.evaluate(FILL, 0)
    page.get_by_label("Attach files").set_input_files([picture()])
    expect(page.locator(".chosen-files li")).to_have_text("dot.png · 1 kB")
    page.get_by_text("Title, system prompt, skills and more").click()
    page.get_by_label("Title").fill("Tea")
    begin(page, f"{studio.base}/t/v1", WORDS)
    expect(page.locator(".msg").get_by_text(WORDS)).to_be_visible()


def test_words_are_kept_before_files_where_there_is_no_room_for_both(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member", f"{studio.base}/t/v1/chats/new/")
    page.evaluate(FILL, 3000)
    page.get_by_label("Attach files").set_input_files([picture(content=b"x" * 1500)])
    page.wait_for_function("Object.keys(sessionStorage).some(name => name.startsWith('files:'))")
    page.get_by_label("What should v0 build?").fill("tea " * 500)
    page.reload()
    expect(page.get_by_label("What should v0 build?")).to_have_value("tea " * 500)
    assert sent_files(page) == []
    expect(page.locator(".chosen-files")).to_contain_text("Choose dot.png again")
