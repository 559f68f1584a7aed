"""What changed since the version before: one that failed and left no files is no such version."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """A page that became another, and in between a version that failed."""
    chat = make.chat(cast.team)
    make.version(chat, files={"app/page.tsx": "one", "a.css": "p {}"})
    make.version(chat, status="failed")
    make.version(chat, files={"app/page.tsx": "two", "a.css": "p {}"})
    return chat


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def shown(reader: Client, chat: Chat, rest: str = "", **query: str) -> Any:
    return reader.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/{rest}", query).context


def test_files_show_what_changed_since_the_version_before(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    make.version(chat, files={"app/page.tsx": "old", "app/gone.tsx": "x", "same.txt": "same"})
    make.version(chat, files={"app/page.tsx": "<b>new</b>", "new.ts": "1", "same.txt": "same"})
    page = reader.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/", {"tab": "files"}).text
    marks = dict(re.findall(r'title="([^"]+)".*?file-mark" data-tone="\w+">(\w+)<', page))
    assert marks == {
        "app/page.tsx": "changed", "app/gone.tsx": "removed", "new.ts": "added",
    }  # fmt: skip
    assert "<b>new</b>" not in page
    assert "&lt;" in page


def test_the_files_are_marked_since_the_last_version_that_left_some(
    reader: Client, chat: Chat
) -> None:
    pane = shown(reader, chat, tab="files")["pane"]
    assert (pane.compared_with, pane.marked) == (1, 1)
    first = chat.versions.get(number=1)
    assert f"from={first.upstream_id}" in pane.compare_url


def test_the_newest_is_compared_with_the_last_version_that_left_files(
    reader: Client, chat: Chat
) -> None:
    context = shown(reader, chat, "compare/")
    assert (context["old"].number, context["new"].number) == (1, 3)
    assert context["comparison"].differing == 1


def test_a_version_that_failed_is_compared_where_it_is_asked_for(
    reader: Client, chat: Chat
) -> None:
    make.version(chat, status="failed")
    context = shown(reader, chat, "compare/")
    assert (context["old"].number, context["new"].number) == (1, 3)
    failed = chat.versions.get(number=2)
    context = shown(reader, chat, "compare/", **{"from": failed.upstream_id})
    assert (context["old"].number, context["new"].number) == (2, 3)
    context = shown(reader, chat, "compare/", to=failed.upstream_id)
    assert (context["old"].number, context["new"].number) == (1, 2)


def test_of_another_chat_the_newest_that_left_files_is_compared(
    cast: Cast, reader: Client, chat: Chat
) -> None:
    alone = make.chat(cast.team, name="Alone", forked_from=chat)
    make.version(alone, files={"app/page.tsx": "three"})
    make.version(chat, status="failed")
    last = chat.versions.get(number=3)
    (_, other), *_ = shown(reader, alone, "compare/")["others"]
    assert f"from={last.upstream_id}" in other
    chat.name = "Tea shop"
    chat.save(update_fields=["name"])
    ((_, found),) = shown(reader, alone, "compare/", q="tea")["found"]
    assert f"from={last.upstream_id}" in found
