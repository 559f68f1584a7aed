"""The form of a new chat in Chromium: what it begins with, files, estimates, and drafts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
GENERATION = 60_000  # milliseconds
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f0"
    "1f0005000180d9fd2cb00000000049454e44ae426082"
)


def test_a_draft_of_the_whole_form_outlives_a_reload(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/new/")
    page.get_by_text("Files", exact=True).click()
    page.get_by_role("button", name="Add a file").click()
    page.get_by_label("Path of file 2").fill("notes.md")
    page.get_by_label("Content of file 2").fill("# Notes")
    page.get_by_label("What should v0 build?").fill("A page about the notes")
    page.get_by_label("Privacy").select_option("team")
    page.reload()
    expect(page.get_by_label("Path of file 2")).to_have_value("notes.md")
    expect(page.get_by_label("Content of file 2")).to_have_value("# Notes")
    expect(page.get_by_label("What should v0 build?")).to_have_value("A page about the notes")
    expect(page.get_by_label("Privacy")).to_have_value("team")


def test_a_chat_begins_with_files_a_picture_and_a_known_price(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/new/")
    expect(page.get_by_role("radio", name="Registry")).to_be_disabled()
    page.get_by_text("Files", exact=True).click()
    page.get_by_label("Path of file 1").fill("notes.md")
    page.get_by_label("Path of file 1").press("Enter")
    expect(page.get_by_label("Content of file 1")).to_be_focused()
    page.get_by_label("Content of file 1").fill("# Notes")
    page.get_by_label("What should v0 build?").fill("A page about the notes")
    picture = {"name": "dot.png", "mimeType": "image/png", "buffer": DOT}
    page.get_by_label("Attach files").set_input_files([picture])
    expect(page.locator("[data-chosen-of]")).to_contain_text("dot.png")
    page.get_by_label("Model").select_option("v0-max")
    expect(page.locator("[data-estimates-of] p:visible")).to_contain_text("v0-max")
    page.get_by_text("Title, system prompt").click()
    page.get_by_label("Title").press("Enter")  # as the button at the end, not the first one
    page.wait_for_url(re.compile(r"/chats/[^/]{6,}/$"), timeout=GENERATION)
    expect(page.locator(".talk")).to_contain_text("A page about the notes")
    expect(page.locator("#estimate")).to_contain_text("further messages")
