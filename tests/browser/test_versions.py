"""What people do with the versions of a chat, in Chromium: see, compare, fork and restore them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.driving import Visitors, begin
from tests.browser.studio import Studio
from tests.demo import until
from v0client.simulator import writer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("versions")]

IS_IN_VIEW = """node => {
    const place = node.getBoundingClientRect();
    return place.top >= 0 && place.bottom <= innerHeight && place.height > 0;
}"""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The chats that tests share, by team."""
    return {}


@pytest.fixture
def chat(studio: Studio, visitors: Visitors, team: str, made: dict[str, str]) -> str:
    """The address of a chat with two versions, which no test changes."""
    if team not in made:
        made[team] = two_versions(studio, visitors, team)
    return made[team]


def two_versions(studio: Studio, visitors: Visitors, team: str) -> str:
    page = visitors.open("member")
    chat = begin(page, team, "A page about tea with pricing")
    studio.finish(chat)
    expect(page.locator("#version-1")).to_be_visible()
    page.get_by_label("Your message to v0").fill("Add a timeline")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".msg.asked")).to_have_count(2)
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    expect(page.locator("#version-2")).to_be_visible()
    page.close()
    return chat


def files(studio: Studio, chat: str, version: int = -1) -> dict[str, str]:
    """What v0 has in a version of that chat, by default in the newest: texts by path."""
    found = studio.chat(chat).versions[version]
    return {file.name: file.content for file in writer.files(found)}


def in_dialog(page: Page, name: str) -> Locator:
    """The dialog that a control of the open version shows."""
    page.locator("#stage .stage-actions").get_by_role("link", name=name).click()
    dialog = page.locator("#ask")
    expect(dialog.get_by_role("button", name=name)).to_be_visible()
    return dialog


def test_versions_are_compared_from_the_chat_and_a_line_has_a_link(
    visitors: Visitors, chat: str
) -> None:
    page = visitors.open("viewer", chat)
    page.get_by_label("Actions for this chat").click()
    page.get_by_role("link", name="Compare version 2").click()
    expect(page.locator("#from option:checked")).to_have_text("Version 1")
    expect(page.locator("#to option:checked")).to_have_text("Version 2")
    diff = page.locator(".diff")
    expect(diff.locator(".diff-row").first.locator("code")).to_have_count(2)
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Inline").click()
    page.wait_for_url("**view=inline**")
    expect(diff).to_have_class(re.compile("inline"))
    expect(diff.locator(".diff-row").first.locator("code")).to_have_count(1)
    page.get_by_role("link", name="Side by side").click()
    expect(diff).not_to_have_class(re.compile("inline"))
    page.get_by_role("navigation", name="Files that differ").get_by_role("link").last.click()
    expect(
        page.get_by_role("navigation", name="Files that differ").get_by_role("link").last
    ).to_have_attribute("aria-current", "true")
    added = diff.locator("a.no[data-tone=ok]").last
    number = added.inner_text()
    added.click()
    assert page.evaluate("window.kept") is True
    other = visitors.open("member", page.url)
    line = other.locator(":target")
    expect(line).to_have_text(number)
    assert line.evaluate(IS_IN_VIEW)


def test_a_link_to_an_unchanged_line_unfolds_it(visitors: Visitors, chat: str) -> None:
    page = visitors.open("viewer", f"{chat}compare/")
    fold = page.locator("details.diff-fold").last
    name = fold.locator("a.no").nth(2).get_attribute("id")
    other = visitors.open("member", f"{page.url}#{name}")
    expect(other.locator(":target")).to_be_visible()
    assert other.locator(":target").evaluate(IS_IN_VIEW)


