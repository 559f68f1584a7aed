"""The forms of prompts in Chromium: drafts, chosen files, their limits, and what is sent once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f0"
    "1f0005000180d9fd2cb00000000049454e44ae426082"
)
PUT = """([kind, names]) => {
    const files = new DataTransfer();
    for (const name of names) files.items.add(new File(["x"], name, {type: "image/png"}));
    const event = kind === "paste"
        ? new ClipboardEvent(kind, {clipboardData: files, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: files, bubbles: true, cancelable: true});
    document.querySelector("#id_prompt").dispatchEvent(event);
}"""


def picture(name: str = "dot.png", content: bytes = DOT) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def new_chat(page: Page) -> Locator:
    """Fills the form with a text, a choice and a file; gives the field of files."""
    page.get_by_label("What should v0 build?").fill("A page about tea")
    page.get_by_label("Model").select_option("v0-max")
    field = page.get_by_label("Attach files")
    field.set_input_files([picture()])
    return field


def expect_draft(page: Page) -> None:
    expect(page.get_by_label("What should v0 build?")).to_have_value("A page about tea")
    expect(page.get_by_label("Model")).to_have_value("v0-max")
    expect(page.locator(".chosen-files li")).to_have_text("dot.png · 1 kB")
    assert sent_files(page) == ["dot.png"]


def sent_files(page: Page) -> list[str]:
    """Names of the files that the form would send."""
    names = page.get_by_label("Attach files").evaluate("one => [...one.files].map(f => f.name)")
    return list(names)


def kept(page: Page) -> list[str]:
    """Names under which drafts are kept in this tab."""
    return list(
        page.evaluate("Object.keys(sessionStorage).filter(name => /^(draft|file)/.test(name))")
    )


def posted(studio: Studio, path: str) -> int:
    return sum(asked.method == "POST" and asked.path == path for asked in studio.simulator.requests)


def allow(visitors: Visitors, *complaints: str) -> None:
    """A test provokes refusals that Chromium notes."""
    visitors.watches[-1].expected += complaints


def test_a_draft_with_its_files_is_kept_until_v0_has_taken_it(
    studio: Studio, visitors: Visitors
) -> None:
    page = visitors.open("member", f"{studio.base}/t/v1/chats/new/")
    new_chat(page)
    page.reload()
    expect_draft(page)
    # Neither our refusal takes it away, …
    page.get_by_text("Title, system prompt").click()
    page.get_by_label("Skills").fill("a/b\nc/d\ne/f\ng/h")
    page.get_by_role("button", name="Start chat").click()
    expect(page.locator(".errorlist:visible")).to_have_text("v0 takes at most 3 skills.")
    expect_draft(page)
    page.get_by_label("Skills").fill("")
    # … nor v0's, which comes back to the same form.
    studio.simulator.faults.add("/v1/chats", method="POST", status=413, times=1)
    allow(visitors, "status of 413")
    page.get_by_role("button", name="Start chat").click()
    expect(page.get_by_role("alert")).to_contain_text("v0 finds this too large")
    expect_draft(page)
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(lambda url: "/chats/new/" not in url)
    assert kept(page) == []
    attachments = studio.chat(page.url).messages[0].attachments
    assert len(attachments) == 1


def test_a_message_to_a_chat_is_a_draft_of_its_own(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, usual_team, "A page about tea")
    studio.finish(chat)
    other = begin(page, usual_team, "A page about coffee")
    page.goto(chat)
    page.get_by_label("Your message to v0").fill("Add a footer")
    page.get_by_text("Attach", exact=True).click()
    page.get_by_label("Attach files").set_input_files([picture()])
    page.goto(other)
    expect(page.get_by_label("Your message to v0")).to_have_value("")
    assert sent_files(page) == []
    page.goto(chat)
    expect(page.get_by_label("Your message to v0")).to_have_value("Add a footer")
    expect(page.locator(".chosen-files li")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".talk")).to_contain_text("Add a footer")
    expect(page.get_by_label("Your message to v0")).to_have_value("")
    assert kept(page) == []


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_that_are_pasted_or_dropped_join_the_chosen_ones_and_can_be_removed(
    studio: Studio, visitors: Visitors, usual_team: str, kind: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/new/")
    page.get_by_label("Attach files").set_input_files([picture("one.png")])
    page.evaluate(PUT, [kind, ["two.png", "three.png"]])
    expect(page.locator(".chosen-files li")).to_have_count(3)
    assert sent_files(page) == ["one.png", "two.png", "three.png"]
    remove = page.get_by_role("button", name="Remove two.png")
    box = remove.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24  # for fingers
    remove.press("Enter")
    expect(page.locator(".chosen-files li")).to_have_count(2)
    assert sent_files(page) == ["one.png", "three.png"]
    expect(page.get_by_label("Attach files")).to_be_focused()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([picture("big.png", bytes(2_100_000))], "“big.png” has 2.1 MB; the most is 2 MB."),
        ([picture(f"{n}.png", bytes(1_600_000)) for n in "ab"], "have more than 3 MB."),
        ([picture(f"{n}.png") for n in range(21)], "These are 21 files; the most is 20."),
        ([{"name": "run.exe", "mimeType": "", "buffer": b"MZ"}], "“run.exe” cannot be sent"),
    ],
)
def test_limits_are_told_when_files_are_chosen_and_nothing_is_sent(
    studio: Studio, visitors: Visitors, usual_team: str, files: Any, sentence: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/new/")
    page.get_by_label("What should v0 build?").fill("A page about tea")
    field = page.get_by_label("Attach files")
    field.set_input_files(files)
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    page.get_by_role("button", name="Start chat").click()
    assert field.evaluate("one => one.validationMessage") != ""
    assert page.url.endswith("/chats/new/")
    field.set_input_files([picture()])
    expect(page.locator("[data-wrong]")).to_be_hidden()
    assert field.evaluate("one => one.validationMessage") == ""


def test_a_proxy_that_finds_a_form_too_large_does_not_take_its_place(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/new/")
    allow(visitors, "status of 413")
    new_chat(page)
    told = "<html><h1>413 Request Entity Too Large</h1></html>"
    page.route("**/chats/new/", lambda route: route.fulfill(status=413, body=told))
    page.get_by_role("button", name="Start chat").click()
    expect(page.locator("#toasts")).to_contain_text("That is too large to send.")
    expect_draft(page)
    expect(page.get_by_role("button", name="Start chat")).to_be_enabled()


def test_a_double_click_sends_a_prompt_once(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/new/")
    new_chat(page)
    before = posted(studio, "/v2/chats/async")
    page.get_by_role("button", name="Start chat").dblclick()
    page.wait_for_url(lambda url: "/chats/new/" not in url)
    assert posted(studio, "/v2/chats/async") == before + 1
