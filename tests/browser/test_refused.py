"""What is typed for v0 and cannot be sent stays where it was typed, and says why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio, written

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


def refuse(studio: Studio, url: str, **fault: Any) -> None:
    """v0 refuses the next message to the chat whose page has this address."""
    chat = studio.chat(url)
    path = f"/{chat.generation}/chats/{chat.id}/messages*"
    studio.simulator.faults.add(path, method="POST", status=500, times=1, **fault)


def picture(name: str = "tea.png", size: int = 50) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": bytes(size)}


def chosen(page: Page, label: str = "Attach files") -> list[str]:
    """Names of the files that the form would send."""
    names = page.get_by_label(label).evaluate("one => [...one.files].map(file => file.name)")
    return list(names)


def kept(page: Page) -> list[str]:
    """Names under which drafts are kept in this tab."""
    names = "Object.keys(sessionStorage).filter(name => /^(draft|file)/.test(name))"
    return list(page.evaluate(names))


def test_a_refused_message_stays_in_the_composer_with_its_files(
    studio: Studio, visitors: Visitors, team: str
) -> None:
    page = visitors.open("member")
    visitors.watches[-1].expected.append("status of 422")
    chat = written(page, studio, team, "A page about tea")
    page.get_by_text("Attach", exact=True).click()
    page.get_by_label("Attach files").set_input_files([picture()])
    words = page.get_by_label("Your message to v0")
    words.fill("Add a footer")
    refuse(studio, chat)
    page.get_by_role("button", name="Send", exact=True).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("This was not sent. v0 failed")
    expect(words).to_have_value("Add a footer")
    expect(words).to_be_focused()
    assert (page.url, chosen(page)) == (chat, ["tea.png"])
    words.fill("Add a footer with links")
    page.reload()
    expect(words).to_have_value("Add a footer with links")
    expect(page.get_by_role("button", name="Remove tea.png")).to_be_visible()
    expect(page.get_by_text("Choose these files again")).to_have_count(0)
    # In another tab stands what was refused; a browser does not give it the files.
    other = visitors.open("member", chat)
    expect(other.get_by_label("Your message to v0")).to_have_value("Add a footer")
    expect(other.locator("#composer")).to_contain_text("Choose these files again: tea.png")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".msg.asked").last).to_contain_text("Add a footer with links")
    expect(words).to_have_value("")
    assert len(studio.chat(chat).messages[-2].attachments) == 1
    assert kept(page) == []


def test_what_v0_refused_can_be_discarded(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    chat = written(page, studio, usual_team, "A page about tea")
    words = page.get_by_label("Your message to v0")
    words.fill("Add a footer")
    refuse(studio, chat)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_text("This was not sent.")).to_have_count(0)
    expect(words).to_have_value("")
    page.reload()
    expect(words).to_have_value("")
    assert (page.url, kept(page)) == (chat, [])


def test_what_is_typed_while_a_message_is_on_its_way_to_be_refused_stays(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    chat = written(page, studio, usual_team, "A page about tea")
    words = page.get_by_label("Your message to v0")
    words.fill("Add a footer")
    refuse(studio, chat, delay=1.5)
    page.get_by_role("button", name="Send", exact=True).click()
    words.press_sequentially(", please")
    expect(page.get_by_role("alert")).to_contain_text("This was not sent.")
    expect(words).to_have_value("Add a footer, please")


def test_a_refused_new_chat_keeps_also_files_that_a_draft_has_no_room_for(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/new/")
    page.get_by_label("What should v0 build?").fill("A page about tea")
    page.get_by_label("Privacy").select_option("team")
    page.get_by_label("Attach files").set_input_files([picture("a.png", 1_400_000), picture()])
    page.get_by_text("ZIP archive", exact=True).click()
    archive = {"name": "tea.zip", "mimeType": "application/zip", "buffer": bytes(2_900_000)}
    page.get_by_label("Upload a ZIP archive").set_input_files([archive])
    page.get_by_text("A prompt", exact=True).click()
    studio.simulator.faults.add("/v2/chats/async", method="POST", status=402, times=1)
    page.get_by_role("button", name="Start chat").click()
    expect(page.get_by_role("alert")).to_contain_text("This was not sent. v0 says that no credits")
    assert page.url.endswith("/chats/new/")
    assert chosen(page) == ["a.png", "tea.png"]
    assert chosen(page, "Upload a ZIP archive") == ["tea.zip"]
    expect(page.get_by_label("Privacy")).to_have_value("team")
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(lambda url: "/chats/new/" not in url)
    assert len(studio.chat(page.url).messages[0].attachments) == 2
    # Nothing of it is offered for the next chat.
    page.goto(f"{usual_team}/chats/new/")
    expect(page.get_by_label("What should v0 build?")).to_have_value("")
