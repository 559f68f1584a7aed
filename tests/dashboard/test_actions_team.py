"""Teams and their people: who may change what, and that an owner always remains."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from dashboard.actions import Invalid, team
from dashboard.models import Activity, ChatSight, Key, Membership, Role
from tests import make
from tests.dashboard.conftest import Cast


def test_whoever_makes_a_team_owns_it(cast: Cast) -> None:
    made = team.create_team(user=cast.viewer.user, name="  Blue Door ")
    assert (made.name, made.slug) == ("Blue Door", "blue-door")
    assert Membership.objects.get(team=made).role == Role.OWNER
    assert Activity.objects.get(team=made).verb == "team.create"


@pytest.mark.parametrize("name", ["Same", "SAME", "same!"])
def test_teams_of_one_name_get_addresses_of_their_own(cast: Cast, name: str) -> None:
    team.create_team(user=cast.owner.user, name="Same")
    assert team.create_team(user=cast.owner.user, name=name).slug == "same-2"


def test_any_number_of_teams_may_have_one_name(cast: Cast) -> None:
    slugs = {team.create_team(user=cast.owner.user, name="Same").slug for _ in range(9)}
    assert len(slugs) == 9


@pytest.mark.parametrize("name", ["new", "Admin", "2026", "日本", "!!!"])
def test_an_address_is_neither_reserved_nor_empty(cast: Cast, name: str) -> None:
    assert team.create_team(user=cast.owner.user, name=name).slug.startswith("team")


@pytest.mark.parametrize(("name", "sentence"), [("  ", "missing"), ("x" * 81, "the most is 80")])
def test_a_team_needs_a_name_of_reasonable_length(cast: Cast, name: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        team.create_team(user=cast.owner.user, name=name)
    assert refusal.value.field == "name"


def test_an_admin_changes_the_settings_and_the_history_has_both_states(cast: Cast) -> None:
    team.change_team(member=cast.admin, name="Acme 2", sync_minutes=15)
    cast.team.refresh_from_db()
    assert (cast.team.name, cast.team.sync_minutes) == ("Acme 2", 15)
    row = Activity.objects.get(verb="team.change")
    assert (row.actor, row.before["name"], row.after["sync_minutes"]) == (
        cast.admin.user,
        "Acme",
        15,
    )


def test_a_shorter_interval_counts_at_once(cast: Cast) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    late = make.key(cast.member, next_sync_at=tomorrow)
    foreign = make.key(cast.outsider, next_sync_at=tomorrow)
    team.change_team(member=cast.admin, name="Acme", sync_minutes=2)
    late.refresh_from_db()
    foreign.refresh_from_db()
    assert late.next_sync_at < timezone.now() + timedelta(minutes=2)
    assert foreign.next_sync_at == tomorrow


def test_saving_the_settings_unchanged_leaves_no_trace(cast: Cast) -> None:
    team.change_team(member=cast.admin, name="Acme", sync_minutes=5)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_the_sync_interval_has_limits(cast: Cast, minutes: int) -> None:
    with pytest.raises(Invalid) as refusal:
        team.change_team(member=cast.owner, name="Acme", sync_minutes=minutes)
    assert refusal.value.field == "sync_minutes"


def test_the_owner_adds_an_existing_account_by_any_spelling_of_its_address(cast: Cast) -> None:
    added = team.add_member(member=cast.owner, email=" Outsider@Example.COM ", role="member")
    assert (added.user, added.team, added.role) == (cast.outsider.user, cast.team, "member")
    row = Activity.objects.get(verb="member.add")
    assert (row.person, row.after) == (cast.outsider.user, {"role": "member"})


@pytest.mark.parametrize(
    ("email", "role", "field", "sentence"),
    [
        ("nobody@example.com", "member", "email", "has an account here yet"),
        ("", "member", "email", "missing"),
        ("viewer@example.com", "member", "email", "in this team already, as viewer"),
        ("outsider@example.com", "king", "role", "Choose one of"),
    ],
)
def test_who_cannot_be_added_is_said_in_words(
    cast: Cast, email: str, role: str, field: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        team.add_member(member=cast.owner, email=email, role=role)
    assert refusal.value.field == field


def test_the_owner_changes_a_role_and_the_history_has_both(cast: Cast) -> None:
    team.change_role(member=cast.owner, person=cast.viewer, role=Role.ADMIN)
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == Role.ADMIN
    row = Activity.objects.get(verb="member.role")
    assert (row.before, row.after) == ({"role": "viewer"}, {"role": "admin"})


def test_the_only_owner_can_neither_step_down_nor_leave(cast: Cast) -> None:
    with pytest.raises(Invalid, match="only owner"):
        team.change_role(member=cast.owner, person=cast.owner, role=Role.ADMIN)
    with pytest.raises(Invalid, match="only owner"):
        team.remove_member(member=cast.owner, person=cast.owner)
    assert Membership.objects.get(pk=cast.owner.pk).role == Role.OWNER


def test_one_of_two_owners_may_step_down(cast: Cast) -> None:
    team.change_role(member=cast.owner, person=cast.admin, role=Role.OWNER)
    team.change_role(member=cast.owner, person=cast.owner, role=Role.MEMBER)
    assert list(cast.team.memberships.filter(role=Role.OWNER)) == [cast.admin]


@pytest.mark.django_db(transaction=True)
def test_two_owners_stepping_down_at_once_leave_one(cast: Cast) -> None:
    second = make.person(Role.OWNER, cast.team)
    together, refusals = threading.Barrier(2), []

    def step_down(person: Membership) -> None:
        together.wait(5)
        try:
            team.change_role(member=person, person=person, role=Role.MEMBER)
        except Invalid as refusal:
            refusals.append(refusal.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=step_down, args=(one,)) for one in (cast.owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert cast.team.memberships.filter(role=Role.OWNER).count() == 1
    assert len(refusals) == 1


def test_a_person_of_another_team_cannot_be_touched(cast: Cast) -> None:
    with pytest.raises(Invalid, match="not in the team"):
        team.remove_member(member=cast.owner, person=cast.outsider)
    with pytest.raises(Invalid, match="not in the team"):
        team.change_role(member=cast.owner, person=cast.outsider, role=Role.VIEWER)


def test_whoever_is_removed_takes_their_keys_with_them(cast: Cast) -> None:
    key = make.key(cast.member)
    make.chat(cast.team, seen_by=key, privacy="private")
    team.remove_member(member=cast.owner, person=cast.member)
    assert not Membership.objects.filter(user=cast.member.user).exists()
    key = Key.objects.get(pk=key.pk)
    assert (key.sealed, key.removed_at is None) == ("", False)
    assert not ChatSight.objects.exists()
    row = Activity.objects.get(verb="member.remove")
    assert (row.person, row.before) == (
        cast.member.user,
        {"role": "member", "keys": [str(key)]},
    )


def test_an_admin_cannot_change_people(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        team.add_member(member=cast.admin, email="outsider@example.com", role="viewer")
    with pytest.raises(PermissionDenied):
        team.change_role(member=cast.admin, person=cast.admin, role=Role.OWNER)
    with pytest.raises(PermissionDenied):
        team.remove_member(member=cast.admin, person=cast.viewer)


def test_a_closed_account_cannot_be_added(cast: Cast) -> None:
    cast.outsider.user.is_active = False
    cast.outsider.user.save(update_fields=["is_active"])
    with pytest.raises(Invalid, match="has an account here yet"):
        team.add_member(member=cast.owner, email="outsider@example.com", role="member")
