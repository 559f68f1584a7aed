"""“Back” to a form that was sent: Chromium shows the page as it was left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import Visitors, chromium
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("going back")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(as_it_was=True) as one:
        yield one


HEARD = "window.addEventListener('pageshow', (event) => { window.kept = event.persisted; })"


def start(page: Page, prompt: str, not_at: str) -> str:
    """Fills the form in and sends it; the address of the chat that it led to."""
    page.get_by_label("What should v0 build?").fill(prompt)
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(lambda url: "/chats/new/" not in url and url != not_at)
    return page.url


def test_a_changed_prompt_begins_another_chat(studio: Studio, visitors: Visitors) -> None:
    page = visitors.open("member", f"{studio.base}/t/v2/chats/new/")
    page.evaluate(HEARD)
    first = start(page, "A page about tea", "")
    page.go_back(wait_until="commit")
    page.wait_for_function("window.kept === true")
    second = start(page, "A page about coffee", first)
    chats = [studio.chat(first), studio.chat(second)]
    assert [chat.messages[0].text for chat in chats] == [
        "A page about tea",
        "A page about coffee",
    ]
