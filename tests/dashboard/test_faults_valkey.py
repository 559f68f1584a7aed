"""Valkey is away: pages open, prompts are sent, and what is counted is counted on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.models import Ask, Chat, Membership
from dashboard.upstream.pace import Away
from tests import make
from tests.dashboard.asking import ANSWERS, stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import PAGES
from tests.dashboard.prompting import posts
from tests.dashboard.test_every_page import fresh_client, scene, url_of
from v0client.simulator import Simulator

__all__ = ["scene"]  # a fixture
Scene = dict[str, dict[str, Any]]
NOWHERE, HERE = "redis://127.0.0.1:1/0", os.environ.get("REDIS_URL", "")


@pytest.fixture
def away(settings: Settings, cast: Cast) -> Iterator[None]:
    """Nobody answers where Valkey was."""
    settings.REDIS_URL = NOWHERE
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
    cache.clear()
    Away.until = 0.0
    yield
    cache.clear()
    Away.until = 0.0


OPENED = [n for n, page in PAGES.items() if page.get[0] == 200 and page.whole]


@pytest.mark.parametrize("name", OPENED)
def test_a_page_opens(name: str, away: None, scene: Scene, cast: Cast) -> None:
    client = fresh_client(cast.owner)
    url = url_of(name, scene[name], cast.team.slug)
    assert client.get(url).status_code == 200
    for fragment in PAGES[name].fragments:
        headers = {"HX-Request": "true", "HX-Target": f"section#{fragment}"}
        part = client.get(url, headers=headers)
        assert (part.status_code, f'id="{fragment}"' in part.text) == (200, True)


def test_a_page_that_polls_says_so(away: None, cast: Cast) -> None:
    """Its script shows the sentence when the stream of events tells that it hears nothing."""
    now = timezone.now()
    chat = make.chat(cast.team, status="running", running_since=now, follow_at=now)
    parts = [[0, [["p", {}, "Half a sentence"]]]]
    make.message(chat, "", role="assistant", parts=parts)
    client, url = fresh_client(cast.owner), f"/t/{cast.team.slug}/chats/{chat.upstream_id}/"
    assert "this page looks every 2 seconds instead" in client.get(url).text
    looked = client.get(url, headers={"HX-Request": "true", "HX-Target": "div#live"})
    assert "Half a sentence" in looked.text


def test_a_prompt_is_sent_once_and_an_answer_is_given(
    away: None, cast: Cast, client_of: Callable[[Membership], Client], simulator: Simulator
) -> None:
    make.key(cast.member, "v0-demo-member")
    ask = stopped(cast.member, simulator, "plan")
    client, nonce = client_of(cast.member), uuid.uuid4()
    before = posts(simulator, "/v2/chats/async")
    fields = {"nonce": nonce, "prompt": "Make a page", "privacy": "team"}
    first, again = (client.post(f"/t/{cast.team.slug}/chats/new/", fields) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert posts(simulator, "/v2/chats/async") == before + 1
    assert Chat.objects.get(upstream_id=first["Location"].split("/")[-2]).status == "running"
    client.post(f"/t/{cast.team.slug}/inbox/{ask.pk}/", {"do": ANSWERS["plan"].do})
    assert Ask.objects.get(pk=ask.pk).state == "answered"


def test_the_cache_goes_on_in_memory(away: None) -> None:
    assert cache.add("attempts", 1, 60)
    assert not cache.add("attempts", 1, 60)
    assert cache.incr("attempts") == 2
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.touch("a", 60)
    assert cache.delete("a")
    assert "a" not in cache
    cache.delete_many(["b"])
    assert cache.get("b", "nothing") == "nothing"


def test_the_cache_is_shared_again_when_valkey_is_back(
    away: None, settings: Settings, valkey: redis.Redis
) -> None:
    cache.set("word", "in memory", 60)
    assert not valkey.keys("*word*")
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": HERE}}
    Away.until = 0.0
    assert cache.get("word") is None
    cache.set("word", "shared", 60)
    assert valkey.keys("*word*")


def test_a_fault_outside_of_views_is_not_put_into_the_page(cast: Cast) -> None:
    client = fresh_client(cast.viewer)
    client.raise_request_exception = False
    with connection.cursor() as cursor:  # what notes when a session was last seen
        cursor.execute("DROP TABLE usersessions_usersession")
    headers = {"HX-Request": "true", "HX-Target": "div#live"}
    response = client.get(f"/t/{cast.team.slug}/chats/", headers=headers)
    assert response.status_code == 500
    assert response["HX-Reswap"] == "none"
    assert "Nothing was lost" in response["HX-Trigger"]
