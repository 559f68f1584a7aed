"""What people come for, clicked through in Chromium against a running demo."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import PHONE, sign_in, watched

pytestmark = pytest.mark.browser
GENERATION = 60_000  # milliseconds; the simulated v0 takes up to 20 s to write a version


def test_a_new_person_signs_up_adds_a_key_and_sees_the_first_sync_finish(
    page: Page, demo: str
) -> None:
    page.goto(demo)
    page.get_by_role("link", name="Create an account").click()
    name = f"newcomer-{uuid.uuid4().hex[:8]}"
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password", exact=True).fill("a-long-new-password")
    page.get_by_label("Password (again)").fill("a-long-new-password")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(f"**/t/{name}/")
    page.get_by_role("link", name="Add a v0 key").first.click()
    page.get_by_label("Label").fill("My laptop")
    page.get_by_label("v0 API key").fill("v0-demo-wrong")
    page.get_by_role("button", name="Check and add").click()
    expect(page.locator("#form")).to_contain_text("v0 rejects")
    page.get_by_label("v0 API key").fill("v0-demo-member")
    page.get_by_role("button", name="Check and add").click()
    expect(page.get_by_role("heading", name="My laptop")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("Done", timeout=GENERATION)
    page.get_by_role("link", name="Chats", exact=True).first.click()
    expect(page.locator("#rows [data-row]").first).to_be_visible()


def test_chats_are_filtered_without_loading_the_page_again(signed_in: Page, demo: str) -> None:
    page = signed_in
    page.goto(f"{demo}/t/acme/chats/")
    before = page.locator("#rows [data-row]").count()
    page.evaluate("window.kept = true")
    page.get_by_label("Status", exact=True).select_option("failed")
    page.wait_for_url("**status=failed**")
    rows = page.locator("#rows [data-row]")
    expect(rows.first).to_contain_text("Failed")
    assert 0 < rows.count() < before
    assert page.evaluate("window.kept") is True
    page.get_by_label("Search by title").fill("no chat is called like this")
    expect(page.locator("#rows")).to_contain_text("No chat matches")
    page.go_back()
    expect(rows.first).to_contain_text("Failed")


def test_a_chat_is_created_followed_forked_assigned_and_deployed(
    signed_in: Page, demo: str
) -> None:
    page = signed_in
    page.get_by_role("link", name="New chat").first.click()
    page.get_by_label("What should v0 build?").fill("A booking page for a climbing hall")
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(re.compile(r"/chats/[A-Za-z0-9]{11}/"))
    expect(page.locator("#writing")).to_be_visible()
    page.get_by_label("Your message to v0").fill("Half a thought")
    expect(page.locator("#version-1")).to_be_visible(timeout=GENERATION)
    expect(page.locator("#writing")).to_have_count(0, timeout=GENERATION)
    expect(page.get_by_label("Your message to v0")).to_have_value("Half a thought")
    preview = page.frame_locator("iframe").locator("body")
    expect(preview).to_contain_text(re.compile("booking|climbing", re.IGNORECASE))

    page.get_by_label("Actions for this chat").click()
    page.get_by_role("link", name="Project…").click()
    page.get_by_label("Project").select_option(label="Marketing site")
    page.locator("#ask").get_by_role("button").click()
    expect(page.locator("#heading")).to_contain_text("Marketing site")

    original = page.url
    page.locator("#stage").get_by_role("link", name="Fork").click()
    page.locator("#ask").get_by_role("button").click()
    page.wait_for_url(lambda url: "/chats/" in url and url != original)
    expect(page.locator("main")).to_contain_text("Forked from")

    # v2 tells no more of a deployment, so one of v1 is followed to its end.
    page.goto(f"{demo}/t/acme/chats/?generation=v1&status=ready")
    page.locator("[data-row-link]").first.click()
    page.locator("#stage").get_by_role("link", name="Deploy", exact=True).click()
    page.locator("#ask").get_by_role("button").click()
    page.wait_for_url("**/deployments/*/")
    expect(page.locator("main")).to_contain_text("Ready", timeout=90_000)


def test_billing_is_read(signed_in: Page, demo: str) -> None:
    signed_in.goto(f"{demo}/t/acme/usage/")
    main = signed_in.locator("main")
    for words in ("Balance", "Plan and billing cycle", "Rate limit", "Purchased credits"):
        expect(main).to_contain_text(words)
    assert signed_in.locator("main svg[role=img]").count() >= 1


def test_a_viewer_reads_and_finds_nothing_to_change(page: Page, demo: str) -> None:
    sign_in(page, demo, "viewer")
    page.goto(f"{demo}/t/acme/chats/")
    expect(page.get_by_role("link", name="New chat")).to_have_count(0)
    page.locator("[data-row-link]").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Your message to v0")).to_have_count(0)


def test_a_phone_reaches_every_area(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page, watch = watched(context)
    sign_in(page, demo, "member")
    for area in ("chats", "projects", "deployments", "usage", "keys", "activity", "team", "syncs"):
        page.goto(f"{demo}/t/acme/{area}/")
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 0, f"{area} scrolls sideways by {too_wide} px"
    context.close()
    assert watch.complaints == []
