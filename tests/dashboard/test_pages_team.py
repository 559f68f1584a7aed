"""The page of people, and the forms that change who belongs to a team."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from dashboard.access import CAN
from dashboard.models import Key, Membership, Role, User
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def url(name: str, cast: Cast, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def test_the_page_lists_people_with_roles_and_the_whole_permission_table(
    cast: Cast, client_of: SignIn
) -> None:
    make.key(cast.member)
    text = client_of(cast.viewer).get(url("team", cast)).text
    for person in (cast.owner, cast.admin, cast.member, cast.viewer):
        assert person.user.email in text
    assert "outsider@example.com" not in text
    for _, sentence in CAN.values():
        assert sentence.replace("'", "&#x27;") in text
    assert url("member-add", cast) not in text


def test_what_somebody_may_not_do_about_the_team_is_held_with_the_reason(
    cast: Cast, client_of: SignIn
) -> None:
    hosts = {"member": "Your role is member. Admins and owners can set the trusted preview hosts."}
    hosts["viewer"] = hosts["member"].replace("member", "viewer", 1)
    for person in (cast.member, cast.viewer):
        text = client_of(person).get(url("team", cast)).text
        assert hosts[person.role] in text
        assert "Admins and owners can change the team&#x27;s settings." in text
        for name in ("preview-hosts", "team-edit", "member-add"):
            assert url(name, cast) not in text
            assert f'aria-describedby="team-{name}"' in text
    text = client_of(cast.admin).get(url("team", cast)).text
    assert url("preview-hosts", cast) in text
    assert "Your role is admin. Owners can add people." in text


def test_an_owner_adds_somebody_who_has_an_account(cast: Cast, client_of: SignIn) -> None:
    User.objects.create_user("new@example.com", name="Nadia New")
    client = client_of(cast.owner)
    client.post(url("member-add", cast), {"email": "NEW@example.com", "role": "member"})
    assert cast.team.memberships.get(user__email="new@example.com").role == Role.MEMBER
    assert "Nadia New was added to the team as member." in client.get(url("team", cast)).text


def test_an_unknown_address_is_refused_at_its_field(cast: Cast, client_of: SignIn) -> None:
    response = client_of(cast.owner).post(
        url("member-add", cast), {"email": "nobody@example.com", "role": "member"}
    )
    assert response.status_code == 422
    assert "Nobody with the address nobody@example.com" in response.text


def test_an_owner_changes_a_role(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.owner)
    client.post(url("member-role", cast, cast.viewer.pk), {"role": "admin"})
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == Role.ADMIN


def test_the_only_owner_can_neither_step_down_nor_leave(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.owner)
    response = client.post(url("member-role", cast, cast.owner.pk), {"role": "viewer"})
    assert response.status_code == 422
    assert "is the only owner" in response.text
    left = client.post(url("member-remove", cast, cast.owner.pk), follow=True)
    assert "is the only owner" in left.text
    assert cast.team.memberships.filter(role=Role.OWNER).count() == 1


def test_removing_somebody_asks_first_and_erases_their_keys(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.member, label="Laptop")
    client, remove = client_of(cast.owner), url("member-remove", cast, cast.member.pk)
    assert "Laptop" in client.get(remove).text
    client.post(remove)
    assert not cast.team.memberships.filter(user=cast.member.user).exists()
    assert Key.objects.get(pk=key.pk).sealed == ""
    assert client_of(cast.member).get(url("home", cast)).status_code == 404


def test_an_admin_changes_the_settings_within_their_limits(cast: Cast, client_of: SignIn) -> None:
    client, edit = client_of(cast.admin), url("team-edit", cast)
    assert client.post(edit, {"name": "Acme", "sync_minutes": "0"}).status_code == 422
    assert client.post(edit, {"name": "n" * 81, "sync_minutes": "5"}).status_code == 422
    wanted = {"name": "Acme Two", "sync_minutes": "15", "generation": "v2", "two_for_danger": "on"}
    client.post(edit, wanted)
    cast.team.refresh_from_db()
    assert (cast.team.name, cast.team.sync_minutes) == ("Acme Two", 15)
    assert (cast.team.generation, cast.team.two_for_danger) == ("v2", True)
    assert client.post(edit, wanted | {"generation": "v3"}).status_code == 422


def test_an_owner_of_one_team_cannot_touch_people_of_another(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.outsider)
    slug = cast.outsider.team.slug
    response = client.post(reverse("member-remove", args=[slug, cast.member.pk]))
    assert response.status_code == 404
    assert cast.team.memberships.filter(pk=cast.member.pk).exists()
