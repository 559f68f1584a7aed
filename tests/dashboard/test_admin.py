"""Django's admin: who comes in, what it shows of keys, and what it can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.models import Activity, Key, Membership, User
from tests import make
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator


@pytest.fixture
def staff(cast: Cast) -> Client:
    user = User.objects.create_superuser("staff@example.com", make.PASSWORD, name="Staff")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def act(staff: Client, action: str, *keys: Key) -> str:
    data = {"action": action, "_selected_action": [key.pk for key in keys]}
    response = staff.post(reverse("admin:dashboard_key_changelist"), data, follow=True)
    return str(response.content.decode())


def test_people_without_staff_rights_do_not_come_in(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    response = client_of(cast.owner).get("/admin/")
    assert response.status_code in (302, 403)


def test_signing_in_goes_through_the_same_pages_with_their_second_factor(db: None) -> None:
    response = Client().get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


@pytest.mark.parametrize("model", ["team", "membership", "user", "key", "syncrun", "activity"])
def test_every_list_and_page_opens(staff: Client, cast: Cast, model: str) -> None:
    key = make.key(cast.member)
    run = make.sync_run(key)
    row = Activity.objects.create(team=cast.team, actor=cast.owner.user, verb="x.y", target="x")
    pks = {"team": cast.team.pk, "membership": cast.admin.pk, "user": cast.owner.user.pk,
           "key": key.pk, "syncrun": run.pk, "activity": row.pk}  # fmt: skip
    listing = reverse(f"admin:dashboard_{model}_changelist")
    assert staff.get(listing).status_code == 200
    assert staff.get(listing, {"q": "a"}).status_code == 200
    page = reverse(f"admin:dashboard_{model}_change", args=[pks[model]])
    assert staff.get(page).status_code == 200


@pytest.mark.parametrize("model", ["key", "syncrun", "activity"])
def test_keys_runs_and_history_are_neither_added_nor_deleted(
    staff: Client, cast: Cast, model: str
) -> None:
    key = make.key(cast.member)
    row = Activity.objects.create(team=cast.team, actor=cast.owner.user, verb="x.y", target="x")
    pk = {"key": key.pk, "syncrun": make.sync_run(key).pk, "activity": row.pk}[model]
    assert staff.get(reverse(f"admin:dashboard_{model}_add")).status_code == 403
    delete = reverse(f"admin:dashboard_{model}_delete", args=[pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    assert (
        "delete_selected"
        not in staff.get(reverse(f"admin:dashboard_{model}_changelist")).content.decode()
    )


def test_history_cannot_be_written_over(staff: Client, cast: Cast) -> None:
    row = Activity.objects.create(team=cast.team, actor=cast.owner.user, verb="x.y", target="x")
    change = reverse("admin:dashboard_activity_change", args=[row.pk])
    assert staff.post(change, {"target": "changed"}).status_code == 403
    row.refresh_from_db()
    assert row.target == "x"


def test_no_page_shows_the_key_or_what_it_is_sealed_to(staff: Client, cast: Cast) -> None:
    key = make.key(cast.member, "v0-very-secret-key")
    pages = [
        staff.get(reverse("admin:dashboard_key_changelist")),
        staff.get(reverse("admin:dashboard_key_change", args=[key.pk])),
    ]
    for text in (page.content.decode() for page in pages):
        assert key.label.replace("'", "&#x27;") in text
        for secret in ("very-secret", key.sealed, key.fingerprint):
            assert secret not in text


def test_a_keys_page_changes_nothing(staff: Client, cast: Cast) -> None:
    key = make.key(cast.member)
    change = reverse("admin:dashboard_key_change", args=[key.pk])
    staff.post(change, {"label": "Taken", "state": "paused", "sealed": "x"})
    before = key.sealed
    key.refresh_from_db()
    assert (key.state, key.sealed) == ("ok", before)
    assert key.label != "Taken"


def test_keys_are_paused_and_resumed_and_the_history_names_the_staff(
    staff: Client, cast: Cast
) -> None:
    key = make.key(cast.member)
    assert "is paused. Paused by Staff." in act(staff, "pause_keys", key)
    key.refresh_from_db()
    assert key.state == Key.State.PAUSED
    assert "is ok." in act(staff, "resume_keys", key)
    rows = Activity.objects.filter(verb="key.state", actor__email="staff@example.com")
    assert rows.count() == 2


def test_a_check_says_for_each_key_what_v0_said(
    staff: Client, cast: Cast, simulator: Simulator
) -> None:
    good = make.key(cast.member, "v0-demo-member")
    bad = make.key(cast.admin, "v0-unknown-key")
    said = act(staff, "check_keys", good, bad)
    assert "is ok." in said
    assert "is rejected. v0 rejects this key" in said
    simulator.faults.add("/v1/user", times=None, status=500)
    assert "v0 had a problem of its own" in act(staff, "check_keys", good)


def change_role(staff: Client, person: Membership, role: str) -> str:
    url = reverse("admin:dashboard_membership_change", args=[person.pk])
    data: dict[str, Any] = {"role": role}
    return str(staff.post(url, data, follow=True).content.decode())


def test_a_role_changed_here_is_in_the_teams_history(staff: Client, cast: Cast) -> None:
    change_role(staff, cast.viewer, "admin")
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == "admin"
    assert Activity.objects.get(verb="member.role").after == {"role": "admin"}


def test_the_last_owner_stays_owner_here_too(staff: Client, cast: Cast) -> None:
    assert "is the only owner" in change_role(staff, cast.owner, "viewer")
    cast.owner.refresh_from_db()
    assert cast.owner.role == "owner"


def test_somebody_can_be_put_into_a_team(staff: Client, cast: Cast) -> None:
    data = {"user": cast.outsider.user.pk, "team": cast.team.pk, "role": "member"}
    staff.post(reverse("admin:dashboard_membership_add"), data)
    assert Membership.objects.get(team=cast.team, user=cast.outsider.user).role == "member"
    assert Activity.objects.get(verb="member.add").person == cast.outsider.user


def test_what_happened_to_private_chats_is_not_listed(staff: Client, cast: Cast) -> None:
    for privacy in ("private", "team"):
        chat = make.chat(cast.team, privacy=privacy)
        Activity.objects.create(
            team=cast.team, verb="chat.rename", target=f"{privacy} words", chat=chat
        )
    text = staff.get(reverse("admin:dashboard_activity_changelist")).content.decode()
    assert "team words" in text
    assert "private words" not in text


def test_an_account_can_be_made_and_closed(staff: Client, cast: Cast) -> None:
    data = {"email": "New@example.com", "password1": "a-long-phrase-1", "usable_password": "true",
            "password2": "a-long-phrase-1"}  # fmt: skip
    response = staff.post(reverse("admin:dashboard_user_add"), data)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert User.objects.filter(email__iexact="new@example.com").exists()
