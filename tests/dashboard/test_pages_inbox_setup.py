"""The set-up of a connector that v0 waits for, on the page of the ask."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from dashboard.models import Ask, Key
from tests.dashboard.asking import stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.test_pages_inbox import SignIn, key, page_of, text_of
from v0client.simulator import Simulator

__all__ = ["key"]  # a fixture
pytestmark = pytest.mark.django_db


def test_a_setup_is_asked_for_until_it_is_done(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask, browser = stopped(cast.member, simulator, "connect"), client_of(cast.member)
    later = simulator.clock.now()
    simulator.clock.frozen = ask.asked_at.timestamp() + 1
    shown = text_of(browser, page_of(cast, ask))
    assert 'rel="noopener noreferrer"' in shown
    asking = {"HX-Request": "true", "HX-Target": "span#setup"}
    pending = browser.post(page_of(cast, ask) + "setup/", headers=asking)
    assert "Nobody has set it up yet." in pending.text
    assert "hx-trigger" in pending.text
    simulator.requests.clear()
    browser.post(page_of(cast, ask) + "setup/", headers=asking)
    assert simulator.requests == []  # a colleague asked a moment ago
    simulator.clock.frozen = later
    cache.clear()
    ready = browser.post(page_of(cast, ask) + "setup/", headers=asking)
    assert "It is set up: v0 can go on." in ready.text
    assert "hx-trigger" not in ready.text
    plain = browser.post(page_of(cast, ask) + "setup/", follow=True)
    assert "It is set up: v0 can go on." in plain.text
    browser.post(page_of(cast, ask), {"do": "connected"})
    assert Ask.objects.get().state == "answered"


def test_v0_away_during_a_check_is_said(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask = stopped(cast.member, simulator, "connect")
    simulator.faults.add("/v2/chats", method="GET", status=500, times=9)
    sent = client_of(cast.member).post(page_of(cast, ask) + "setup/", follow=True)
    assert "v0 had a problem of its own" in sent.text
