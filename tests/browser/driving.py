"""Drives Chromium over the dashboard: starting it, signing in, and walking every page.

What the pages must do is in the tests beside this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    sync_playwright,
)

PASSWORD = "v0-demo-pass"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Walks begin at finished chats, whose pages have everything; the rest is found from there.
STARTS = ("/t/acme/chats/?status=ready", "/t/acme/")
SIGNED_OUT = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/no-such-page/",
]
ACCOUNT = [
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/teams/new/",
]


@contextmanager
def chromium(*, as_it_was: bool = False) -> Iterator[Browser]:
    """A browser of its own. With `as_it_was` “Back” shows pages as they were left, scripts and all,
    as it does for people; Playwright switches that off."""
    left_out = ["--disable-back-forward-cache"] if as_it_was else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, ignore_default_args=left_out
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """Collects what a page should never say: console errors, exceptions, CSP violations."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # parts of complaints that a test provokes

    def on_console(self, message: ConsoleMessage) -> None:
        # Chromium notes every refused request; a form that comes back with its errors is one, and
        # a preview that is starting, on a host of its own, another.
        host = urlsplit(message.location.get("url", "")).hostname or ""
        starting = "status of 503" in message.text and host.endswith(".localhost")
        refused = starting or "status of 422" in message.text
        if message.type in ("error", "warning") and not refused:
            self.add(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def add(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.complaints.append(text)


def watched(context: BrowserContext) -> tuple[Page, Watch]:
    """A new page, and what it complains about."""
    page, watch = context.new_page(), Watch()
    page.on("console", lambda message: watch.on_console(message))
    page.on("pageerror", lambda error: watch.add(f"exception on {page.url}: {error}"))
    return page, watch


@dataclass
class Visitors:
    """People who are signed in once, and whose pages a test opens. Their pages may not complain."""

    browser: Browser
    base: str
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    watches: list[Watch] = field(default_factory=list)

    def open(self, who: str, url: str = "") -> Page:
        """A new page of the person with that role, at this address if one is given."""
        if who not in self.contexts:
            context = self.browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
            context.set_default_timeout(15_000)
            self.contexts[who] = context
            with closing(context.new_page()) as page:
                sign_in(page, self.base, who)
        page, watch = watched(self.contexts[who])
        self.watches.append(watch)
        if url:
            page.goto(url)
        return page

    def leave(self) -> None:
        """Closes all pages; nobody signs out."""
        for context in self.contexts.values():
            for page in context.pages:
                page.close()
        complaints = [text for watch in self.watches for text in watch.complaints]
        self.watches.clear()
        assert not complaints, complaints


def begin(page: Page, team: str, prompt: str) -> str:
    """A new chat that the team with this address sees; the page shows it. Returns its address."""
    page.goto(f"{team}/chats/new/")
    page.get_by_label("What should v0 build?").fill(prompt)
    page.get_by_label("Privacy").select_option("team")
    page.get_by_role("button", name="Start chat").click()
    page.wait_for_url(re.compile(r"/chats/(?!new/)[^/]+/$"), timeout=60_000)
    return page.url


def answer(page: Page) -> Locator:
    """What a chat's page shows of v0's newest answer."""
    return page.locator(".msg .parts").last


def sign_in(page: Page, base: str, who: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/t/**")


def shape(path: str) -> str:
    """The page's kind: the name of its address, and which tab it shows."""
    parts = urlsplit(path)
    tab = re.search(r"tab=(\w+)", parts.query)
    name = resolve(parts.path).url_name
    return f"{name}?{tab[0]}" if tab else str(name)


def every_page(page: Page, base: str, *starts: str) -> Iterator[str]:
    """Walks the links within /t/ from the start pages on, one page of each kind; yields paths.

    The page shows the yielded path. A dead link raises.
    """
    waiting, seen = list(starts), {shape(start) for start in starts}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        # In a picture, a link's own `href` is no text.
        links = page.locator("a[href]:not([download], [target=_blank])").evaluate_all(
            "all => all.map(a => new URL(a.getAttribute('href'), a.baseURI).href)"
        )
        yield path
        for link in links:
            parts = urlsplit(link)
            if f"{parts.scheme}://{parts.netloc}" != base or not parts.path.startswith("/t/"):
                continue
            found = parts.path + (f"?{parts.query}" if parts.query else "")
            if shape(found) not in seen:
                seen.add(shape(found))
                waiting.append(found)
