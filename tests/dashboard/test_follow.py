"""What is under way is followed to its end: chats, deployments, prompts without an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Chat, Deployment, Key, Membership, Submission
from dashboard.sync.follow import follow_due
from dashboard.sync.store import store_chat, store_deployment
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import new_chat, run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def due(row: Chat | Deployment | Submission) -> None:
    """The moment to look again has come."""
    type(row)._default_manager.filter(pk=row.pk).update(
        follow_at=timezone.now() - timedelta(seconds=1)
    )
    follow_due()
    row.refresh_from_db()


def running_chat(key: Key, nonce: str = "a") -> Chat:
    with connect(key) as remote:
        return store_chat(key, remote.create_chat(prompt="A page about tea", nonce=nonce))


def submission(key: Key, **fields: object) -> Submission:
    values = {
        "team": key.team,
        "user": key.owner,
        "key": key,
        "request": {"kind": "chat", "prompt": "A page about tea"},
        "state": Submission.State.UNCLEAR,
    }
    return Submission.objects.create(**values | fields)


def test_a_running_chat_is_followed_to_its_end(simulator: Simulator, key: Key) -> None:
    chat = running_chat(key)
    assert (chat.status, chat.version_count) == ("running", 1)
    assert chat.running_since
    simulator.clock.advance(4)
    due(chat)
    assert chat.status == "running"
    assert chat.follow_at
    assert timezone.now() < chat.follow_at < timezone.now() + timedelta(seconds=3)
    assert chat.messages.get(role="assistant").content
    simulator.clock.advance(60)
    due(chat)
    assert (chat.status, chat.follow_at, chat.running_since) == ("ready", None, None)
    assert chat.versions.get().files.exists()


def test_a_generation_that_fails_ends_as_failed(simulator: Simulator, key: Key) -> None:
    with connect(key) as remote:
        record = remote.create_chat(prompt="Please fail on purpose", nonce="a")
    chat = store_chat(key, record)
    simulator.clock.advance(60)
    due(chat)
    assert (chat.status, chat.follow_at) == ("failed", None)


def test_a_chat_that_v0_never_finishes_is_looked_at_less_and_less_and_says_so(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> None:
    chat = running_chat(key)
    simulator.store.chats[chat.upstream_id].messages[-1].run.duration = 10.0**6  # type: ignore[union-attr]
    simulator.store.chats[chat.upstream_id].versions[-1].finished_at += 10.0**6
    for minutes, seconds in ((1, 2), (5, 5), (40, 30), (180, 600)):
        Chat.objects.update(running_since=timezone.now() - timedelta(minutes=minutes))
        due(chat)
        assert chat.follow_at
        left = (chat.follow_at - timezone.now()).total_seconds()
        assert seconds - 2 < left <= seconds
    page = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/"
    shown = client_of(cast.owner).get(page).content.decode()
    assert "Unfinished · 3 h" in shown
    assert "data-running" not in shown
    assert "v0 is writing" not in shown
    assert "Running now" not in client_of(cast.owner).get(f"/t/{cast.team.slug}/").content.decode()
    Chat.objects.update(running_since=timezone.now() - timedelta(hours=25))
    due(chat)
    assert (chat.status, chat.follow_at) == ("running", None)


def test_a_chat_in_trouble_is_not_asked_for_more_often_than_a_quiet_one(
    simulator: Simulator, key: Key
) -> None:
    chat = running_chat(key)
    Chat.objects.update(running_since=timezone.now() - timedelta(hours=3))
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", status=500, times=2)
    due(chat)
    assert chat.follow_at
    assert chat.follow_at > timezone.now() + timedelta(minutes=9)


def test_a_chat_first_seen_in_mid_writing_began_when_v0_began(
    simulator: Simulator, key: Key
) -> None:
    simulator.clock.frozen = time.time() - 3600
    with v0(simulator) as client:
        new = client.v1.chats.create(message="A page about tea", response_mode="async")
    simulator.store.chats[new.id].versions[-1].finished_at += 10.0**6
    run(key)
    chat = Chat.objects.get()
    assert (chat.status, chat.is_stalled) == ("running", True)


def test_a_prompt_counts_as_running_before_v0_shows_a_version(
    simulator: Simulator, key: Key
) -> None:
    """v0 still tells the old version for a moment after a message was sent."""
    made = new_chat(simulator)
    run(key)
    chat = Chat.objects.get()
    detail = simulator.store.chats[made.id]
    detail.messages[-1].run = None  # an answer that does not say that it is finished
    simulator.store.forget(detail)
    Chat.objects.update(status="running", running_since=timezone.now())
    due(chat)
    assert chat.status == "running"
    Chat.objects.update(running_since=timezone.now() - timedelta(minutes=5))
    due(chat)
    assert chat.status == "ready"


def test_a_chat_deleted_while_it_runs_becomes_a_tombstone(simulator: Simulator, key: Key) -> None:
    chat = running_chat(key)
    with v0(simulator) as client:
        client.v1.chats.delete(chat.upstream_id)
    due(chat)
    assert chat.gone_at
    assert chat.follow_at is None


def test_a_chat_is_followed_later_when_v0_is_in_trouble(simulator: Simulator, key: Key) -> None:
    chat = running_chat(key)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", status=500, times=2)
    due(chat)
    assert chat.status == "running"
    assert chat.follow_at
    assert chat.follow_at > timezone.now() + timedelta(seconds=5)


def test_a_rejected_key_hands_over_to_another_that_sees_the_chat(
    simulator: Simulator, cast: Cast, key: Key
) -> None:
    with connect(key) as remote:
        record = remote.create_chat(prompt="A page", nonce="a", privacy="team")
    chat = store_chat(key, record)
    other = make.key(cast.member, "v0-demo-member")
    store_chat(other, record)
    simulator.store.keys["v0-demo-owner"].revoked = True
    simulator.clock.advance(60)
    due(chat)
    key.refresh_from_db()
    assert key.state == Key.State.REJECTED
    due(chat)
    assert chat.status == "ready"


def test_a_chat_that_no_key_sees_is_followed_no_more(simulator: Simulator, key: Key) -> None:
    chat = running_chat(key)
    Key.objects.update(state=Key.State.PAUSED)
    due(chat)
    assert chat.follow_at is None


def deployed(simulator: Simulator, key: Key, message: str = "A page about tea") -> Deployment:
    new_chat(simulator, message)
    run(key)
    chat = Chat.objects.get()
    version = chat.versions.get()
    with connect(key) as remote:
        record = remote.deploy(chat.upstream_id, version.upstream_id)
    return store_deployment(key, chat, version, record)


@pytest.mark.parametrize(
    ("message", "state"),
    [("A page about tea", "ready"), ("Please break the build", "failed")],
)
def test_a_building_deployment_is_followed_to_its_end(
    simulator: Simulator, key: Key, message: str, state: str
) -> None:
    deployment = deployed(simulator, key, message)
    assert deployment.state == "building"
    simulator.clock.advance(8)
    due(deployment)
    assert deployment.state == "building"
    some = deployment.lines.count()
    assert some
    simulator.clock.advance(120)
    due(deployment)
    assert (deployment.state, deployment.follow_at) == (state, None)
    assert deployment.lines.count() > some
    assert bool(deployment.error_summary) == (state == "failed")
    assert deployment.finished_at


def test_a_deployment_that_v0_is_silent_about_becomes_unknown(
    simulator: Simulator, key: Key
) -> None:
    deployment = deployed(simulator, key)
    path = f"/v1/deployments/{deployment.upstream_id}/logs"
    simulator.faults.add(path, times=None, body={"object": "list", "logs": []})
    due(deployment)
    assert deployment.state == "building"
    Deployment.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    due(deployment)
    assert (deployment.state, deployment.follow_at) == ("unknown", None)


def test_a_lost_answer_to_a_new_chat_is_found_by_its_nonce(simulator: Simulator, key: Key) -> None:
    unclear = submission(key)
    new_chat(simulator, "Somebody else's page")
    with connect(key) as remote:
        record = remote.create_chat(prompt="A page about tea", nonce=str(unclear.nonce))
    sent = len([r for r in simulator.requests if r.method == "POST"])
    due(unclear)
    assert unclear.state == Submission.State.SENT
    assert unclear.chat
    assert unclear.chat.upstream_id == record.id
    assert len([r for r in simulator.requests if r.method == "POST"]) == sent


def test_a_lost_answer_to_a_message_is_found_in_the_chat(simulator: Simulator, key: Key) -> None:
    new_chat(simulator)
    run(key)
    chat = Chat.objects.get()
    unclear = submission(key, chat=chat, request={"kind": "message", "prompt": "Make it blue"})
    due(unclear)
    assert unclear.state == Submission.State.UNCLEAR
    with connect(key) as remote:
        remote.send_message(chat.upstream_id, prompt="Make it blue")
    due(unclear)
    assert unclear.state == Submission.State.SENT
    chat.refresh_from_db()
    assert chat.status == "running"
    assert chat.follow_at


def test_a_prompt_without_a_trace_fails_in_words_and_is_not_sent_again(
    simulator: Simulator, key: Key
) -> None:
    unclear = submission(key, state=Submission.State.SENDING)
    due(unclear)
    assert unclear.state == Submission.State.UNCLEAR
    Submission.objects.update(created_at=timezone.now() - timedelta(minutes=4))
    due(unclear)
    assert (unclear.state, unclear.follow_at) == (Submission.State.FAILED, None)
    assert "send it again" in unclear.error
    assert not [r for r in simulator.requests if r.method == "POST"]
