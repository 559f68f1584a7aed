"""Changing chats in the simulated v0: what v0 is asked, what is stored, who may."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.actions import Invalid, acting, chats, prompts
from dashboard.models import Activity, Chat, ChatSight, Key
from dashboard.sync import follow, store
from dashboard.upstream import connect
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, project_in_v0
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    """The member's own key; the simulated v0 knows it."""
    return make.key(cast.member, "v0-demo-member")


# ---- changing -----------------------------------------------------------------------------------


def test_a_chat_is_renamed_in_v0_and_here(cast: Cast, key: Key) -> None:
    chat = create(cast.member)
    before = chat.name
    chats.rename_chat(member=cast.member, chat=chat, name="  New name ")
    chat.refresh_from_db()
    assert chat.name == "New name"
    with connect(key) as remote:
        assert remote.chat(chat.upstream_id).name == "New name"
    row = Activity.objects.get(verb="chat.rename")
    assert (row.before, row.after) == ({"name": before}, {"name": "New name"})


@pytest.mark.parametrize("name", ["  ", "x" * 256])
def test_a_chat_needs_a_name_of_reasonable_length(cast: Cast, key: Key, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        chats.rename_chat(member=cast.member, chat=create(cast.member), name=name)
    assert refusal.value.field == "name"


def test_privacy_and_favourite_are_changed_with_before_and_after(cast: Cast, key: Key) -> None:
    chat = create(cast.member)
    chats.set_chat_privacy(member=cast.member, chat=chat, privacy="team")
    chats.set_chat_favorite(member=cast.member, chat=chat, favorite=True)
    chat.refresh_from_db()
    assert (chat.privacy, chat.favorite) == ("team", True)
    changes = dict(Activity.objects.exclude(verb="chat.create").values_list("verb", "before"))
    assert changes == {"chat.privacy": {"privacy": "private"}, "chat.favorite": {"favorite": False}}
    with pytest.raises(Invalid):
        chats.set_chat_privacy(member=cast.member, chat=chat, privacy="everybody")


def test_nothing_changes_here_when_v0_refuses(cast: Cast, key: Key, simulator: Simulator) -> None:
    chat = create(cast.member)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", method="PATCH", status=403)
    with pytest.raises(Refused, match="Simulated fault 403"):
        chats.rename_chat(member=cast.member, chat=chat, name="New name")
    chat.refresh_from_db()
    assert chat.name != "New name"
    assert not Activity.objects.filter(verb="chat.rename").exists()


def test_a_deleted_chat_stays_as_a_tombstone(cast: Cast, key: Key) -> None:
    chat = create(cast.member)
    chats.delete_chat(member=cast.member, chat=chat)
    chat.refresh_from_db()
    assert chat.gone_at is not None
    assert chat.follow_at is None
    assert Activity.objects.get(verb="chat.delete").chat == chat
    with pytest.raises(Refused, match="was deleted in v0"):
        chats.rename_chat(member=cast.member, chat=chat, name="Too late")


def test_a_chat_deleted_in_v0_meanwhile_becomes_a_tombstone_and_says_so(
    cast: Cast, key: Key
) -> None:
    chat = create(cast.member)
    with connect(key) as remote:
        remote.delete_chat(chat.upstream_id)
    with pytest.raises(Refused, match="was deleted in v0 in the meantime"):
        chats.rename_chat(member=cast.member, chat=chat, name="Too late")
    chat.refresh_from_db()
    assert chat.gone_at is not None


@pytest.mark.parametrize(
    ("others", "says"), [(1, "was deleted in v0"), (6, "may have been deleted")]
)
def test_it_is_noticed_soon_also_where_other_keys_saw_it(
    others: int, says: str, cast: Cast, key: Key
) -> None:
    chat = create(cast.member, privacy="team")
    for number in range(others):
        seeing = make.key(cast.admin, "v0-demo-admin", fingerprint=f"{number}")
        ChatSight.objects.create(chat=chat, key=seeing)
    with connect(key) as remote:
        remote.delete_chat(chat.upstream_id)
    with pytest.raises(Refused, match=says):
        chats.rename_chat(member=cast.member, chat=chat, name="Too late")
    for _ in range(others):
        follow.follow_due()
    chat.refresh_from_db()
    assert chat.gone_at is not None


def test_one_404_alone_buries_nothing(cast: Cast, key: Key, simulator: Simulator) -> None:
    chat = create(cast.member)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", method="PATCH", status=404)
    with pytest.raises(Refused) as refusal:
        chats.rename_chat(member=cast.member, chat=chat, name="New name")
    chat.refresh_from_db()
    assert (refusal.value.kind, chat.gone_at) == ("gone", None)


def test_a_chat_that_another_key_sees_still_is_not_buried_by_an_action(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member, privacy="team")
    other = make.key(cast.admin, "v0-demo-admin")
    ChatSight.objects.create(chat=chat, key=other)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}", status=404, times=2)
    with pytest.raises(Refused, match="this key cannot access it"):
        chats.rename_chat(member=cast.member, chat=chat, name="New name")
    chat.refresh_from_db()
    assert chat.gone_at is None
    assert [sight.key for sight in chat.sights.all()] == [other]


