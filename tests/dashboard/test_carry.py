"""Chats of v1 carried to v2: files proven the same, ids kept on both sides, never a second copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from dashboard.actions import Invalid
from dashboard.actions.carry import carry_chats
from dashboard.models import Activity, Carry, Chat, Key, Membership
from dashboard.sync import carry as carrying
from dashboard.sync import store
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import posts
from tests.dashboard.syncing import new_chat, v0
from tests.demo import until
from v0client.simulator import Simulator

BEGIN = "/v2/chats/from-zip"
ClientOf = Callable[[Membership], Client]


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def chat(simulator: Simulator, key: Key) -> Chat:
    """A finished chat of v1."""
    made = new_chat(simulator, key="v0-demo-member", chat_privacy="team")
    with connect(key) as remote:
        return store.store_chat(key, remote.chat(made.id))


def carried(cast: Cast, *chats: Chat) -> Carry:
    """One chat carried by hand, as a worker would."""
    batch = carry_chats(member=cast.member, chats=chats)
    for row in Carry.objects.filter(batch=batch):
        carrying.run(row.pk)
    return Carry.objects.select_related("target").get(batch=batch)


def again_at_once(carry: Carry) -> Carry:
    """As beat does it when the time has come."""
    Carry.objects.filter(pk=carry.pk).update(look_at=timezone.now())
    carrying.carry_due()
    carry.refresh_from_db()
    return carry


def copies(simulator: Simulator, chat: Chat) -> list[str]:
    with v0(simulator, "v0-demo-member") as client:
        return [one.id for one in client.v2.chats.list(metadata={"v1ChatId": chat.upstream_id})]


def test_every_file_arrives_and_both_sides_know_each_other(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    carry = carried(cast, chat)
    assert (carry.state, carry.error) == ("done", "")
    assert len(carry.carried) > 3
    assert all(file.is_same and len(file.after) == 64 for file in carry.carried)
    target = carry.target
    assert target is not None
    assert (target.generation, target.name, target.privacy) == ("v2", chat.name, "team")
    assert (target.forked_from, target.forked_from_version_id) == (chat, carry.version_id)
    assert target.metadata["v1VersionId"] == carry.version.upstream_id
    with v0(simulator, "v0-demo-member") as client:
        source = client.v1.chats.get_by_id(chat.upstream_id)
    assert source.metadata["v2ChatId"] == target.upstream_id
    assert Activity.objects.get(verb="chat.carry").chat == target


def test_a_chat_that_somebody_else_made_is_carried_and_says_what_v1_does_not_know(
    cast: Cast, key: Key, simulator: Simulator, client_of: ClientOf
) -> None:
    made = new_chat(simulator, key="v0-demo-admin", chat_privacy="team")
    with connect(key) as remote:
        theirs = store.store_chat(key, remote.chat(made.id))
    carry = carried(cast, theirs)
    assert carry.state == "done"
    page = client_of(cast.member).get(f"/t/{cast.team.slug}/carries/{carry.pk}/").content.decode()
    assert "does not name its copy" in page
    assert carry.target is not None
    assert carry.target.metadata["v1ChatId"] == theirs.upstream_id


def test_no_chat_is_taken_for_the_copy_because_it_says_so(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    claims = {
        "migratedFrom": "v1",
        "v1ChatId": chat.upstream_id,
        "v1VersionId": chat.versions.get().upstream_id,
    }
    with v0(simulator, "v0-demo-admin") as client:
        fake = client.v2.chats.create_async(
            message="Innocent page", privacy="team", metadata=claims
        )
    simulator.clock.advance(600)
    carry = carried(cast, chat)
    assert carry.state == "done"
    assert carry.target is not None
    assert carry.target.upstream_id != fake.chat_id


def test_carrying_again_makes_no_second_copy(cast: Cast, chat: Chat, simulator: Simulator) -> None:
    first = carried(cast, chat)
    second = carried(cast, chat)
    assert (second.pk, second.target_id) == (first.pk, first.target_id)
    assert posts(simulator, BEGIN) == 1


def test_a_worker_killed_after_the_copy_was_made_makes_none_again(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    carry = carried(cast, chat)
    Carry.objects.update(state="running", target=None, files=[], claimed_until=make.AT)
    carrying.carry_due()
    carry.refresh_from_db()
    assert (carry.state, carry.attempts) == ("done", 2)
    assert posts(simulator, BEGIN) == len(copies(simulator, chat)) == 1
    assert Activity.objects.filter(verb="chat.carry").count() == 1


def test_what_another_worker_does_is_left_to_it(cast: Cast, chat: Chat, key: Key) -> None:
    carry_chats(member=cast.member, chats=[chat])
    later = timezone.now() + carrying.LEASE
    Carry.objects.update(state="running", claimed_until=later)
    carrying.carry_due()
    assert Carry.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_waits_long_for_v0_keeps_the_carry(cast: Cast, chat: Chat) -> None:
    carry_chats(member=cast.member, chats=[chat])
    Carry.objects.update(state="running", attempts=1, claimed_until=make.AT)
    carry = Carry.objects.get()
    with carrying.held(carry, every=0.01):
        until(lambda: not Carry.objects.due().exists())
    assert Carry.objects.get().claimed_until <= timezone.now() + carrying.LEASE


def test_a_worker_that_slept_beyond_its_lease_sends_nothing(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    carry_chats(member=cast.member, chats=[chat])
    Carry.objects.update(state="running", attempts=1)
    slept = Carry.objects.select_related("key__team", "source", "version").get()
    Carry.objects.update(attempts=2)
    with connect(slept.key) as remote, pytest.raises(carrying.Lost):
        carrying.carry_over(remote, slept)
    assert posts(simulator, BEGIN) == 0
    carrying.again(slept)
    assert Carry.objects.get().state == "running"


def test_a_lost_answer_is_looked_up(cast: Cast, chat: Chat, simulator: Simulator) -> None:
    simulator.faults.add(BEGIN, reset="after")
    carry = carried(cast, chat)
    assert carry.state == "queued"
    assert again_at_once(carry).state == "done"
    assert posts(simulator, BEGIN) == len(copies(simulator, chat)) == 1


def test_a_request_that_never_arrived_is_not_sent_again_by_itself(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    simulator.faults.add(BEGIN, reset="before")
    carry = carried(cast, chat)
    assert again_at_once(carry).state == "queued"
    Carry.objects.update(sent_at=make.AT)
    assert again_at_once(carry).state == "failed"
    assert "You can try again" in carry.error
    assert posts(simulator, BEGIN) == 1
    assert copies(simulator, chat) == []
    assert carried(cast, chat).state == "done"
    assert len(copies(simulator, chat)) == 1


def test_a_busy_v0_is_asked_again_later(cast: Cast, chat: Chat, simulator: Simulator) -> None:
    simulator.faults.add("/v2/chats", method="GET", status=503, times=9)
    carry = carried(cast, chat)
    assert (carry.state, carry.look_at is not None) == ("queued", True)
    simulator.faults.clear()
    assert again_at_once(carry).state == "done"


def test_a_file_that_did_not_arrive_as_it_was_is_told(
    cast: Cast, chat: Chat, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = carried(cast, chat)
    path = first.carried[0].path
    arrived = carrying.files_of
    monkeypatch.setattr(
        carrying, "files_of", lambda target: {**arrived(target), path: "of another text"}
    )
    Carry.objects.update(state="queued")
    carrying.carry_due()
    first.refresh_from_db()
    assert first.state == "differs"
    assert [file.path for file in first.carried if not file.is_same] == [path]


def test_a_copy_without_files_yet_is_waited_for(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    carry = carried(cast, chat)
    assert carry.target is not None
    versions = carry.target.versions.all()
    versions.get().files.all().delete()
    files = f"/v2/chats/{carry.target.upstream_id}/files"
    simulator.faults.add(files, method="GET", status=404, times=9)
    Carry.objects.update(state="queued")
    assert again_at_once(carry).state == "queued"
    Carry.objects.update(attempts=carrying.MOST_ATTEMPTS)
    assert again_at_once(carry).state == "failed"
    assert "not made again" in carry.error
    simulator.faults.clear()
    assert carried(cast, chat).state == "done"
    assert posts(simulator, BEGIN) == 1


def test_a_chat_that_v1_has_deleted_is_carried_from_its_stored_files(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    with v0(simulator, "v0-demo-member") as client:
        client.v1.chats.delete(chat.upstream_id)
    Chat.objects.update(gone_at=make.AT)
    chat.refresh_from_db()
    carry = carried(cast, chat)
    assert carry.state == "done"
    stored = dict(carry.version.files.values_list("path", "content_id"))
    assert {file.path: file.after for file in carry.carried} == stored


def test_a_copy_that_was_deleted_in_v2_can_be_made_again(
    cast: Cast, chat: Chat, simulator: Simulator
) -> None:
    first = carried(cast, chat)
    assert first.target is not None
    with v0(simulator, "v0-demo-member") as client:
        client.v2.chats.delete(first.target.upstream_id)
    Chat.objects.filter(pk=first.target_id).update(gone_at=make.AT)
    second = carried(cast, chat)
    assert second.state == "done"
    assert second.target_id != first.target_id


def test_a_damaged_archive_is_told_in_words(cast: Cast, chat: Chat, simulator: Simulator) -> None:
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}/versions/", status=500, times=99)
    carry = carried(cast, chat)
    Carry.objects.update(attempts=carrying.MOST_ATTEMPTS)
    assert again_at_once(carry).state == "failed"
    assert "v0 had a problem of its own" in carry.error
    assert copies(simulator, chat) == []


def test_only_what_somebody_sees_and_what_v1_has_is_carried(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    hidden = make.chat(cast.team, privacy="private")
    with pytest.raises(PermissionDenied):
        carry_chats(member=cast.member, chats=[hidden])
    with pytest.raises(Invalid, match="nothing to carry"):
        carry_chats(member=cast.member, chats=[make.chat(cast.team, generation="v2")])
    with pytest.raises(PermissionDenied):
        carry_chats(member=cast.viewer, chats=[])
    assert not Carry.objects.exists()
