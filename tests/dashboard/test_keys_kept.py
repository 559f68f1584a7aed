"""Keys that are stored: checked again, renamed, offered, paused, synced, removed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.actions import keys, syncs
from dashboard.models import Activity, Chat, Key, Membership, Project
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

PLAIN = "v0-demo-member"


@pytest.fixture(autouse=True)
def world(simulator: Simulator, cast: Cast) -> None:
    """Every test here has v0 and people."""


def add(member: Membership, plain: str = PLAIN, label: str = "Laptop") -> Key:
    return keys.add_key(member=member, plain=plain, label=label)


def test_checking_a_revoked_key_marks_it_rejected_with_the_reason(
    cast: Cast, simulator: Simulator
) -> None:
    key = add(cast.member)
    simulator.faults.add("/v1/user", status=401, times=None)
    checked = keys.check_key(member=cast.member, key=key)
    assert checked.state == Key.State.REJECTED
    assert "rejects this key" in checked.state_reason
    simulator.faults.clear()
    assert keys.check_key(member=cast.member, key=key).state == Key.State.OK
    assert list(
        Activity.objects.filter(verb="key.state").order_by("pk").values_list("after__state")
    ) == [("rejected",), ("ok",)]


def test_a_key_that_cannot_be_checked_keeps_its_state(cast: Cast, simulator: Simulator) -> None:
    key = add(cast.member)
    simulator.faults.add("/v1/user", status=500, times=None)
    with pytest.raises(Refused):
        keys.check_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert key.state == Key.State.OK


def test_a_key_that_changed_hands_is_refused(cast: Cast, simulator: Simulator) -> None:
    key = add(cast.member)
    Key.objects.filter(pk=key.pk).update(upstream_user_id="somebody-else")
    key.refresh_from_db()
    with pytest.raises(Refused, match="another account"):
        keys.check_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert (key.state, key.upstream_user_id) == (Key.State.REJECTED, "somebody-else")


def test_a_check_does_not_wake_a_paused_key(cast: Cast) -> None:
    key = add(cast.member)
    keys.pause_key(member=cast.member, key=key, paused=True)
    assert keys.check_key(member=cast.member, key=key).state == Key.State.PAUSED


def test_a_key_is_renamed_and_offered_by_its_owner_alone(cast: Cast) -> None:
    key = add(cast.member)
    assert keys.rename_key(member=cast.member, key=key, label="Desk").label == "Desk"
    assert keys.share_key(member=cast.member, key=key, shared=True).shared
    for other in (cast.owner, cast.outsider):
        with pytest.raises(PermissionDenied):
            keys.rename_key(member=other, key=key, label="Mine")
        with pytest.raises(PermissionDenied):
            keys.share_key(member=other, key=key, shared=False)
    assert {"key.rename", "key.share"} <= set(Activity.objects.values_list("verb", flat=True))


def test_an_overseer_pauses_any_key_of_the_team_and_no_other(cast: Cast) -> None:
    key, foreign = add(cast.member), add(cast.outsider)
    paused = keys.pause_key(member=cast.admin, key=key, paused=True)
    assert (paused.state, paused.state_reason) == ("paused", "Paused by Admin.")
    with pytest.raises(PermissionDenied):
        keys.pause_key(member=cast.admin, key=foreign, paused=True)
    with pytest.raises(PermissionDenied):
        keys.pause_key(member=make.person("member", cast.team), key=key, paused=True)


def test_a_paused_key_is_neither_due_nor_synced_by_hand(cast: Cast) -> None:
    key = keys.pause_key(member=cast.member, key=add(cast.member), paused=True)
    assert key not in Key.objects.sync_due()
    with pytest.raises(Refused, match="is paused"):
        syncs.start_sync(member=cast.member, key=key)
    keys.pause_key(member=cast.member, key=key, paused=False)
    assert key in Key.objects.sync_due()


def test_a_removed_key_is_emptied_and_what_only_it_saw_disappears(cast: Cast) -> None:
    key = add(cast.member)
    private = make.chat(cast.team, seen_by=key, privacy="private")
    shared = make.chat(cast.team, seen_by=key, privacy="team")
    hidden = make.project(cast.team, seen_by=key, privacy="private")
    keys.remove_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert (key.sealed, key.removed_at is None) == ("", False)
    assert list(Chat.objects.visible_to(cast.member)) == [shared]
    assert hidden not in Project.objects.visible_to(cast.member)
    assert Chat.objects.filter(pk=private.pk).exists()
    assert Activity.objects.filter(verb="key.add", key=key).exists()
    assert Activity.objects.get(verb="key.remove").person == cast.member.user


def test_removing_a_key_twice_does_nothing_more(cast: Cast) -> None:
    key = add(cast.member)
    keys.remove_key(member=cast.member, key=key)
    keys.remove_key(member=cast.member, key=key)
    assert Activity.objects.filter(verb="key.remove").count() == 1


def test_people_sync_their_own_keys_and_overseers_all(cast: Cast) -> None:
    own, others = make.key(cast.member), make.key(cast.admin, "v0-demo-admin")
    assert [run.key for run in syncs.start_sync(member=cast.member)] == [own]
    assert {run.key for run in syncs.start_sync(member=cast.owner)} == {own, others}
    with pytest.raises(PermissionDenied):
        syncs.start_sync(member=cast.member, key=others)
    with pytest.raises(PermissionDenied):
        syncs.start_sync(member=cast.outsider, key=own)


def test_a_sync_without_any_key_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(Refused, match="Add one under Keys"):
        syncs.start_sync(member=cast.member)