def test_the_tombstone_of_a_private_chat_stays_with_whoever_saw_it_last(
    cast: Cast, key: Key
) -> None:
    chat = create(cast.member)
    with connect(key) as remote:
        remote.delete_chat(chat.upstream_id)
    with pytest.raises(Refused):
        chats.rename_chat(member=cast.member, chat=chat, name="Too late")
    assert Chat.objects.visible_to(cast.member).get() == chat
    assert not Chat.objects.visible_to(cast.owner).exists()


# ---- projects -----------------------------------------------------------------------------------


def test_a_chat_is_assigned_and_taken_out_again(cast: Cast, key: Key) -> None:
    chat, project = create(cast.member), project_in_v0(key)
    chats.assign_chat(member=cast.member, chat=chat, project=project)
    with connect(key) as remote:
        record = remote.chat(chat.upstream_id)
    assert record.project_id == project.upstream_id
    chats.assign_chat(member=cast.member, chat=chat, project=None)
    assert store.store_chat(key, record).project is None
    chat.refresh_from_db()
    assert (chat.project, chat.unassigned_from) == (None, project.upstream_id)
    rows = Activity.objects.filter(project=project).order_by("pk")
    assert [row.verb for row in rows] == ["chat.assign", "chat.unassign"]
    assert rows[1].before == {"project": "Shop"}


def test_a_chat_can_be_assigned_again_after_it_was_taken_out(cast: Cast, key: Key) -> None:
    chat, project = create(cast.member), project_in_v0(key)
    for wanted in (project, None, project):
        chats.assign_chat(member=cast.member, chat=chat, project=wanted)
    with connect(key) as remote:
        assert store.store_chat(key, remote.chat(chat.upstream_id)).project == project


# ---- many at once -------------------------------------------------------------------------------


def test_a_change_of_many_goes_on_after_a_refusal(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    first, second, third = (create(cast.member) for _ in range(3))
    simulator.faults.add(f"/v1/chats/{second.upstream_id}", method="PUT", status=403)
    outcome = chats.change_chats(
        member=cast.member, chats=[first, second, third], what="favorite", value=True
    )
    assert outcome.done == [first, third]
    assert outcome.refused[0][0] == second
    assert "does not allow this" in outcome.refused[0][1]
    assert Chat.objects.filter(favorite=True).count() == 2


@pytest.mark.parametrize("fault", [{"reset": "before"}, {"status": 429}])
def test_a_change_of_many_stops_asking_a_v0_that_is_away_or_busy(
    cast: Cast, key: Key, simulator: Simulator, fault: dict[str, object]
) -> None:
    many = [create(cast.member) for _ in range(3)]
    simulator.faults.add("/v1/chats/", method="DELETE", times=None, **fault)
    outcome = chats.change_chats(member=cast.member, chats=many, what="delete", value=None)
    assert not outcome.done
    assert [chat for chat, _ in outcome.refused] == many
    assert sum(asked.method == "DELETE" for asked in simulator.requests) == 1
    assert not Chat.objects.exclude(gone_at=None).exists()


def test_many_chats_are_assigned_deleted_and_shared(cast: Cast, key: Key) -> None:
    many, project = [create(cast.member) for _ in range(2)], project_in_v0(key)
    for what, value in (("assign", project), ("privacy", "team"), ("delete", None)):
        outcome = chats.change_chats(member=cast.member, chats=many, what=what, value=value)
        assert outcome.done == many, outcome.refused
    assert Chat.objects.filter(project=project, privacy="team", gone_at__isnull=False).count() == 2


# ---- whose key, and who sees --------------------------------------------------------------------


def test_a_private_chat_of_another_member_cannot_be_touched(cast: Cast, key: Key) -> None:
    make.key(cast.admin, "v0-demo-admin")
    chat = create(cast.member, privacy="private")
    with pytest.raises(PermissionDenied, match="cannot see this chat"):
        chats.rename_chat(member=cast.admin, chat=chat, name="Mine now")
    with pytest.raises(PermissionDenied, match="cannot see this chat"):
        prompts.send_message(member=cast.owner, chat=chat, nonce=uuid.uuid4(), prompt="Hello")


def test_people_act_with_their_own_key_that_sees_the_chat(cast: Cast, key: Key) -> None:
    chat = make.chat(cast.team, seen_by=key)
    assert acting.key_for(cast.member, chat) == key
    second = make.key(cast.member, "v0-second")
    third = make.chat(cast.team, seen_by=second)
    assert acting.key_for(cast.member, third) == second


def test_a_shared_key_that_sees_the_chat_goes_before_an_own_one_that_does_not(
    cast: Cast, key: Key
) -> None:
    shared = make.key(cast.admin, "v0-demo-admin", shared=True)
    chat = make.chat(cast.team, seen_by=shared)
    assert acting.key_for(cast.member, chat) == key  # may see it: nobody has looked yet
    Key.objects.filter(pk=key.pk).update(last_synced_at=make.AT)
    assert acting.key_for(cast.member, chat) == shared
    Key.objects.filter(pk=shared.pk).update(shared=False)
    assert acting.key_for(cast.member, chat) == key


def test_without_a_usable_key_the_person_is_told_to_add_one(cast: Cast, key: Key) -> None:
    chat = make.chat(cast.team, seen_by=key)
    with pytest.raises(Refused, match="Add your own under Keys"):
        acting.key_for(cast.owner, chat)
    Key.objects.filter(pk=key.pk).update(state="paused")
    with pytest.raises(Refused, match="Add your own under Keys"):
        acting.key_for(cast.member)
