"""The rail of versions: whose they are, what they cost, and how many files they changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Chat, Membership, VersionFile
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """Two prompts of two people; the second made two versions."""
    chat = make.chat(cast.team)
    ann, bob = (make.author(cast.team, name=name) for name in ("Ann", "Bob"))
    make.message(chat, author=ann)
    make.message(chat, "Done", role="assistant", cost=Decimal("0.25"))
    make.version(chat, files={"a": "1", "b": "1", "c": "1"})
    make.message(chat, author=bob, created_at=make.AT + LATER)
    for number, cost in ((1, "0.5"), (2, "0.125")):
        at = make.AT + LATER + timedelta(seconds=number)
        make.message(chat, "Done", role="assistant", cost=Decimal(cost), created_at=at)
        files = {"a": "1", "b": str(number + 1), "d": "1"}
        make.version(chat, files=files, created_at=at)
    return chat


def rail_of(client: Client, chat: Chat) -> list[Any]:
    """The rows of the rail, oldest first."""
    page = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/")
    return [version for version, _ in reversed(page.context["versions"])]


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def test_each_version_names_the_author_and_the_cost_of_its_prompt(
    reader: Client, chat: Chat
) -> None:
    rows = rail_of(reader, chat)
    assert [row.author for row in rows] == ["Ann", "Bob", "Bob"]
    assert [row.cost for row in rows] == [Decimal("0.25"), None, Decimal("0.625")]


def test_the_size_counts_added_changed_and_removed_files(reader: Client, chat: Chat) -> None:
    assert [row.size for row in rail_of(reader, chat)] == [3, 3, 1]


def test_the_size_is_unknown_where_the_version_before_is_not_stored(
    reader: Client, chat: Chat
) -> None:
    chat.versions.filter(number=1).update(files_at=None)
    VersionFile.objects.filter(version__chat=chat, version__number=1).delete()
    assert [row.size for row in rail_of(reader, chat)] == [None, None, 1]


def test_a_version_that_failed_without_files_is_passed_over(
    cast: Cast, reader: Client, chat: Chat
) -> None:
    make.version(chat, status="failed", created_at=make.AT + LATER)
    make.version(chat, files={"a": "9", "b": "3", "d": "1"}, created_at=make.AT + LATER)
    rows = rail_of(reader, chat)
    assert [(row.size, row.since) for row in rows[2:]] == [(1, 2), (None, 3), (1, 3)]
    page = reader.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/").content.decode()
    assert "1 file changed since version 3" in page
    assert "since version 2" not in page
    failed = make.chat(cast.team)
    make.version(failed, status="failed")
    make.version(failed, files={"a": "1", "b": "2"})
    assert [(row.size, row.since) for row in rail_of(reader, failed)] == [(None, None), (2, None)]


def test_a_version_that_failed_with_files_counts_like_any(reader: Client, chat: Chat) -> None:
    make.version(chat, status="failed", files={"a": "1"}, created_at=make.AT + LATER)
    make.version(chat, files={"a": "2"}, created_at=make.AT + LATER)
    assert [row.size for row in rail_of(reader, chat)] == [3, 3, 1, 2, 1]


def test_a_file_that_is_edited_in_its_version_counts_anew(reader: Client, chat: Chat) -> None:
    chat.versions.get(number=3).files.filter(path="d").delete()
    assert [row.size for row in rail_of(reader, chat)] == [3, 3, 2]


def test_a_version_of_a_person_without_a_name_is_called_by_what_is_known(
    cast: Cast, reader: Client
) -> None:
    chat = make.chat(cast.team)
    make.message(chat, author=make.author(cast.team, name="", upstream_id="abcdefghijk"))
    make.version(chat)
    assert [row.author for row in rail_of(reader, chat)] == ["v0 user abcdefgh"]


def test_a_version_without_any_message_has_neither_author_nor_cost(
    cast: Cast, reader: Client
) -> None:
    chat = make.chat(cast.team)
    make.version(chat)
    (row,) = rail_of(reader, chat)
    assert (row.author, row.cost, row.size) == ("", None, 0)


@pytest.mark.parametrize("status", ["completed", "running"])
@pytest.mark.parametrize("target", ["section#stage", "div#live"])
def test_the_forks_stay_below_the_rail_however_it_is_sent_again(
    cast: Cast, reader: Client, chat: Chat, target: str, status: str
) -> None:
    make.chat(cast.team, name="The lighter one", forked_from=chat)
    Chat.objects.filter(pk=chat.pk).update(status=status)
    url = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/"
    for query in ({}, {"version": "1", "tab": "files"}):
        page = reader.get(url, query, headers={"HX-Request": "true", "HX-Target": target})
        rail = page.content.decode().partition('id="rail"')[2]
        assert "Forks" in rail
        assert "The lighter one" in rail


def test_many_forks_hide_neither_the_origin_nor_that_there_are_more(
    cast: Cast, reader: Client, chat: Chat
) -> None:
    fork = make.chat(cast.team, forked_from=chat, created_at=make.AT - LATER)
    url = f"/t/{chat.team.slug}/chats/{fork.upstream_id}/"
    for number in range(20):
        make.chat(cast.team, name=f"Fork {number}", forked_from=fork)
    page = reader.get(url)
    assert page.context["parent"] == chat
    assert len(page.context["forks"]) == 20
    assert "All in the fork tree" not in page.content.decode()
    newest = make.chat(cast.team, forked_from=fork, created_at=make.AT + LATER)
    page = reader.get(url)
    assert page.context["parent"] == chat
    assert page.context["forks"][0] == newest
    assert "All in the fork tree" in page.content.decode()
