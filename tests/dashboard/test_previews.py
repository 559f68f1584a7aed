"""The preview origin over HTTP: who gets in, what goes through, and what is said instead."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from pytest_django.fixtures import Settings

from dashboard import labels
from dashboard.models import Chat, Key
from dashboard.upstream import connect
from tests.dashboard.conftest import Cast
from tests.demo import until
from tests.previewing import Browser, asked_for_tokens, asking_previews, in_front_of_a_preview
from tests.serving import held
from v0client.http import Client, RemoteProtocolError
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def http() -> Iterator[Client]:
    """On the server of the preview origin."""
    with asking_previews() as client:
        yield client


@pytest.fixture
def browser(http: Client, cast: Cast, simulator: Simulator, settings: Settings) -> Browser:
    return in_front_of_a_preview(http, cast, simulator, settings)


def test_the_preview_is_shown_to_frames_of_the_dashboard_alone(browser: Browser) -> None:
    answer = browser.ask()
    assert answer.status_code == 200
    assert "tea" in answer.text.lower()
    assert answer.headers["content-security-policy"] == "frame-ancestors http://localhost:8000"


def test_a_viewer_sees_the_preview_of_a_chat_that_the_team_sees(
    browser: Browser, cast: Cast
) -> None:
    """Nobody shares a key, and viewers have none."""
    assert Browser(browser.http, cast.viewer, browser.chat).ask().status_code == 403
    Chat.objects.update(privacy="team")
    assert Browser(browser.http, cast.viewer, browser.chat).ask().status_code == 200


def test_a_token_is_fetched_once_for_many_requests(browser: Browser, simulator: Simulator) -> None:
    threads = [threading.Thread(target=browser.ask, args=("/echo",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert browser.ask("/echo").status_code == 200
    assert asked_for_tokens(simulator) == 1


def test_a_new_token_is_fetched_when_the_preview_says_so(
    browser: Browser, simulator: Simulator
) -> None:
    first = browser.ask("/echo").json()["headers"]["x-v0-preview-token"]
    simulator.clock.advance(500)  # the token has less than two minutes left
    refreshing = browser.ask("/echo")
    assert refreshing.json()["headers"]["x-v0-preview-token"] == first
    assert "x-v0-preview-refresh" not in refreshing.headers
    assert browser.ask("/echo").json()["headers"]["x-v0-preview-token"] != first


def test_an_expired_token_costs_nobody_a_page(browser: Browser, simulator: Simulator) -> None:
    assert browser.ask().status_code == 200
    simulator.clock.advance(700)
    assert browser.ask().status_code == 200
    assert asked_for_tokens(simulator) == 2


def test_a_preview_that_starts_says_so_and_looks_again(
    browser: Browser, simulator: Simulator
) -> None:
    assert browser.ask().status_code == 200
    with connect(browser.chat.sights.get().key) as remote:
        v2 = remote.of("v2")
        v2.send_message(browser.chat.upstream_id, prompt="Make it green")
        simulator.clock.advance(60)
        v2.restore(browser.chat.upstream_id, v2.versions(browser.chat.upstream_id)[0].id)
    answer = browser.ask()
    assert answer.status_code == 503
    assert "is starting" in answer.text
    assert 'http-equiv="refresh"' in answer.text
    simulator.clock.advance(30)
    assert browser.ask().status_code == 200


def test_methods_bodies_and_queries_go_through(browser: Browser) -> None:
    answer = browser.ask("/echo?a=%2F&status=201", "PUT", content=b"x" * 300_000)
    told = answer.json()
    assert answer.status_code == 201
    assert (told["method"], len(told["body"])) == ("PUT", 300_000)
    assert told["path"].endswith(f"/live/{browser.chat.upstream_id}/echo")
    assert answer.headers["a"] == "/"


def test_cookies_of_the_dashboard_do_not_go_through(browser: Browser) -> None:
    answer = browser.ask("/echo", headers={"cookie": "sessionid=secret; theirs=1"})
    assert answer.json()["headers"]["cookie"] == "theirs=1"


def test_a_redirect_to_the_previews_own_host_stays_inside(
    browser: Browser, simulator: Simulator
) -> None:
    there = f"{simulator.base_url}/live/{browser.chat.upstream_id}/next"
    answer = browser.ask("/echo", params={"status": "302", "location": there})
    assert answer.headers["location"] == "/next"


def test_a_stream_arrives_piece_by_piece(browser: Browser, simulator: Simulator) -> None:
    with browser.http.stream("GET", "/events", headers={"host": browser.host}) as answer:
        pieces = answer.iter_text()
        assert next(pieces) == "data: 0\n\n"  # v0's clock stands: the rest is not written yet
        simulator.clock.advance(5)
        assert "".join(pieces) == "data: 1\n\ndata: 2\n\n"


def test_a_made_up_or_changed_host_shows_nothing(browser: Browser, simulator: Simulator) -> None:
    name = browser.host.partition(".")[0]
    changed = ("b" if name[0] == "a" else "a") + name[1:]
    for host in (f"{changed}.localhost", "localhost", "127.0.0.1", f"{name}.elsewhere.example"):
        assert browser.ask(host=host).status_code == 404
    assert asked_for_tokens(simulator) == 0


def test_a_label_that_is_over_is_told_so(browser: Browser) -> None:
    over = replace(browser.label, until=int(time.time()) - 1)
    answer = browser.ask(host=f"{labels.write(over)}.localhost")
    assert answer.status_code == 403
    assert "Reload the preview" in answer.text


def test_a_label_opens_nothing_its_member_does_not_see(browser: Browser, cast: Cast) -> None:
    for stranger in (cast.admin, cast.outsider):
        answer = Browser(browser.http, stranger, browser.chat).ask()
        assert answer.status_code == 403
        assert "You cannot see this chat" in answer.text


def test_who_signs_out_loses_the_preview_within_seconds(browser: Browser) -> None:
    elsewhere = Browser(browser.http, browser.member, browser.chat)
    host = browser.host
    assert browser.ask(host=host).status_code == elsewhere.ask().status_code == 200
    browser.visitor.post(reverse("account_logout"))
    until(lambda: browser.ask(host=host).status_code == 403)
    assert "You have signed out" in browser.ask(host=host).text
    assert elsewhere.ask().status_code == 200  # another browser, where they are signed in still


def test_a_session_that_is_ended_elsewhere_loses_its_previews(browser: Browser) -> None:
    assert browser.ask().status_code == 200
    UserSession.objects.get(pk=browser.label.session).end()
    until(lambda: browser.ask().status_code == 403)


def test_a_password_that_is_changed_ends_the_previews_of_all_other_sessions(
    browser: Browser,
) -> None:
    assert browser.ask().status_code == 200
    browser.member.user.set_password("another-one")
    browser.member.user.save(update_fields=["password"])
    until(lambda: browser.ask().status_code == 403)


def test_a_label_is_for_the_person_of_its_session_alone(browser: Browser, cast: Cast) -> None:
    Chat.objects.update(privacy="team")
    theirs = Browser(browser.http, cast.viewer, browser.chat).label
    mixed = labels.write(replace(browser.label, member=theirs.member))
    assert browser.ask(host=f"{mixed}.localhost").status_code == 403


def test_an_answer_without_end_ends_when_the_person_signs_out(
    http: Client, cast: Cast, simulator: Simulator, settings: Settings
) -> None:
    held(simulator)
    browser = in_front_of_a_preview(http, cast, simulator, settings)
    with http.stream("GET", "/events", headers={"host": browser.host}) as answer:
        pieces = answer.iter_text()
        assert next(pieces) == "data: 0\n\n"  # v0's clock stands: it would go on for ever
        browser.visitor.post(reverse("account_logout"))
        with pytest.raises(RemoteProtocolError):
            next(pieces)
    simulator.clock.advance(3600)  # what is held would keep the server from ending


def test_who_leaves_the_team_loses_the_preview_within_seconds(browser: Browser) -> None:
    host = browser.host
    assert browser.ask(host=host).status_code == 200
    browser.member.delete()
    until(lambda: browser.ask(host=host).status_code == 403)


def test_who_does_not_see_the_chat_any_more_loses_the_preview_within_seconds(
    browser: Browser, cast: Cast
) -> None:
    Chat.objects.update(privacy="team")
    theirs = Browser(browser.http, cast.viewer, browser.chat)
    assert theirs.ask().status_code == 200
    Chat.objects.update(privacy="private")
    until(lambda: theirs.ask().status_code == 403)


@pytest.mark.parametrize(
    ("role", "sentence"), [("admin", "Add your own under Keys"), ("viewer", "Members can add")]
)
def test_without_any_key_the_frame_says_what_to_do(
    browser: Browser, cast: Cast, role: str, sentence: str
) -> None:
    Chat.objects.filter(pk=browser.chat.pk).update(privacy="team")
    Key.objects.update(state=Key.State.PAUSED)
    answer = Browser(browser.http, getattr(cast, role), browser.chat).ask()
    assert answer.status_code == 403
    assert sentence in answer.text


def test_v0s_own_trouble_is_told_and_looked_at_again(
    browser: Browser, simulator: Simulator
) -> None:
    path = f"/v2/chats/{browser.chat.upstream_id}/preview"
    simulator.faults.add(path, status=500, times=None)
    answer = browser.ask()
    assert answer.status_code == 502
    assert "v0 had a problem" in answer.text
    assert 'http-equiv="refresh"' in answer.text


@pytest.mark.parametrize("path", ["/accounts/login/", "/t/acme/", "/admin/", "/static/js/app.js"])
def test_no_address_of_the_dashboard_is_here(browser: Browser, path: str) -> None:
    assert browser.ask(path, host="localhost").status_code == 404


@pytest.mark.parametrize("there", ["*@127.0.0.1:{}/x", "@127.0.0.1:{}/x"])
def test_no_request_line_sends_the_token_to_another_host(
    browser: Browser, simulator: Simulator, there: str
) -> None:
    """As no browser writes it, but a hostile page's server may."""
    with socket.create_server(("127.0.0.1", 0)) as hostile:
        hostile.settimeout(0.2)
        with socket.create_connection(("127.0.0.1", browser.http.base_url.port)) as line:
            path = there.format(hostile.getsockname()[1])
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {browser.host}\r\n\r\n".encode())
            assert line.recv(1000).startswith(b"HTTP/1.1 400 ")
        with pytest.raises(TimeoutError):
            hostile.accept()
    assert asked_for_tokens(simulator) == 0
