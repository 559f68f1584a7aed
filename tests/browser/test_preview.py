"""The preview of a version in Chromium: as wide as a device, whatever room there is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.demo import until

pytestmark = pytest.mark.browser


def inner_width(page: Page) -> int:
    """How wide the page in the frame is for itself, once it is there."""
    heading = page.frame_locator(".preview iframe").get_by_role("heading").first
    return int(heading.evaluate("() => innerWidth"))


def test_a_preview_is_as_wide_as_the_device_and_shown_whole(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/?generation=v1&status=ready")
    page.locator("[data-row-link]").first.click()
    ground = page.locator(".preview-ground")
    expect(ground).to_be_visible()
    room = ground.bounding_box()
    assert room is not None
    for device, width in (("Desktop", 1280), ("Tablet", 768), ("Phone", 390)):
        page.locator(".devices label", has_text=device).click()
        until(lambda wanted=width: inner_width(page) == wanted)  # type: ignore[misc]
        shown = page.locator(".preview iframe").bounding_box()
        assert shown is not None
        assert shown["width"] <= room["width"]
        assert abs(shown["height"] - room["height"]) < 2
    page.locator(".devices label", has_text="Tablet").click()
    expect(page.locator("[data-part]")).to_have_text(f"{round(100 * room['width'] / 768)} %")
    frame = page.locator(".preview iframe").element_handle()
    page.get_by_role("link", name="Reload the preview").click()
    until(lambda: not frame.evaluate("frame => frame.isConnected"))
    expect(page.locator("[name=device][value=tablet]")).to_be_checked()
    page.locator(".devices label", has_text="Fit").click()
    expect(page.locator("[data-part]")).to_have_text("")
    until(lambda: inner_width(page) == round(room["width"]))
