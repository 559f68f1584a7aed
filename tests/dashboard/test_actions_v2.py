"""What people do with chats of v2: begun where the team wants it, and looked up there when an
answer was lost."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.actions import chats, prompts
from dashboard.actions.chat_requests import ChatRequest
from dashboard.actions.deployments import deploy_version
from dashboard.models import Chat, Deployment, Key, Submission
from dashboard.sync import follow
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, posts, project_in_v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.team.generation = "v2"
    cast.team.save(update_fields=["generation"])
    cast.member.team = cast.team
    return make.key(cast.member, "v0-demo-member")


def finish(simulator: Simulator) -> None:
    simulator.clock.advance(600)
    Chat.objects.filter(status="running").update(follow_at=timezone.now())
    follow.follow_due()


def look_now(lost: Submission, simulator: Simulator) -> None:
    then = min(datetime.fromtimestamp(simulator.clock.now(), UTC), timezone.now())
    rows = Submission.objects.filter(pk=lost.pk)
    rows.update(follow_at=timezone.now(), created_at=then - timedelta(minutes=4))
    follow.follow_due()
    lost.refresh_from_db()


def test_a_new_chat_and_its_messages_go_to_the_generation_of_the_team(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member, "Make a pricing page", title="Prices", privacy="team")
    assert (chat.generation, chat.name, chat.status) == ("v2", "Prices", "running")
    finish(simulator)
    chat.refresh_from_db()
    assert (chat.status, chat.version_count) == ("ready", 1)
    sent = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red", model_id="v0-max"
    )
    assert sent.state == "sent"
    assert posts(simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 1
    assert posts(simulator, "/v1/chats") == 0


def test_a_chat_stays_in_its_generation_when_the_team_changes_its_mind(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    finish(simulator)
    cast.team.generation = "v1"
    cast.team.save(update_fields=["generation"])
    prompts.send_message(member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red")
    assert posts(simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 1
    assert create(cast.member, "Another").generation == "v1"


def test_a_lost_chat_is_found_by_its_nonce(cast: Cast, key: Key, simulator: Simulator) -> None:
    simulator.faults.add("/v2/chats/async", method="POST", reset="after")
    lost = prompts.create_chat(
        member=cast.member, nonce=uuid.uuid4(), request=ChatRequest("Make a page")
    )
    assert lost.state == "unclear"
    look_now(lost, simulator)
    assert lost.state == "sent"
    assert lost.chat is not None
    assert lost.chat.generation == "v2"
    assert posts(simulator, "/v2/chats/async") == 1


def test_a_lost_message_is_found_behind_what_stood_last(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    finish(simulator)
    chat.refresh_from_db()
    simulator.faults.add(f"/v2/chats/{chat.upstream_id}/messages/async", reset="after")
    lost = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red"
    )
    look_now(lost, simulator)
    assert (lost.state, lost.chat) == ("sent", chat)
    assert posts(simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 1


def test_a_prompt_that_never_arrived_may_be_sent_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add("/v2/chats/async", method="POST", reset="before")
    lost = prompts.create_chat(
        member=cast.member, nonce=uuid.uuid4(), request=ChatRequest("Make a page")
    )
    look_now(lost, simulator)
    assert lost.state == "failed"
    assert "no trace of this prompt" in lost.error


def test_a_chat_of_v2_joins_a_project_and_leaves_it_in_v0_too(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    project = project_in_v0(key)
    chat = create(cast.member, project=project, privacy="team")
    assert chat.project == project
    chats.assign_chat(member=cast.member, chat=chat, project=None)
    chat.refresh_from_db()
    assert (chat.project, chat.unassigned_from) == (None, "")
    with connect(key) as remote:
        assert remote.of("v2").chat(chat.upstream_id).project_id == ""
    chats.assign_chat(member=cast.member, chat=chat, project=project)
    with connect(key) as remote:
        assert remote.of("v2").chat(chat.upstream_id).project_id == project.upstream_id


def test_two_messages_at_the_same_moment_are_one(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    finish(simulator)
    Submission.objects.create(  # another process has begun to send, and has no answer yet
        team=cast.team, user=cast.admin.user, key=key, chat=chat, request={"kind": "message"}
    )
    second = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red"
    )
    assert second.state == "failed"
    assert "same moment" in second.error
    assert posts(simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 0


def test_a_deployment_of_v2_is_started_and_its_end_is_not_known(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    finish(simulator)
    deployment = deploy_version(member=cast.member, version=chat.versions.get())
    Deployment.objects.update(follow_at=timezone.now())
    follow.follow_due()
    deployment.refresh_from_db()
    assert (deployment.state, deployment.gone_at, deployment.follow_at) == ("unknown", None, None)
