"""A chat while v0 writes it and Valkey is away: the page says that it looks by itself, and does."""

from __future__ import annotations

import pytest
from django.test.utils import override_settings
from playwright.sync_api import expect

from tests.browser.driving import Visitors, answer, begin
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def test_a_page_without_valkey_says_so_and_looks_by_itself(
    studio: Studio, visitors: Visitors, usual_team: str
) -> None:
    page = visitors.open("member")
    chat = begin(page, usual_team, "A page about tea with pricing")
    studio.write(chat, 0.2)
    away = page.get_by_text("Live updates are away")
    expect(answer(page)).to_contain_text(studio.said(chat)[0])
    expect(away).to_be_hidden()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        page.reload()
        expect(away).to_be_visible()
        studio.write(chat, 0.6)
        expect(answer(page)).to_contain_text(studio.said(chat)[-1], timeout=20_000)
        expect(away).to_be_visible()
