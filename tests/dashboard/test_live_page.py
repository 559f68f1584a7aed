"""What a chat's page hears while v0 writes, who hears it, and when it ends."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from typing import cast as typed

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import AsyncClient, Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import channels
from dashboard.models import Chat, Membership
from dashboard.stack.children import wait_until_ready
from dashboard.stack.valkey import Valkey
from dashboard.views.live import Watch
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATIENCE = 5
WRITING = [{"type": "text", "text": "Half a **sentence**"}]


@pytest.fixture
def chat(cast: Cast, valkey: object) -> Chat:
    """A chat of v2 that is being written."""
    row = make.chat(cast.team, generation="v2", status="running")
    make.message(row, "Make a page")
    make.message(row, "", role="assistant", parts=WRITING)
    return row


def address(chat: Chat) -> str:
    return f"/t/{chat.team.slug}/chats/{chat.upstream_id}/live/"


def events(source: Any) -> AsyncIterator[dict[str, Any]]:
    async def read() -> AsyncIterator[dict[str, Any]]:
        async for chunk in source:
            yield json.loads(chunk.decode().removeprefix("data: "))

    return read()


async def following(source: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(anext(source), PATIENCE)


def test_a_page_gets_what_is_written_so_far_and_then_what_is_told(cast: Cast, chat: Chat) -> None:
    client = AsyncClient()
    client.force_login(cast.viewer.user, BACKEND)
    answer = chat.messages.get(role="assistant")

    async def scenario() -> None:
        response: Any = await client.get(address(chat))
        assert response.status_code == 200
        assert response["Content-Type"] == "text/event-stream"
        assert response["Content-Encoding"] == "identity"
        heard = events(response.streaming_content)
        first = await following(heard)
        assert first["message"] == answer.upstream_id
        ((name, html),) = first["pieces"]
        assert name == f"part-{first['message']}-0"
        assert "<strong>sentence</strong>" in html
        channels.publish(chat.pk, {"pieces": [["part-x-1", "<p>more</p>"]]})
        assert await following(heard) == {"pieces": [["part-x-1", "<p>more</p>"]]}

    async_to_sync(scenario)()


@pytest.mark.parametrize(("who", "status"), [("viewer", 200), ("outsider", 404)])
def test_only_those_who_see_a_chat_hear_of_it(
    cast: Cast, chat: Chat, client_of: Callable[[Membership], Client], who: str, status: int
) -> None:
    assert client_of(cast.everyone()[who]).get(address(chat)).status_code == status
    Chat.objects.update(privacy="private")
    assert client_of(cast.everyone()[who]).get(address(chat)).status_code == 404


def signed_in(person: Membership) -> HttpRequest:
    """A request of somebody who is signed in, with a session that is stored."""
    client = Client()
    client.force_login(person.user, BACKEND)
    request = HttpRequest()
    request.user, request.session = person.user, typed(SessionBase, client.session)
    return request


def last_words(chat: Chat, person: Membership, change: Callable[[HttpRequest], object]) -> Any:
    """What somebody hears after something has changed for them."""
    request = signed_in(person)

    async def scenario() -> dict[str, Any]:
        heard = events(Watch(chat.pk, person.pk, request, every=0.02).events())
        assert "stamp" in await following(heard)
        await sync_to_async(change)(request)
        async for told in heard:
            if "stamp" not in told:
                return told
        raise AssertionError("the stream ended without a word")

    return async_to_sync(scenario)()


def test_the_stream_ends_with_the_membership(cast: Cast, chat: Chat) -> None:
    assert last_words(chat, cast.viewer, lambda _: cast.viewer.delete()) == {"over": True}


def test_the_stream_ends_when_the_chat_becomes_private(cast: Cast, chat: Chat) -> None:
    def hide(_: HttpRequest) -> None:
        Chat.objects.update(privacy="private")

    assert last_words(chat, cast.viewer, hide) == {"over": True}


def test_the_stream_ends_with_the_session(cast: Cast, chat: Chat) -> None:
    assert last_words(chat, cast.viewer, lambda request: request.session.flush()) == {"over": True}


def test_a_page_is_told_that_a_chat_was_deleted(cast: Cast, chat: Chat) -> None:
    request = signed_in(cast.viewer)

    async def scenario() -> None:
        heard = events(Watch(chat.pk, cast.viewer.pk, request, every=0.02).events())
        before = (await following(heard))["stamp"]
        await sync_to_async(Chat.objects.update)(gone_at=timezone.now())
        after = (await following(heard))["stamp"]
        assert before != after

    async_to_sync(scenario)()


def test_without_valkey_a_page_is_told_to_look_by_itself(
    cast: Cast, chat: Chat, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    request = signed_in(cast.viewer)

    async def scenario() -> list[dict[str, Any]]:
        return [one async for one in events(Watch(chat.pk, cast.viewer.pk, request).events())]

    (told,) = async_to_sync(scenario)()
    assert told["away"]
    assert told["stamp"].startswith("running:")
    assert "<strong>sentence</strong>" in told["pieces"][0][1]


@pytest.fixture
def other_valkey(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A server that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="v0-dashboard-") as folder:
        server = Valkey(Path(folder), Path(folder), Path(folder) / "log", durable=False)
        process = server.launch()
        wait_until_ready(process, server.is_ready, log=server.log)
        settings.REDIS_URL = server.url()
        yield process
        process.kill()
        process.wait()


@pytest.mark.parametrize("freezes", ["before", "after"])
def test_a_valkey_that_hangs_is_noticed(
    cast: Cast, chat: Chat, other_valkey: subprocess.Popen[bytes], freezes: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It takes connections, and never answers."""
    monkeypatch.setattr(channels, "PATIENCE", 0.3)
    request = signed_in(cast.viewer)

    async def scenario() -> list[dict[str, Any]]:
        if freezes == "before":
            other_valkey.send_signal(signal.SIGSTOP)
        told = []
        async for one in events(Watch(chat.pk, cast.viewer.pk, request, every=0.3).events()):
            told.append(one)
            if len(told) == 3:  # silence alone is no reason
                other_valkey.send_signal(signal.SIGSTOP)
        return told

    *before, last = async_to_sync(scenario)()
    assert last["away"]
    assert len(before) >= (0 if freezes == "before" else 3)
    assert not any("away" in one for one in before)
