"""A version whose answer was stopped says so in the rail, in the word that the page has for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db
BADGE = '<span class="badge" data-tone="warn"><span class="dot"></span>Stopped</span>'


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def answered(chat: Chat, hours: int, reason: str, status: str = "completed") -> None:
    """A prompt, an answer that ended for this reason, and its version."""
    at = make.AT + timedelta(hours=hours)
    make.message(chat, created_at=at)
    answer = make.message(chat, "Done", role="assistant", finish_reason=reason, created_at=at)
    ids = {"upstream_id": answer.upstream_id} if chat.generation == "v2" else {}
    make.version(chat, status=status, files={"a": "1"}, created_at=at, **ids)


def rail(client: Client, chat: Chat) -> tuple[list[Any], str]:
    """Which versions are marked, newest first, and the rail itself."""
    page = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/")
    marked = [version.is_stopped for version, _ in page.context["versions"]]
    return marked, page.content.decode().partition('id="rail"')[2]


@pytest.mark.parametrize(("generation", "status"), [("v2", "completed"), ("v1", "failed")])
def test_a_stopped_version_says_so(
    cast: Cast, reader: Client, generation: str, status: str
) -> None:
    chat = make.chat(cast.team, generation=generation)
    answered(chat, 1, "stop")
    answered(chat, 2, "other", status)
    marked, words = rail(reader, chat)
    assert marked == [True, False]
    assert words.count(BADGE) == 1
    assert "Failed" not in words


def test_other_ends_are_no_stops(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team, generation="v1")
    answered(chat, 1, "error", "failed")
    answered(chat, 2, "length")
    # The version of a restore has no answer of its own; it is no less whole for what came before.
    answered(chat, 3, "other", "failed")
    make.version(chat, files={"a": "1"}, created_at=make.AT + timedelta(hours=4))
    marked, words = rail(reader, chat)
    assert marked == [False, True, False, False]
    assert "Failed" in words