def test_the_version_that_has_the_focus_is_shown_however_fast_the_keys_are(
    visitors: Visitors, chat: str
) -> None:
    page = visitors.open("viewer", chat)
    asked: list[Route] = []
    page.route(re.compile("version=[12]$"), lambda route: asked.append(route))
    page.locator("#version-2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    until(lambda: bool(page.title()) and len(asked) == 2)  # the title lets the routes come in
    for route in asked:
        route.continue_()
        route.request.response()  # whatever became of it
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 2")
    page.wait_for_url("**version=2")
    expect(page.locator("#version-2")).to_be_focused()
    expect(page.locator("#version-2")).to_have_attribute("aria-current", "true")


def test_stepping_through_versions_keeps_the_file_open(visitors: Visitors, chat: str) -> None:
    page = visitors.open("viewer", f"{chat}?tab=files")
    link = page.get_by_role("navigation", name="Files of version 2").get_by_role("link").last
    name = link.get_attribute("title") or ""
    assert name != page.locator("#file .file-path").get_attribute("title")
    link.click()
    opened = page.locator("#file .file-path")
    expect(opened).to_have_attribute("title", name)
    page.locator("#version-2").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 1")
    expect(opened).to_have_attribute("title", name)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 2")
    expect(opened).to_have_attribute("title", name)


def test_the_link_of_a_line_names_the_version_and_the_page_stays(
    visitors: Visitors, chat: str
) -> None:
    page = visitors.open("viewer", chat)
    page.get_by_role("link", name="Files", exact=True).click()
    page.wait_for_url("**tab=files")
    page.evaluate("window.kept = true")
    page.locator("#L3 .no").click()
    page.wait_for_url("**version=2**#L3")
    assert page.evaluate("window.kept") is True
    expect(page.locator(":target")).to_have_id("L3")
    other = visitors.open("member", page.url)
    expect(other.locator("#version-2")).to_have_attribute("aria-current", "true")
    assert other.locator(":target").evaluate(IS_IN_VIEW)


def test_an_earlier_version_is_forked_into_a_chat_of_its_own(
    studio: Studio, visitors: Visitors, chat: str
) -> None:
    page = visitors.open("member", chat)
    page.locator("#version-1").click()
    page.wait_for_url("**version=1**")
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 1")
    in_dialog(page, "Fork").get_by_role("button", name="Fork").click()
    page.wait_for_url(lambda url: "/chats/" in url and not url.startswith(chat))
    expect(page.locator(".talk")).to_contain_text("Forked from Page about tea, version 1")
    expect(page.locator("#version-1")).to_be_visible()
    assert files(studio, page.url) == files(studio, chat, 0)
    page.get_by_role("link", name=re.compile("Page about tea, version 1")).click()
    page.wait_for_url(f"{chat}?version=1")
    forks = page.locator("#rail .rail-forks")
    expect(forks).to_contain_text("Page about tea")
    page.locator("#version-2").click()
    expect(page.locator("#stage")).to_have_attribute("aria-label", "Version 2")
    expect(forks).to_contain_text("Page about tea")


def test_an_earlier_version_is_restored(studio: Studio, visitors: Visitors, team: str) -> None:
    chat = two_versions(studio, visitors, team)
    page, other = visitors.open("member", chat), visitors.open("viewer", chat)
    first = files(studio, chat, 0)
    assert files(studio, chat) != first
    page.locator("#version-1").click()
    in_dialog(page, "Restore").get_by_role("button", name="Restore").click()
    expect(page.locator("#toasts")).to_contain_text("The chat is back at version 1.")
    expect(page.locator("#version-3")).to_be_visible()
    assert files(studio, chat) == first
    expect(other.locator("#version-3")).to_be_visible()


def test_the_preview_shows_what_v0_runs(studio: Studio, visitors: Visitors, chat: str) -> None:
    page = visitors.open("viewer", chat)
    frame, preview = page.locator("#stage iframe"), page.frame_locator("#stage iframe")
    expect(preview.get_by_role("heading", level=1)).to_be_visible()
    expect(preview.locator("#timeline")).to_be_attached()
    address = urlsplit(frame.get_attribute("src") or "")
    if studio.chat(chat).generation == "v2":
        assert (address.hostname or "").endswith(".localhost")
    else:
        assert f"{address.scheme}://{address.netloc}" == studio.simulator.base_url
    assert address.port != urlsplit(studio.base).port
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the preview in a new tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="Reload the preview").click()
    expect(preview.get_by_role("heading", level=1)).to_be_visible()
