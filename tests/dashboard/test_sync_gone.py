"""When a thing counts as gone, and when it does not."""

from __future__ import annotations

import pytest

from dashboard.models import Chat, ChatSight, Deployment, Key, Project
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import fill, new_chat, run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def test_a_chat_deleted_in_v0_becomes_a_tombstone_with_all_it_had(
    simulator: Simulator, key: Key
) -> None:
    made, kept = new_chat(simulator), new_chat(simulator, "Another page")
    run(key)
    with v0(simulator) as client:
        client.v1.chats.delete(made.id)
    finished = run(key)
    assert finished.counts["chats"] == {"gone": 1}
    chat = Chat.objects.get(upstream_id=made.id)
    assert chat.gone_at
    assert chat.messages.count() == 2
    assert ChatSight.objects.filter(chat=chat, key=key).exists()  # the memory stays with its owner
    assert Chat.objects.present().get().upstream_id == kept.id


def test_a_chat_that_another_key_still_sees_is_not_gone(
    simulator: Simulator, cast: Cast, key: Key
) -> None:
    made = new_chat(simulator, chat_privacy="team")
    run(key)
    other = make.key(cast.member, "v0-demo-member")
    run(other)
    simulator.store.chats[made.id].privacy = "private"
    simulator.store.touch(simulator.store.chats[made.id], simulator.clock.now())
    run(other)
    chat = Chat.objects.get()
    assert chat.gone_at is None
    assert [sight.key for sight in chat.sights.select_related("key")] == [key]


def test_a_tombstone_needs_the_key_that_saw_the_chat_last(
    simulator: Simulator, cast: Cast, key: Key
) -> None:
    made = new_chat(simulator, chat_privacy="team")
    other = make.key(cast.member, "v0-demo-member")
    run(key)
    run(other)
    with v0(simulator) as client:
        client.v1.chats.delete(made.id)
    run(other)
    assert Chat.objects.get().gone_at is None
    run(key)
    assert Chat.objects.get().gone_at


def test_a_rejected_key_keeps_no_chat_alive(simulator: Simulator, cast: Cast, key: Key) -> None:
    made = new_chat(simulator, chat_privacy="team")
    other = make.key(cast.member, "v0-demo-member")
    run(key)
    run(other)
    Key.objects.filter(pk=other.pk).update(state=Key.State.REJECTED)
    with v0(simulator) as client:
        client.v1.chats.delete(made.id)
    run(key)
    assert Chat.objects.get().gone_at


@pytest.mark.parametrize("status", [500, 429, 401, 403])
def test_a_listing_that_fails_marks_nothing(simulator: Simulator, key: Key, status: int) -> None:
    made = new_chat(simulator)
    run(key)
    with v0(simulator) as client:
        client.v1.chats.delete(made.id)
    simulator.faults.add("/v1/chats", status=status, times=None, headers={"retry-after": "0"})
    finished = run(key)
    assert "chats" in finished.errors
    assert Chat.objects.get().gone_at is None


def test_half_a_listing_marks_nothing(simulator: Simulator, key: Key) -> None:
    fill(simulator, 65)
    run(key)
    present = Chat.objects.present().count()
    first_pages = 1
    simulator.faults.add("/v1/chats", method="GET", times=first_pages)  # goes through unspoilt
    simulator.faults.add(
        "/v1/chats", method="GET", status=500, times=None, headers={"retry-after": "0"}
    )
    assert run(key).state == "partial"
    assert Chat.objects.present().count() == present
    assert ChatSight.objects.filter(key=key).count() == present


def test_a_chat_that_is_only_missing_from_the_list_stays(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    run(key)
    simulator.faults.add("/v1/chats", method="GET", body={"object": "list", "data": []}, times=1)
    finished = run(key)
    assert finished.state == "done"
    assert Chat.objects.get(upstream_id=made.id).gone_at is None
    assert ChatSight.objects.filter(key=key).count() == 1


def test_a_chat_that_comes_back_loses_its_tombstone(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    run(key)
    record = simulator.store.chats.pop(made.id)
    simulator.store.revision += 1
    run(key)
    assert Chat.objects.get().gone_at
    simulator.store.chats[made.id] = record
    simulator.store.revision += 1
    run(key)
    assert Chat.objects.get().gone_at is None


def test_a_project_deleted_in_v0_becomes_a_tombstone(simulator: Simulator, key: Key) -> None:
    with v0(simulator) as client:
        project = client.v1.projects.create(name="Tea")
        made = new_chat(simulator, project_id=project.id)
        run(key)
        assert Chat.objects.get().project
        client.v1.projects.delete(project.id)
    run(key)
    assert Project.objects.get().gone_at
    assert Chat.objects.get(upstream_id=made.id).project is None


def test_a_deployment_deleted_in_v0_becomes_a_tombstone(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    with v0(simulator) as client:
        version = client.v1.chats.get_by_id(made.id).latest_version
        assert version is not None
        deployment = client.v1.deployments.create(made.id, version.id)
        run(key)
        client.v1.deployments.delete(deployment.id)
        client.v1.chats.update(made.id, name="Another name")
    run(key)
    assert Deployment.objects.get().gone_at
