"""What is typed for v0 and cannot be sent stays where it was typed, and says why."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]
MESSAGE = re.compile(r"/messages(/async)?$")


def posted(studio: Studio) -> int:
    """How often v0 was sent a message to a chat."""
    asked = studio.simulator.requests
    return sum(one.method == "POST" and MESSAGE.search(one.path) is not None for one in asked)


def test_keys_send_nothing_while_v0_writes_and_tell_why(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, team, "A page about tea")
    expect(page.locator("#writing")).to_be_visible()
    before = posted(studio)
    words = page.get_by_label("Your message to v0")
    words.fill("Add a footer")
    words.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("You can send as soon as v0 has finished")
    expect(words).to_be_focused()
    expect(words).to_have_value("Add a footer")
    assert (page.url, posted(studio)) == (chat, before)
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    words.press("Control+Enter")
    expect(page.locator(".msg.asked").last).to_contain_text("Add a footer")
    assert posted(studio) == before + 1
