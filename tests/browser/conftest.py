"""Fixtures of the browser tests: one Chromium a module, and pages that may not complain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.driving import DESKTOP, Visitors, chromium, sign_in, watched
from tests.browser.studio import GENERATIONS, Studio, open_studio

expect.set_options(timeout=15_000)  # milliseconds; other tests run beside these


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


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of this process's tests, which pytest-django makes for marked tests only. Those
    with a browser cannot have the mark: Playwright's loop runs where Django would clean up."""
    with django_db_blocker.unblock():
        is_there = connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX)
        made = [] if is_there else setup_databases(0, False, aliases=["default"])
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, 0)


@pytest.fixture(scope="module")
def studio(database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Studio]:
    """A dashboard of this module's own, whose v0 waits for the tests."""
    with django_db_blocker.unblock(), open_studio() as one:
        yield one


@pytest.fixture(scope="module")
def signed_in_once(studio: Studio, browser: Browser) -> Visitors:
    return Visitors(browser, studio.base)


@pytest.fixture
def visitors(signed_in_once: Visitors) -> Iterator[Visitors]:
    """The studio's people, without an open page."""
    yield signed_in_once
    signed_in_once.leave()


@pytest.fixture(params=GENERATIONS)
def team(request: pytest.FixtureRequest, studio: Studio) -> str:
    """The address of the studio's team that works with this generation of v0's API."""
    return f"{studio.base}/t/{request.param}"


@pytest.fixture
def usual_team(studio: Studio) -> str:
    """The same for what does not depend on the generation."""
    return f"{studio.base}/t/v2"
