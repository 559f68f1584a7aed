"""The playground in Chromium: the answer grows, and the conversation goes on from it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import AXE, check
from tests.browser.driving import DESKTOP, sign_in, watched

pytestmark = pytest.mark.browser
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f0"
    "1f0005000180d9fd2cb00000000049454e44ae426082"
)


def test_an_answer_is_seen_while_it_is_written(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/playground/")
    page.get_by_label("Message 1", exact=True).fill("Write a list of teas in React")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-answer][aria-busy=true] .writing-text")).not_to_be_empty()
    answer = page.get_by_label("Answer", exact=True)
    expect(answer).to_contain_text("Tokens written", timeout=30_000)
    expect(answer.locator("pre").first).to_be_visible()
    expect(page.get_by_label("Message 3", exact=True)).to_be_focused()
    page.get_by_role("button", name="Add a message").click()
    expect(page.get_by_label("Message 4", exact=True)).to_be_visible()
    if AXE.exists():
        check(page, "an answer of the playground")


def test_a_pasted_image_joins_the_chosen_ones(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/playground/")
    page.get_by_label("Message 1", exact=True).focus()
    page.evaluate("""() => {
        const files = new DataTransfer();
        files.items.add(new File(["x"], "tea.png", {type: "image/png"}));
        const paste = new ClipboardEvent("paste", {clipboardData: files, bubbles: true});
        document.activeElement.dispatchEvent(paste);
    }""")
    expect(page.locator(".chosen-files")).to_contain_text("tea.png")


def test_every_message_keeps_its_own_images(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/playground/")
    page.get_by_label("Message 1", exact=True).fill("What is this?")
    picture = {"name": "tea.png", "mimeType": "image/png", "buffer": DOT}
    page.get_by_label("Images for the newest message").set_input_files([picture])
    page.get_by_role("button", name="Send").click()
    first = page.get_by_role("list", name="Images of message 1")
    expect(page.get_by_label("Message 3", exact=True)).to_be_focused(timeout=30_000)
    expect(first.get_by_role("img")).to_have_count(1)
    expect(page.get_by_label("Answer", exact=True)).to_contain_text("data:image/png;base64,…")
    page.get_by_label("Images for the newest message").set_input_files([picture, picture])
    page.get_by_role("button", name="Add a message").click()
    expect(page.get_by_label("Message 4", exact=True)).to_be_focused()
    expect(page.get_by_role("list", name="Images of message 3").get_by_role("img")).to_have_count(2)
    # What has become a message's own is not chosen any more, or it would be sent twice.
    chosen = page.get_by_label("Images for the newest message").evaluate("one => one.files.length")
    assert chosen == 0
    page.get_by_role("button", name="Remove image 1 of message 1").click()
    expect(first).to_have_count(0)
    expect(page.get_by_role("list", name="Images of message 3").get_by_role("img")).to_have_count(2)


def test_what_cannot_be_sent_is_told_without_a_new_page(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/playground/")
    page.evaluate("window.kept = true")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#turn-errors")).to_have_text("Write a message for the model at the end.")
    assert page.evaluate("window.kept") is True


def test_what_v0_finds_too_large_is_told_at_the_form_as_it_was_typed(
    browser: Browser, demo: str
) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page, watch = watched(context)
    watch.expected.append("status of 413")
    sign_in(page, demo, "owner")
    page.goto(f"{demo}/t/acme/playground/")
    page.get_by_label("Message 1", exact=True).fill("What is this?")
    page.get_by_label("System message").fill("🍵" * 170_000)
    picture = {"name": "big.png", "mimeType": "image/png", "buffer": DOT[:8] + bytes(2_900_000)}
    page.get_by_label("Images for the newest message").set_input_files([picture])
    with page.expect_response("**/playground/") as answered:
        page.get_by_role("button", name="Send").click()
    assert answered.value.status == 413
    expect(page.locator(".playground form")).to_contain_text("v0 finds this too large")
    expect(page.get_by_label("Message 1", exact=True)).to_have_value("What is this?")
    expect(page.get_by_label("System message")).to_have_value("🍵" * 170_000)
    expect(
        page.get_by_role("list", name="Images of message 1").get_by_role("listitem")
    ).to_have_count(1)
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    context.close()
    assert watch.complaints == []
