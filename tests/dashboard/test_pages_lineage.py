"""The fork tree as a picture with links, of one family and of the team."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]


@pytest.fixture
def family(cast: Cast) -> list[Chat]:
    """A chat, its fork, the fork's copy in v2, and somebody's private fork."""
    first = make.chat(cast.team, name="Shop")
    version = make.version(first)
    fork = make.chat(cast.team, name="Shop B", forked_from=first, forked_from_version=version)
    copy = make.chat(cast.team, name="Shop C", generation="v2", forked_from=fork)
    make.chat(cast.team, name="Secret", privacy="private", forked_from=first)
    return [first, fork, copy]


def shown(client: Client, chat: Chat) -> str:
    return client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/lineage/").text


def test_everybody_of_a_family_sees_the_same_tree(
    cast: Cast, family: list[Chat], client_of: ClientOf
) -> None:
    client = client_of(cast.viewer)
    for chat in family:
        html = shown(client, chat)
        assert html.count('class="node"') == 3
        assert html.count('class="edge"') == 2
        assert f'chats/{chat.upstream_id}/" aria-current="page"><g' in html
        assert "API v1, from version 1" in html
        assert "Secret" not in html


def test_the_team_sees_all_families_and_no_lonely_chat(
    cast: Cast, family: list[Chat], client_of: ClientOf
) -> None:
    make.chat(cast.team, name="Alone")
    other = make.chat(cast.team, name="Blog")
    make.chat(cast.team, name="Blog B", forked_from=other)
    html = client_of(cast.viewer).get(f"/t/{cast.team.slug}/chats/lineage/").text
    assert html.count('class="node"') == 5
    assert "Alone" not in html


def test_a_hidden_parent_makes_its_fork_the_first(cast: Cast, client_of: ClientOf) -> None:
    hidden = make.chat(cast.team, name="Diary", privacy="private")
    fork = make.chat(cast.team, name="Open", forked_from=hidden)
    make.chat(cast.team, name="Grandchild", forked_from=fork)
    html = shown(client_of(cast.viewer), fork)
    assert "Diary" not in html
    assert html.count('class="node"') == 2


def test_chats_that_claim_to_come_of_each_other_are_still_drawn(
    cast: Cast, client_of: ClientOf
) -> None:
    one = make.chat(cast.team)
    two = make.chat(cast.team, forked_from=one)
    Chat.objects.filter(pk=one.pk).update(forked_from=two)
    assert shown(client_of(cast.viewer), one).count('class="node"') == 2


def test_a_chat_without_forks_says_so(cast: Cast, client_of: ClientOf) -> None:
    assert "No forks yet" in shown(client_of(cast.viewer), make.chat(cast.team))
