"""The filters of lists on narrow screens: folded behind one control that says how many are set."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import DESKTOP, PHONE, Visitors

pytestmark = pytest.mark.browser


def test_a_phone_folds_the_filters_and_counts_those_that_are_set(
    visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    page.set_viewport_size(PHONE)
    page.goto(f"{usual_team}/chats/?privacy=team&sort=name")
    unfold = page.get_by_role("button", name="Filters", exact=False)
    expect(unfold).to_have_accessible_name("Filters 1 set")
    expect(page.get_by_label("Status", exact=True)).to_be_hidden()
    unfold.click()
    page.get_by_label("Status", exact=True).select_option("ready")
    page.wait_for_url("**status=ready**")
    expect(unfold).to_have_accessible_name("Filters 2 set")
    page.get_by_label("Status", exact=True).select_option("")
    page.get_by_label("Privacy", exact=True).select_option("")
    expect(unfold).to_have_accessible_name("Filters")
    unfold.click()
    expect(page.get_by_label("Status", exact=True)).to_be_hidden()


def test_where_there_is_room_nothing_is_folded_and_nothing_wraps(
    visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member", f"{usual_team}/chats/?status=ready")
    expect(page.locator("[data-unfolds]")).to_be_hidden()
    choices = page.locator(".filter-choices").locator("select, .chip, .clear")
    for width in (1280, DESKTOP["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        middles = {round(box["y"] + box["height"] / 2)
                   for one in choices.all() if (box := one.bounding_box())}  # fmt: skip
        assert len(middles) == 1, f"at {width} px: {middles}"
