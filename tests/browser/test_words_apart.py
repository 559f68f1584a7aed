"""What is typed and not sent stays its writer's, and is sent once whatever becomes of its page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Visitors, sign_in
from tests.browser.studio import Studio
from tests.demo import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def left_on_its_way(studio: Studio, page: Page, words: str) -> Locator:
    """Begins a chat with these words and loads the page anew before v0 has answered; gives the
    field of the prompt."""
    studio.simulator.faults.add("/v2/chats/async", delay=3.0)
    prompt = page.get_by_label("What should v0 build?")
    prompt.fill(words)
    with page.expect_request("**/chats/new/"):
        page.get_by_role("button", name="Start chat").click()
    page.reload()
    return prompt


def begun(studio: Studio) -> int:
    """How many chats v0 was asked to begin."""
    return sum(one.path == "/v2/chats/async" for one in studio.simulator.requests)


def test_what_was_on_its_way_when_the_page_was_left_is_not_sent_a_second_time(
    studio: Studio, visitors: Visitors
) -> None:
    """v0 takes long, and the page is loaded anew meanwhile."""
    page = visitors.open("member", f"{studio.base}/t/v2/chats/new/")
    before = begun(studio)
    prompt = left_on_its_way(studio, page, "A page about a slow tea")
    expect(prompt).to_have_value("A page about a slow tea")
    until(lambda: begun(studio) == before + 1)
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(lambda url: "/chats/new/" not in url)
    expect(page.get_by_text("A page about a slow tea").first).to_be_visible()
    assert begun(studio) == before + 1
    page.goto(f"{studio.base}/t/v2/chats/new/")
    expect(prompt).to_have_value("")


def test_other_words_than_those_on_their_way_are_another_prompt(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member", f"{studio.base}/t/v2/chats/new/")
    before = begun(studio)
    prompt = left_on_its_way(studio, page, "A page about green tea")
    prompt.fill("A page about black tea")
    until(lambda: begun(studio) == before + 1)
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(lambda url: "/chats/new/" not in url)
    expect(page.get_by_text("A page about black tea").first).to_be_visible()
    assert begun(studio) == before + 2


def test_nobody_else_sees_what_was_typed_in_the_same_tab(
    studio: Studio, visitors: Visitors
) -> None:
    """Neither after signing out, nor after a session that ended."""
    page = visitors.browser.new_context().new_page()
    sign_in(page, studio.base, "owner")
    page.goto(f"{studio.base}/t/v2/chats/new/")
    prompt = page.get_by_label("What should v0 build?")
    prompt.fill("My secret plan")
    page.locator("summary", has_text="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/t/" not in url)
    sign_in(page, studio.base, "member")
    page.goto(f"{studio.base}/t/v2/chats/new/")
    expect(prompt).to_have_value("")
    prompt.fill("The member's plan")
    page.context.clear_cookies(name="sessionid")
    sign_in(page, studio.base, "owner")
    page.goto(f"{studio.base}/t/v2/chats/new/")
    expect(prompt).to_have_value("")
