"""The table of roles, written out a second time: a change of it must be meant."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from dashboard import access
from dashboard.models import Membership, Role

MAY = {
    "read": "owner admin member viewer",
    "chat-create": "owner admin member",
    "chat-change": "owner admin member",
    "chat-delete": "owner admin member",
    "file-change": "owner admin member",
    "playground": "owner admin member",
    "project-change": "owner admin member",
    "deploy": "owner admin member",
    "key-add": "owner admin member",
    "webhook-change": "owner admin member",
    "sync-run": "owner admin member",
    "key-oversee": "owner admin",
    "team-change": "owner admin",
    "member-change": "owner",
}


def test_every_permission_is_listed_here() -> None:
    assert set(access.CAN) == set(MAY)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("permission", MAY)
def test_each_role_may_what_the_table_says(permission: str, role: str) -> None:
    member = Membership(role=role)
    allowed = role in MAY[permission].split()
    assert access.can(member, permission) is allowed
    if allowed:
        access.require(member, permission)
    else:
        with pytest.raises(PermissionDenied, match=f"Your role is {role}"):
            access.require(member, permission)


def test_a_refusal_names_who_could() -> None:
    with pytest.raises(PermissionDenied, match="is for: owner, admin"):
        access.require(Membership(role=Role.MEMBER), "team-change")


def test_viewers_only_read() -> None:
    viewer = Membership(role=Role.VIEWER)
    assert [name for name in access.CAN if access.can(viewer, name)] == ["read"]
