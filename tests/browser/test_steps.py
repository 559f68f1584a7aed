"""How v0's steps are laid out in a message."""

from __future__ import annotations

from playwright.sync_api import Page


def test_a_step_that_never_ended_has_its_words_beside_its_icon(signed_in: Page, demo: str) -> None:
    """Only how long a step took stands at the right side; an unfinished one has no such time."""
    signed_in.goto(f"{demo}/t/acme/chats/?status=failed")
    signed_in.locator("#rows a.cell-title").first.click()
    unfinished = signed_in.locator(".step", has_text="not finished").first
    words = unfinished.locator("> .truncate")
    words.wait_for()
    gap = words.evaluate(
        "node => node.getBoundingClientRect().left"
        " - node.previousElementSibling.getBoundingClientRect().right"
    )
    assert 0 <= gap < 16
