"""A hostile preview in the dashboard's page, in Chromium: it reaches nothing around it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from dashboard.models import Team
from dashboard.upstream import connect
from tests import make
from tests.browser.driving import DESKTOP, chromium, watched
from tests.browser.driving import sign_in as demo_sign_in
from tests.dashboard.conftest import Cast
from tests.previewing import Noting, noted_previews
from v0client.simulator import Simulator, hostile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TALK = """() => new Promise((done, failed) => {
  const line = new WebSocket("/socket");
  line.onopen = () => line.send("Reload, please");
  line.onmessage = ({data}) => data.startsWith("{") || done(data);
  line.onclose = failed;
})"""


@pytest.fixture(scope="module")
def previews() -> Iterator[tuple[int, Noting]]:
    """The port of the preview origin, and what previews answer to it."""
    with noted_previews() as found:
        yield found


@pytest.fixture
def attacked(
    live_server: LiveServer,
    previews: tuple[int, Noting],
    cast: Cast,
    simulator: Simulator,
    settings: Settings,
) -> str:
    """The address of a chat whose preview attacks, on a dashboard of its own."""
    origin = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.PREVIEW_ORIGIN = f"http://*.localhost:{previews[0]}"
    settings.DASHBOARD_ORIGINS = [origin]
    policy = configured.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    frames = policy | {"frame-src": [settings.PREVIEW_ORIGIN]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": frames}
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    key = make.key(cast.member, "v0-demo-member")
    with connect(key) as remote:
        made = remote.of("v2").create_chat(prompt=f"A page to {hostile.WORDS}", nonce="1")
    simulator.clock.advance(600)
    chat = make.chat(cast.team, seen_by=key, upstream_id=made.id, generation="v2")
    make.version(chat, files={"app/page.tsx": "Tea"})
    return f"{origin}/t/{cast.team.slug}/chats/{chat.upstream_id}/"


def sign_in(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.goto(address)
    page.get_by_label("Email").fill("member@example.com")
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(address)
    return page


def test_a_hostile_preview_reaches_nothing_around_it(attacked: str) -> None:
    with chromium() as browser:
        page = sign_in(browser, attacked)
        mine = page.context.cookies([attacked])
        preview = page.frame_locator("iframe")
        expect(preview.get_by_role("heading")).to_have_text("Everything was tried")
        outcomes = preview.get_by_role("listitem").all_inner_texts()
        after = page.url
        page.reload()
        still_in = page.get_by_label("Your message to v0").is_visible()
        kept = page.context.cookies([attacked])
        workers = page.evaluate(
            "navigator.serviceWorker.getRegistrations().then(all => all.length)"
        )
        is_ours = page.evaluate("navigator.serviceWorker.controller === null")
    assert len(outcomes) == 10
    assert (workers, is_ours) == (0, True)
    assert [outcome for outcome in outcomes if "refused" not in outcome] == []
    assert after == attacked
    assert still_in
    assert values(kept) == values(mine)
    assert not Team.objects.filter(name__startswith="Stolen").exists()


def test_no_header_of_a_hostile_preview_reaches_around_it(
    attacked: str, previews: tuple[int, Noting]
) -> None:
    with chromium() as browser:
        page = sign_in(browser, attacked)
        done = page.frame_locator("iframe").get_by_role("heading", name="Everything was tried")
        done.wait_for()
        page.evaluate("localStorage.setItem('mine', 'here')")
        mine = values(page.context.cookies([attacked]))
        heard: list[dict[str, str]] = []
        page.on("response", lambda answer: heard.append(answer.headers))
        page.reload()
        done.wait_for()
        around = attacked.partition("/t/")[0]
        frames = [frame.url for frame in page.frames]
        jar = page.context.cookies()
        kept = page.evaluate("localStorage.getItem('mine')")
    notes = previews[1]
    for name in ("clear-site-data", "access-control-allow-origin", "reporting-endpoints"):
        assert notes.told(name), "the preview sent it"
        assert not [headers for headers in heard if name in headers]
    assert [cookie for cookie in notes.told("set-cookie") if "sessionid=thrown" in cookie]
    assert (values(jar), kept) == (mine, "here")
    assert around + "/teams/new/" in notes.told("location")
    assert notes.told("refresh")
    assert notes.told("link")
    assert [url for url in frames if url.startswith(around)] == [attacked]
    assert frames.count("chrome-error://chromewebdata/") >= 3


def test_cookies_that_a_preview_sends_to_its_own_tab_are_its_hosts_alone(
    attacked: str, previews: tuple[int, Noting]
) -> None:
    """In a frame Chromium keeps none at all."""
    sent = [
        f"{pair}; Path=/{domain}"
        for pair in ("sessionid=thrown", "=sessionid=thrown", "csrftoken=thrown", "own=kept")
        for domain in ("", "; Domain=localhost")
    ]
    with chromium() as browser:
        page = sign_in(browser, attacked)
        mine = values(page.context.cookies([attacked]))
        preview = page.locator("iframe").get_attribute("src") or ""
        tab = page.context.new_page()
        for cookie in sent:
            tab.goto(f"{preview}echo?{urlencode({'set-cookie': cookie})}")
        others = page.context.cookies()
        page.reload()
        still_in = page.get_by_label("Your message to v0").is_visible()
        kept = page.context.cookies([attacked])
    assert set(sent) <= set(previews[1].told("set-cookie"))
    new = [one for one in others if one["domain"] != "localhost"]
    assert [(one["name"], one["value"]) for one in new] == [("own", "kept")]
    assert new[0]["domain"] == urlsplit(preview).hostname
    assert (values(kept), still_in) == (mine, True)


def test_the_demo_shows_v2s_previews_on_an_origin_of_their_own(demo: str) -> None:
    with chromium() as browser:
        page, watch = watched(browser.new_context(viewport=DESKTOP))
        demo_sign_in(page, demo, "member")
        page.goto(f"{demo}/t/acme/chats/?q=Supplier+portal")
        page.locator("[data-row-link]").first.click()
        preview = page.frame_locator("iframe").get_by_role("heading", level=1)
        expect(preview).to_contain_text("Supplier portal", timeout=20_000)
        source = page.locator("iframe").get_attribute("src") or ""
        frame = page.locator("iframe").element_handle().content_frame()
        heard = frame.evaluate(TALK) if frame else ""
        page.get_by_role("link", name="Reload the preview").click()
        expect(preview).to_contain_text("Supplier portal", timeout=20_000)
    assert (urlsplit(source).hostname or "").endswith(".localhost")
    assert urlsplit(source).port != urlsplit(demo).port
    assert heard == "Reload, please"
    assert watch.complaints == []


def values(cookies: list[dict[str, object]]) -> dict[object, object]:
    return {cookie["name"]: cookie["value"] for cookie in cookies}


def test_no_other_page_may_frame_a_preview(attacked: str, settings: Settings) -> None:
    settings.DASHBOARD_ORIGINS = ["https://dashboard.example.com"]
    with chromium() as browser:
        page = sign_in(browser, attacked)
        frame = page.locator("iframe").element_handle().content_frame()
        assert frame is not None
        frame.wait_for_load_state()
        refused = frame.url
    assert refused.startswith("chrome-error:")
