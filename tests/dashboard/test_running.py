"""What people do about a run: stop it, have an error fixed, and send at the same time as others."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Activity, Chat, Key, Membership
from dashboard.sync.follow import follow_due
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held
from tests.dashboard.following import begin
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
GENERATIONS = ("v1", "v2")
FAILING = "A page about tea, fail on purpose"


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.fixture
def owner(cast: Cast, key: Key, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.owner)


def address(chat: Chat) -> str:
    return f"/t/{chat.team.slug}/chats/{chat.upstream_id}/"


def finish(simulator: Simulator, chat: Chat) -> None:
    simulator.clock.advance(600)
    look(chat)


def look(chat: Chat) -> None:
    Chat.objects.update(follow_at=timezone.now())
    follow_due()
    chat.refresh_from_db()


def sent(simulator: Simulator) -> int:
    """How many messages v0 was sent."""
    paths = ("/messages", "/messages/async")
    return sum(
        request.method == "POST" and request.path.endswith(paths) for request in simulator.requests
    )


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_run_is_stopped_and_the_page_says_so(
    simulator: Simulator, owner: Client, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    run = simulator.store.chats[chat.upstream_id].messages[-1].run
    assert run
    simulator.clock.advance(0.7 * run.duration)  # by then it has edited files
    look(chat)
    assert 'form="stopping"' in owner.get(address(chat)).text
    response = owner.post(address(chat) + "stop/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert "as soon as it can" in response["HX-Trigger"]
    look(chat)
    assert chat.status != "running"
    page = owner.get(address(chat)).text
    assert "This answer was stopped before its end." in page
    assert "This run was stopped" in page
    assert 'class="failure notice" data-tone="warn"' in page
    assert '<span class="dot"></span>Stopped</span>' in page.partition('id="rail"')[2]
    assert 'form="stopping"' not in page
    assert Activity.objects.filter(verb="chat.stop", chat=chat).count() == 1


@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_has_finished_cannot_be_stopped_and_says_so(
    simulator: Simulator, owner: Client, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    simulator.clock.advance(600)
    response = owner.post(address(chat) + "stop/", headers={"HX-Request": "true"})
    assert "finished already" in response["HX-Trigger"]
    assert not Activity.objects.filter(verb="chat.stop").exists()


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_failed_run_says_why_and_is_fixed_once(
    simulator: Simulator, owner: Client, key: Key, generation: str
) -> None:
    chat = begin(key, generation, FAILING)
    finish(simulator, chat)
    assert chat.status == "failed"
    page = owner.get(address(chat)).text
    assert "This version failed" in page
    assert "Fix with v0" in page
    fields = {"nonce": str(uuid.uuid4()), "error": "Module not found"}
    for _ in range(2):  # a double click
        assert owner.post(address(chat) + "fix/", fields)["Location"] == address(chat)
    assert sent(simulator) == 1
    chat.refresh_from_db()
    assert chat.status == "running"
    asked = chat.messages.filter(role="user").order_by("created_at", "id").last()
    assert asked
    assert "Module not found" in asked.content
    assert (asked.kind == "fix-with-v0") == (generation == "v1")
    assert Activity.objects.filter(verb="chat.fix", chat=chat).count() == 1


def test_a_viewer_sees_why_a_run_failed_and_changes_nothing(
    simulator: Simulator,
    cast: Cast,
    key: Key,
    client_of: Callable[[Membership], Client],
) -> None:
    chat = begin(key, "v2", FAILING)
    finish(simulator, chat)
    viewer = client_of(cast.viewer)
    page = viewer.get(address(chat)).text
    assert "This version failed" in page
    assert "/fix/" not in page
    assert held(page)["Fix with v0"].startswith("Your role is viewer.")
    assert viewer.post(address(chat) + "fix/").status_code == 403
    assert viewer.post(address(chat) + "stop/").status_code == 403


@pytest.mark.parametrize("generation", GENERATIONS)
def test_of_two_who_send_at_once_the_second_is_told(
    simulator: Simulator, owner: Client, key: Key, generation: str
) -> None:
    chat = begin(key, generation)
    finish(simulator, chat)
    simulator.clock.advance(1)
    first, second = (
        {"nonce": str(uuid.uuid4()), "prompt": f"Make it {color}"} for color in ("blue", "red")
    )
    assert owner.post(address(chat) + "send/", first)["Location"] == address(chat)
    response = owner.post(address(chat) + "send/", second, follow=True)
    assert "Make it red" in response.text
    assert "v0 is still writing in this chat, for Owner" in response.text
    before = sent(simulator)
    # A retried request gets the outcome of the first.
    assert owner.post(address(chat) + "send/", first)["Location"] == address(chat)
    assert sent(simulator) == before
    chat.refresh_from_db()
    assert chat.messages.filter(role="user", content="Make it red").count() == 0


def test_a_prompt_is_sent_again_with_what_was_attached_to_it(cast: Cast, owner: Client) -> None:
    chat = make.chat(cast.team, generation="v2", status="failed", model_id="v0-max")
    attached = [{"url": "https://a.example/x.png"}, {"url": "data:image/png;base64,AAAA"}]
    make.message(chat, "Make a page", attachments=attached)
    make.message(chat, "", role="assistant", parts=[{"type": "text", "text": "No."}])
    page = owner.get(address(chat)).text
    assert 'name="attachments" value="https://a.example/x.png"' in page
    assert 'name="model_id" value="v0-max"' in page
    assert "Its files are not sent again" in page
