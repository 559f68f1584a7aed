"""A run that failed: its version is marked, shows nothing, and says why nothing can be begun with
it; what v0 finished before stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.models import Chat, Key, Membership
from dashboard.sync.follow import follow_due
from dashboard.sync.store import store_chat
from dashboard.upstream import connect
from dashboard.views.running import AT_A_GLANCE, Failure
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held, text_of
from tests.dashboard.following import begin, follow
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
GENERATIONS = ("v1", "v2")
TRACE = "Error: boom\n    at page (app/page.tsx:1:2)\n    at render\n    at serve"
BUILD = "Building\n3 files failed\n\n./page.tsx\nModule not found: a.css\nnpm failed"
FAILING = "Make it blue, fail on purpose"


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.fixture
def owner(cast: Cast, client_of: Callable[[Membership], Client], settings: Settings) -> Client:
    settings.PREVIEW_ORIGIN = "https://*.previews.example.com"
    return client_of(cast.owner)


def finished(simulator: Simulator, chat: Chat) -> Chat:
    simulator.clock.advance(600)
    Chat.objects.update(follow_at=timezone.now())
    follow_due()
    chat.refresh_from_db()
    return chat


def page(client: Client, chat: Chat, query: str = "") -> str:
    return client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/{query}").text


def rail(html: str) -> str:
    return html.partition('id="rail"')[2].partition("</aside>")[0]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_version_that_failed_is_marked_and_nothing_is_begun_with_it(
    simulator: Simulator, key: Key, owner: Client, generation: str
) -> None:
    chat = finished(simulator, begin(key, generation, FAILING))
    assert (chat.status, chat.versions.get().status) == ("failed", "failed")
    html = page(owner, chat)
    assert "Failed" in rail(html)
    assert "0 files" not in rail(html)
    assert "<iframe" not in html
    assert "v0 could not build it." in html
    for label in ("Fork version 1…", "Deploy version 1…"):
        assert held(html)[label].startswith("Version 1 failed")
    listed = owner.get(f"/t/{chat.team.slug}/chats/").text
    assert "Failed" in text_of(listed.partition(chat.upstream_id)[2].partition("</tr>")[0])


def test_the_version_before_one_of_v2_that_failed_runs_on(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    chat = finished(simulator, begin(key, "v2"))
    with connect(key) as remote:
        store_chat(key, remote.of("v2").send_message(chat.upstream_id, prompt=FAILING))
    Chat.objects.update(status=Chat.Status.RUNNING)
    finished(simulator, chat)
    states = dict(chat.versions.values_list("number", "status"))
    assert states == {1: "completed", 2: "failed"}
    html = page(owner, chat)
    assert "<iframe" not in html
    assert "v0 could not build it." in html
    before = page(owner, chat, "?version=1")
    assert "<iframe" in before
    assert held(before)["Restore"] == "This is the newest version."
    assert "Deploy version 1…" not in held(before)


def test_a_run_of_v2_that_is_stopped_before_any_file_has_no_preview(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    chat = begin(key, "v2")
    run = simulator.store.chats[chat.upstream_id].messages[-1].run
    assert run
    simulator.clock.advance(0.7 * run.duration)
    owner.post(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/stop/")
    html = page(owner, finished(simulator, chat))
    assert "This run was stopped" in html
    assert "<iframe" not in html
    assert "so there is nothing to run" in html


@pytest.mark.parametrize(
    ("generation", "reason"),
    [("v1", "I could not finish this version"), ("v2", "Module not found")],
)
def test_the_reason_is_read_without_unfolding_anything(
    simulator: Simulator, key: Key, owner: Client, generation: str, reason: str
) -> None:
    chat = finished(simulator, begin(key, generation, FAILING))
    failure = page(owner, chat).partition('id="failure"')[2].partition("</section>")[0]
    before_buttons = failure.partition("<form")[0]
    shown = text_of(before_buttons.partition("<pre")[0])
    assert reason in shown
    assert "Writing files" not in shown
    assert "Create" not in shown


@pytest.mark.parametrize(
    ("error", "reason", "is_longer"),
    [
        ("No space left", "No space left", False),
        ("One.\nTwo.", "One.\nTwo.", False),
        (TRACE, "Error: boom\n    at page (app/page.tsx:1:2)", True),
        (BUILD, "Module not found: a.css\nnpm failed", True),
        ("word " * 200, ("word " * 200)[:AT_A_GLANCE].strip(), True),
    ],
)
def test_of_a_long_error_the_lines_that_tell_most_are_shown(
    error: str, reason: str, is_longer: bool
) -> None:
    failure = Failure("It failed", "Send it again.", error=error)
    assert (failure.reason, failure.is_longer) == (reason, is_longer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("generation", "prompt"),
    [("v1", FAILING), ("v2", FAILING), ("v2", "A page about tea, end empty")],
)
def test_what_v0_says_when_it_breaks_off_is_the_reason(
    simulator: Simulator, key: Key, owner: Client, generation: str, prompt: str
) -> None:
    chat = begin(key, generation, prompt)
    told = {"object": "error", "id": "x", "message": "No credits <b>left</b>"}
    resume = {"v1": "/v1/chats/*/messages/*/resume", "v2": "/v2/chats/*/resume"}
    simulator.faults.add(resume[generation], body=f"data: {json.dumps(told)}\n\n")
    follow()
    failure = page(owner, chat).partition('id="failure"')[2].partition("</section>")[0]
    assert "No credits &lt;b&gt;left&lt;/b&gt;" in failure
    if prompt == FAILING and generation == "v2":
        assert "Module not found" in failure  # what its command put out is told, too
    cache.clear()
    chat.messages.update(finish_reason="", content="")  # so that it is written anew
    with connect(key) as remote:
        store_chat(key, remote.of(generation).chat(chat.upstream_id))
    answer = chat.messages.get(role="assistant")
    assert answer.finish_reason
    assert answer.error == "No credits <b>left</b>"
    assert "No credits &lt;b&gt;left&lt;/b&gt;" in page(owner, chat)
