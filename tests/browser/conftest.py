"""Fixtures of the browser tests: one Chromium a module, and pages that may not complain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import DESKTOP, chromium, sign_in, watched


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor; the test fails if it logs an error or breaks the CSP."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page, watch = watched(context)
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert watch.complaints == []


@pytest.fixture
def signed_in(page: Page, demo: str) -> Page:
    """The demo team's owner at home."""
    sign_in(page, demo, "owner")
    return page
