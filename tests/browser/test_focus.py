"""Where the focus is after a part of a page was replaced, and that what is open is in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import DESKTOP, PHONE

pytestmark = pytest.mark.browser
MANY_VERSIONS = "?status=ready&q=Subscription+builder&sort=created"
IN_SIGHT = """one => {
    const [at, of] = [one, one.closest(".rail")].map(part => part.getBoundingClientRect());
    return at.height > 0 && at.top >= of.top && at.bottom <= of.bottom + 1;
}"""


def open_oldest(page: Page, demo: str) -> str:
    """The page of the demo's chat with twelve versions; returns its address."""
    page.goto(f"{demo}/t/acme/chats/{MANY_VERSIONS}")
    page.get_by_role("link", name="Subscription builder", exact=True).click()
    page.wait_for_url("**/chats/*/")
    return page.url


def test_the_focus_stays_with_the_link_that_was_followed(signed_in: Page, demo: str) -> None:
    page = signed_in
    open_oldest(page, demo)
    page.get_by_role("link", name="Files", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**tab=files**")
    expect(page.get_by_role("link", name="Files", exact=True)).to_be_focused()
    file = page.locator(".files a").nth(1)
    file.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**file=**")
    expect(page.locator(".files [aria-current]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".files a").first).to_be_focused()


def test_the_focus_goes_to_the_new_part_where_the_link_is_gone(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/")
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**after=**")
    expect(page.locator("#rows")).to_be_focused()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_old_version_is_in_sight_in_the_list_of_versions(
    signed_in: Page, demo: str, size: dict[str, int]
) -> None:
    page = signed_in
    address = open_oldest(page, demo)
    page.set_viewport_size({**size, "height": 500})  # type: ignore[typeddict-item]
    page.goto(f"{address}?version=1")
    if size is PHONE:
        page.locator("label:has(#zone-rail)").click()
    assert page.locator("#version-1").evaluate(IN_SIGHT)
    assert not page.locator("#version-12").evaluate(IN_SIGHT)


def test_a_wide_fork_tree_scrolls_and_begins_at_the_chat_it_is_about(
    signed_in: Page, demo: str
) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/?q=Phone+first")
    page.get_by_role("link", name="Phone first: Subscription builder").click()
    page.wait_for_url("**/chats/*/")
    page.set_viewport_size(PHONE)
    page.goto(f"{page.url}lineage/")
    picture = page.get_by_role("region", name="Fork tree", exact=True)
    assert picture.evaluate("one => one.scrollWidth > one.clientWidth + 100")
    here = picture.locator("[aria-current]").bounding_box()
    assert here is not None
    assert 0 <= here["x"] <= here["x"] + here["width"] <= PHONE["width"]
