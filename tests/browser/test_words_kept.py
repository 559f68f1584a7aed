"""What is typed and not sent outlives a reload and a sign-in, wherever there is much to type."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import PASSWORD, Visitors, begin
from tests.browser.studio import Studio
from tests.demo import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def kept(page: Page) -> list[str]:
    """Names under which something typed is kept in this tab."""
    names = "Object.keys(sessionStorage).filter(name => /^(draft|edit)/.test(name))"
    return list(page.evaluate(names))


def asked(studio: Studio) -> int:
    """How often v0's models were asked."""
    return sum("/chat/completions" in one.path for one in studio.simulator.requests)


def session_ends(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_again(page: Page) -> None:
    """The page that a form led to, because nobody was signed in any more."""
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("Email").fill("member@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def open_editor(page: Page, chat: str, path: str = "app/page.tsx") -> Locator:
    """The editor of one of the chat's files; gives its text."""
    page.goto(f"{chat}?tab=files&file={path}")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.wait_for_url("**/edit/?file=*")
    return page.locator("[data-editor]")


def test_the_text_of_a_file_is_kept_until_it_is_saved(studio: Studio, visitors: Visitors) -> None:
    page = visitors.open("member")
    chat = begin(page, f"{studio.base}/t/v1", "A page about tea")
    studio.finish(chat)
    text = open_editor(page, chat)
    before = text.input_value()
    text.fill("export default 7\n")
    page.reload()
    expect(text).to_have_value("export default 7\n")
    expect(page.locator("#toasts")).to_contain_text("What you had typed is back.")
    here = page.url
    session_ends(page)
    page.get_by_role("button", name="Save").click()
    sign_in_again(page)
    page.wait_for_url(here)
    expect(text).to_have_value("export default 7\n")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**tab=files**")
    assert kept(page) == []
    page.goto(here)
    expect(text).not_to_have_value(before)
    # Another file is another text, and what is dropped does not come back.
    text.fill("export default 8\n")
    other = open_editor(page, chat, "app/layout.tsx")
    expect(other).not_to_have_value("export default 8\n")
    page.goto(here)
    expect(text).to_have_value("export default 8\n")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**tab=files**")
    assert kept(page) == []


def test_nothing_can_be_typed_into_a_file_while_it_is_saved(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member")
    chat = begin(page, f"{studio.base}/t/v1", "A page about mint")
    studio.finish(chat)
    text = open_editor(page, chat)
    text.fill("const one = 1\n")
    read = f"/v1/chats/{studio.chat(chat).id}"
    studio.simulator.faults.add(read, method="GET", status=403, delay=1, times=1)
    # Where it cannot be saved, it can be typed on.
    page.get_by_role("button", name="Save").click()
    expect(text).to_have_attribute("readonly", "")
    expect(text).not_to_have_attribute("readonly", "")
    expect(page.get_by_role("alert")).to_be_visible()
    text.press("Control+End")
    text.press_sequentially("const two = 2\n")
    studio.simulator.faults.add(read, method="GET", delay=1, times=1)
    page.get_by_role("button", name="Save").click()
    text.press_sequentially("const three = 3\n")
    expect(text).to_have_value("const one = 1\nconst two = 2\n")
    page.wait_for_url("**tab=files**")
    expect(page.locator(".code")).to_contain_text("const two = 2")
    assert kept(page) == []


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_by_a_text_that_came_back(
    studio: Studio, visitors: Visitors
) -> None:
    page, other = visitors.open("member"), visitors.open("owner")
    chat = begin(page, f"{studio.base}/t/v1", "A page about coffee")
    studio.finish(chat)
    text = open_editor(page, chat)
    text.fill("const mine = 1\n")
    other.goto(page.url)
    other.locator("[data-editor]").fill("const theirs = 2\n")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url("**tab=files**")
    page.reload()
    expect(text).to_have_value("const mine = 1\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("v0 has a newer text of this file")
    page.get_by_role("link", name="Keep what v0 has").click()
    page.wait_for_url("**tab=files**")
    assert kept(page) == []


@pytest.mark.parametrize(
    ("prompt", "label"),
    [
        ("Build a page about tea, but ask me first", "Tone, in your own words"),
        ("Build a page about tea, but plan first", "What should change"),
    ],
)
def test_an_answer_to_v0_is_kept(
    studio: Studio, visitors: Visitors, usual_team: str, prompt: str, label: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, usual_team, prompt)
    studio.finish(chat)
    words = page.locator("#ask-card").get_by_label(label)
    expect(words).to_be_visible()
    words.fill("Like a tea house")
    page.reload()
    expect(words).to_have_value("Like a tea house")
    session_ends(page)
    page.locator("#ask-card").get_by_role("button").first.click()
    sign_in_again(page)
    page.wait_for_url(chat)
    expect(words).to_have_value("Like a tea house")


def test_messages_of_the_playground_are_kept(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member", f"{usual_team}/playground/")
    first, second = (page.get_by_label(f"Message {n}", exact=True) for n in (1, 2))
    page.get_by_label("System message").fill("Be short")
    first.fill("Name a tea")
    page.get_by_role("button", name="Add a message").click()
    expect(second).to_be_focused()
    second.fill("And a pot")
    page.get_by_label("Who says message 1").select_option("assistant")
    page.get_by_label("Who says message 2").select_option("user")
    page.reload()
    expect_messages(page)
    session_ends(page)
    page.get_by_role("button", name="Send").click()
    sign_in_again(page)
    page.wait_for_url("**/playground/")
    expect_messages(page)
    # v0 refuses this key, and takes another.
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Answer", exact=True).get_by_role("alert")).to_be_visible()
    expect_messages(page)
    page.reload()
    expect_messages(page)
    for person in studio.simulator.store.people.values():
        person.pays_personally = False
    page.get_by_role("button", name="Send").click()
    until(lambda: asked(studio) == 2)
    studio.simulator.clock.advance(600)
    expect(page.get_by_label("Message 4", exact=True)).to_be_focused(timeout=30_000)
    assert kept(page) == []


def expect_messages(page: Page) -> None:
    expect(page.get_by_label("System message")).to_have_value("Be short")
    for number, who, words in ((1, "assistant", "Name a tea"), (2, "user", "And a pot")):
        expect(page.get_by_label(f"Message {number}", exact=True)).to_have_value(words)
        expect(page.get_by_label(f"Who says message {number}")).to_have_value(who)
