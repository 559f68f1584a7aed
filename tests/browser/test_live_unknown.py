"""A chat while v0 writes it, with something in its stream that nobody knows yet."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Visitors, answer, begin
from tests.browser.studio import Studio
from tests.dashboard.following import STREAMS, UNKNOWN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def shows(page: Page, studio: Studio, chat: str) -> None:
    """The page says what v0 has said, but for v1's heading in whose place something else is."""
    said = studio.said(chat)
    if studio.chat(chat).generation == "v1":
        said = [text for text in said if text != "What changed"]
    expect(answer(page).locator("> .prose > p")).to_have_text(said)


def test_what_nobody_knows_is_shown_as_such_among_what_is_known(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    generation = team.rpartition("/")[2]
    in_stream, path, in_chat = UNKNOWN[generation]
    strange = {4: {"object": "message.dream", "id": "x", "delta": {"op": "lost"}}}
    faults = studio.simulator.faults
    faults.add(STREAMS[generation], patch=in_stream, insert=strange)
    faults.add(path, method="GET", patch=in_chat, times=None)
    page = visitors.open("member")
    chat = begin(page, team, "A page about tea")
    dream = answer(page).locator(".step", has_text="Dream")
    studio.write(chat, 0.25)
    shows(page, studio, chat)
    expect(dream).to_have_count(0)
    studio.write(chat, 0.9)
    shows(page, studio, chat)
    expect(dream).to_have_count(1)
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    for _ in range(2):
        shows(page, studio, chat)
        expect(dream).to_have_count(1)
        expect(answer(page)).to_contain_text("of tea")
        page.reload()
    faults.clear()
