"""Somebody with an account of their own in the browser, whose pages may have no fault.

What such people do is in test_account.py.
"""

from __future__ import annotations

import base64
import hmac
import struct
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS, violations
from tests.browser.driving import Watch

PASSWORD = "a-long-new-password"
# Colours fade over to the dark. (The CSP keeps Playwright's own wait_for_function out.)
FADED = """() => new Promise(done => {
    const look = () => document.getAnimations().length ? requestAnimationFrame(look) : done();
    requestAnimationFrame(look);
})"""


@dataclass
class Person:
    """Somebody with a new account, signed in, and what was wrong with the pages they saw."""

    page: Page
    watch: Watch
    base: str
    email: str = field(default_factory=lambda: f"person-{uuid.uuid4().hex[:12]}@example.com")
    password: str = PASSWORD
    found: list[str] = field(default_factory=list)

    def sign_up(self) -> None:
        self.page.goto(f"{self.base}/accounts/signup/")
        self.page.get_by_label("Email").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.page.get_by_label("Password (again)").fill(self.password)
        self.press("Create account")
        self.page.wait_for_url("**/teams/new/")

    def open(self, path: str, heading: str) -> None:
        self.page.goto(self.base + path)
        self.look(heading)

    def look(self, heading: str) -> None:
        """The page has this heading and is accessible, light and dark."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        path = urlsplit(self.page.url).path
        self.found += violations(self.page, path, {})
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate(FADED)
        self.found += violations(self.page, f"in the dark: {path}", COLOURS)
        self.page.emulate_media(color_scheme="light")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def told(self, words: str) -> None:
        expect(self.page.locator("#toasts")).to_contain_text(words)

    def sign_out(self) -> None:
        self.page.goto(f"{self.base}/accounts/logout/")
        self.press("Sign out")
        self.page.wait_for_url("**/accounts/login/**")

    def give_password(self) -> None:
        """The first step of signing in."""
        self.page.goto(f"{self.base}/accounts/login/")
        self.page.get_by_label("Email").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.press("Sign in")

    def give_digits(self, secret: str, button: str) -> None:
        """What the authenticator app shows; once more where the half minute ended meanwhile."""
        for _ in range(2):
            self.page.get_by_label("Code").fill(digits(secret))
            with self.page.expect_navigation():
                self.press(button)
            if not self.page.get_by_text("Incorrect code").is_visible():
                break

    def prove(self) -> None:
        """Signing in is not enough for what protects the account."""
        self.look("Is it you?")
        self.page.get_by_label("Password").fill(self.password)
        self.press("Confirm")

    def switch_on_app(self) -> str:
        """Set up an authenticator app; returns its secret. The recovery codes are on the page."""
        self.page.goto(f"{self.base}/accounts/2fa/")
        self.page.get_by_role("link", name="Set up").click()
        self.prove()
        self.look("Set up an authenticator app")
        secret = self.page.get_by_title("Copy the secret").inner_text().strip()
        self.give_digits(secret, "Switch on")
        self.told("Authenticator app activated")
        return secret


def digits(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    proof = hmac.digest(base64.b32decode(secret), moment, "sha1")
    at = proof[-1] & 15
    return f"{int.from_bytes(proof[at : at + 4]) & 0x7FFFFFFF:010}"[-6:]
