"""WebSockets through the preview origin: who opens one, what goes through, and how it ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.models import ChatSight
from tests.dashboard.conftest import Cast
from tests.previewing import Browser, asked_for_tokens, asking_previews, in_front_of_a_preview
from v0client.http import Client
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10.0  # seconds a test waits at most


@pytest.fixture(scope="module")
def http() -> Iterator[Client]:
    with asking_previews() as client:
        yield client


@pytest.fixture
def browser(http: Client, cast: Cast, simulator: Simulator, settings: Settings) -> Browser:
    return in_front_of_a_preview(http, cast, simulator, settings)


@contextmanager
def opened(browser: Browser, path: str = "/socket", **more: Any) -> Iterator[ClientConnection]:
    line = socket.create_connection(("127.0.0.1", browser.http.base_url.port))
    with connect(f"ws://{browser.host}{path}", sock=line, proxy=None, **more) as found:
        yield found


def refused(browser: Browser, path: str = "/socket") -> tuple[int, str]:
    """Status and page in place of a WebSocket."""
    with pytest.raises(InvalidStatus) as answer, opened(browser, path):
        pytest.fail("a WebSocket was opened")
    return answer.value.response.status_code, (answer.value.response.body or b"").decode()


def how_it_ended(there: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed):
        there.recv(SOON)
    return there.close_code


def test_words_and_bytes_go_both_ways(browser: Browser) -> None:
    with opened(browser) as there:
        there.recv(SOON)
        for said in ("Grüezi", b"\x00\xff", "x" * 100_000):
            there.send(said)
            assert there.recv(SOON) == said


def test_the_preview_is_asked_as_if_it_were_asked_directly(
    browser: Browser, simulator: Simulator
) -> None:
    given = {"cookie": "sessionid=ours; theirs=1", "x-v0-preview-token": "forged"}
    options = {"additional_headers": given, "subprotocols": ["vite-hmr", "other"]}
    with opened(browser, "/socket?id=7", origin=f"http://{browser.host}", **options) as there:
        asked = json.loads(there.recv(SOON))
        headers = asked["headers"]
        assert there.subprotocol == "vite-hmr"
    assert headers["origin"] == simulator.base_url
    assert headers["cookie"] == "theirs=1"
    assert headers["x-v0-preview-token"] not in ("", "forged")
    assert (asked["path"], asked["query"]) == (f"/live/{browser.chat.upstream_id}/socket", "id=7")


def test_the_end_of_either_side_ends_the_other_one(browser: Browser, simulator: Simulator) -> None:
    with opened(browser) as there:
        there.recv(SOON)
        there.send("close 4321")
        assert how_it_ended(there) == 4321
    with opened(browser) as there:
        there.recv(SOON)
        there.close(1001)


def test_nobody_else_opens_one(browser: Browser, cast: Cast) -> None:
    status, page = refused(Browser(browser.http, cast.viewer, browser.chat))
    assert status == 403
    assert "No preview" in page


def test_a_token_that_is_over_is_renewed(browser: Browser, simulator: Simulator) -> None:
    with opened(browser) as there:
        first = json.loads(there.recv(SOON))["headers"]["x-v0-preview-token"]
    simulator.clock.advance(700)
    with opened(browser) as there:
        assert json.loads(there.recv(SOON))["headers"]["x-v0-preview-token"] != first
    assert asked_for_tokens(simulator) == 2


def test_a_preview_that_starts_has_none_yet(browser: Browser, simulator: Simulator) -> None:
    simulator.faults.add(f"/v2/chats/{browser.chat.upstream_id}/preview", patch={"": None})
    assert refused(browser)[0] == 503


@pytest.mark.parametrize(("path", "status"), [("/echo", 502), ("/echo?status=404", 404)])
def test_where_the_preview_has_none_the_page_is_told_so(
    browser: Browser, path: str, status: int
) -> None:
    assert refused(browser, path)[0] == status


def test_no_redirect_carries_the_token_to_another_host(browser: Browser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hostile:
        hostile.settimeout(0.2)
        elsewhere = f"http://127.0.0.1:{hostile.getsockname()[1]}/"
        assert refused(browser, f"/echo?status=302&location={elsewhere}")[0] == 502
        with pytest.raises(TimeoutError):
            hostile.accept()


def test_it_ends_for_whom_the_chat_is_not_to_be_seen_any_more(browser: Browser) -> None:
    with opened(browser) as there:
        there.recv(SOON)
        ChatSight.objects.filter(chat=browser.chat).delete()
        assert how_it_ended(there) == 1008
