"""Every action asked for by a viewer, by a member where it takes more, and by an outsider."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.actions import chats, deployments, keys, projects, prompts, syncs, team, versions
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Activity, Chat, Deployment, Key, Membership, Project, Version
from tests import make
from tests.dashboard.conftest import Cast


@dataclass
class Things:
    """What an action may be about, of the cast's team."""

    cast: Cast
    key: Key
    chat: Chat
    version: Version
    deployment: Deployment
    project: Project


@pytest.fixture
def things(cast: Cast) -> Things:
    key = make.key(cast.viewer, "v0-demo-member")  # kept from when the person was a member
    chat = make.chat(cast.team, seen_by=key)
    version = make.version(chat)
    project = make.project(cast.team, seen_by=key)
    return Things(cast, key, chat, version, make.deployment(version), project)


Arguments = Callable[[Things], dict[str, Any]]
FIELDS = {"name": "x", "description": "", "instructions": "", "privacy": "team"}
EVERY: dict[Callable[..., Any], Arguments] = {
    prompts.create_chat: lambda t: {"nonce": uuid.uuid4(), "request": ChatRequest("Hello")},
    prompts.send_message: lambda t: {"chat": t.chat, "nonce": uuid.uuid4(), "prompt": "Hello"},
    chats.rename_chat: lambda t: {"chat": t.chat, "name": "x"},
    chats.set_chat_privacy: lambda t: {"chat": t.chat, "privacy": "team"},
    chats.set_chat_favorite: lambda t: {"chat": t.chat, "favorite": True},
    chats.assign_chat: lambda t: {"chat": t.chat, "project": None},
    chats.delete_chat: lambda t: {"chat": t.chat},
    chats.change_chats: lambda t: {"chats": [t.chat], "what": "favorite", "value": True},
    versions.fork_version: lambda t: {"version": t.version, "nonce": uuid.uuid4()},
    deployments.deploy_version: lambda t: {"version": t.version},
    deployments.delete_deployment: lambda t: {"deployment": t.deployment},
    projects.create_project: lambda t: {"name": "x", "nonce": uuid.uuid4()},
    projects.edit_project: lambda t: {"project": t.project, **FIELDS},
    keys.add_key: lambda t: {"plain": "v0-some-key", "label": "x"},
    keys.check_key: lambda t: {"key": t.key},
    keys.rename_key: lambda t: {"key": t.key, "label": "x"},
    keys.share_key: lambda t: {"key": t.key, "shared": True},
    keys.pause_key: lambda t: {"key": t.key, "paused": True},
    keys.remove_key: lambda t: {"key": t.key},
    syncs.start_sync: lambda t: {},
    team.change_team: lambda t: {"name": "x", "sync_minutes": 5},
    team.add_member: lambda t: {"email": "outsider@example.com", "role": "viewer"},
    team.change_role: lambda t: {"person": t.cast.viewer, "role": "viewer"},
    team.remove_member: lambda t: {"person": t.cast.viewer},
}
NEEDS_MORE_THAN_MEMBER = [
    team.change_team, team.add_member, team.change_role, team.remove_member,
]  # fmt: skip


def actions_of(module: ModuleType) -> set[Callable[..., Any]]:
    """Public functions whose first argument is the one who acts, by name."""
    found = set()
    for _, function in inspect.getmembers(module, inspect.isfunction):
        parameters = list(inspect.signature(function).parameters.values())
        is_action = parameters and parameters[0].name == "member"
        if is_action and parameters[0].kind is inspect.Parameter.KEYWORD_ONLY:
            found.add(function)
    return found


def test_every_action_is_tried_here() -> None:
    modules = (chats, prompts, versions, deployments, projects, keys, syncs, team)
    assert set().union(*map(actions_of, modules)) == set(EVERY)


@pytest.mark.parametrize("action", EVERY, ids=lambda action: action.__name__)
def test_a_viewer_may_not(action: Callable[..., Any], things: Things) -> None:
    refuse(action, things, things.cast.viewer)


@pytest.mark.parametrize("action", NEEDS_MORE_THAN_MEMBER, ids=lambda action: action.__name__)
def test_a_member_may_not(action: Callable[..., Any], things: Things) -> None:
    refuse(action, things, things.cast.member)


def refuse(action: Callable[..., Any], things: Things, member: Membership) -> None:
    with pytest.raises(PermissionDenied, match=f"Your role is {member.role}"):
        action(member=member, **EVERY[action](things))
    assert not Activity.objects.exists()


def is_about_a_thing(action: Callable[..., Any]) -> bool:
    """Whether it needs an object of the team, rather than making one."""
    things = {"chat", "version", "deployment", "project", "key"}
    parameters = inspect.signature(action).parameters.values()
    return any(one.name in things and one.default is one.empty for one in parameters)


@pytest.mark.parametrize(
    "action", filter(is_about_a_thing, EVERY), ids=lambda action: action.__name__
)
def test_somebody_of_another_team_may_not(action: Callable[..., Any], things: Things) -> None:
    """Even an owner there, holding the very objects."""
    with pytest.raises(PermissionDenied):
        action(member=things.cast.outsider, **EVERY[action](things))
