"""Every action asked for by a viewer, by a member where it takes more, and by an outsider."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from dashboard import actions
from dashboard.actions import (
    carry,
    chats,
    deployments,
    downloads,
    files,
    forks,
    inbox,
    keys,
    mcp_servers,
    playground,
    previews,
    projects,
    prompts,
    restores,
    running,
    syncs,
    team,
    versions,
    webhooks,
)
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import (
    Activity,
    Ask,
    Chat,
    Deployment,
    Key,
    Membership,
    Project,
    Version,
    Webhook,
)
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
    ask: Ask
    webhook: Webhook


@pytest.fixture
def things(cast: Cast) -> Things:
    key = make.key(cast.viewer, "v0-demo-member")  # kept from when the person was a member
    chat = make.chat(cast.team, seen_by=key)
    version = make.version(chat)
    project = make.project(cast.team, seen_by=key)
    deployment, ask = make.deployment(version), make.ask(chat, "connect")
    return Things(cast, key, chat, version, deployment, project, ask, make.webhook(key))


Arguments = Callable[[Things], dict[str, Any]]
HELLO = playground.Request("v0-pro", "", (("user", "Hello"),))
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
    carry.carry_chats: lambda t: {"chats": [t.chat]},
    running.stop_chat: lambda t: {"chat": t.chat},
    running.fix_error: lambda t: {"chat": t.chat, "nonce": uuid.uuid4(), "error": "x"},
    running.fix_deployment: lambda t: {
        "deployment": t.deployment, "nonce": uuid.uuid4(), "prompt": "x",
    },
    inbox.answer_ask: lambda t: {"ask": t.ask, "answer": inbox.Answer(do="send")},
    inbox.withdraw_ask: lambda t: {"ask": t.ask},
    inbox.check_setup: lambda t: {"ask": t.ask},
    files.write_file: lambda t: {"version": t.version, "path": "a", "text": "", "began": ""},
    files.delete_file: lambda t: {"version": t.version, "path": "a", "began": ""},
    files.lock_file: lambda t: {"version": t.version, "path": "a", "locked": True},
    restores.restore_version: lambda t: {"version": t.version},
    forks.fork_stored: lambda t: {
        "version": t.version, "nonce": uuid.uuid4(), "generation": "v1",
    },
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
    playground.begin: lambda t: {
        "key": t.key, "nonce": uuid.uuid4(), "request": HELLO,
    },
    playground.stopped: lambda t: {"nonce": uuid.uuid4(), "request": HELLO, "written": "x"},
    webhooks.add_webhook: lambda t: {
        "key": t.key, "name": "x", "events": ["chat.created"], "generation": "v2",
    },
    webhooks.change_webhook: lambda t: {"webhook": t.webhook, "name": "x", "events": []},
    webhooks.delete_webhook: lambda t: {"webhook": t.webhook},
    webhooks.list_again: lambda t: {},
    mcp_servers.for_new_chat: lambda t: {"key": t.key},
    mcp_servers.for_chat: lambda t: {"chat": t.chat},
    syncs.start_sync: lambda t: {},
    previews.preview_hosts: lambda t: {"key": t.key},
    previews.change_preview_hosts: lambda t: {"key": t.key, "hosts": [], "before": []},
    team.change_team: lambda t: {"name": "x", "sync_minutes": 5},
    team.add_member: lambda t: {"email": "outsider@example.com", "role": "viewer"},
    team.change_role: lambda t: {"person": t.cast.viewer, "role": "viewer"},
    team.remove_member: lambda t: {"person": t.cast.viewer},
}  # fmt: skip
READING: dict[Callable[..., Any], Arguments] = {  # what viewers may as well
    downloads.stored_archive: lambda t: {"version": t.version, "form": "zip"},
    downloads.upstream_archive: lambda t: {"version": t.version, "form": "zip"},
}
NEEDS_MORE_THAN_MEMBER = [
    team.change_team, team.add_member, team.change_role, team.remove_member,
    previews.preview_hosts, previews.change_preview_hosts,
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
    names = [one.name for one in pkgutil.iter_modules(actions.__path__)]
    modules = [importlib.import_module(f"{actions.__name__}.{name}") for name in names]
    assert set().union(*map(actions_of, modules)) == {*EVERY, *READING}


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
    kinds = {"Ask", "Chat", "list[Chat]", "Iterable[Chat]", "Deployment", "Key", "Project",
             "Version", "Webhook"}  # fmt: skip
    return any(one.annotation in kinds for one in inspect.signature(action).parameters.values())


ALL = EVERY | READING
ABOUT_A_THING = [one for one in ALL if is_about_a_thing(one)]


@pytest.mark.parametrize("action", ABOUT_A_THING, ids=lambda action: action.__name__)
def test_somebody_of_another_team_may_not(action: Callable[..., Any], things: Things) -> None:
    """Even an owner there, holding the very objects."""
    if action is chats.change_chats:  # refuses each chat by itself
        outcome = chats.change_chats(member=things.cast.outsider, **ALL[action](things))
        assert (outcome.done, len(outcome.refused)) == ([], 1)
        return
    with pytest.raises(PermissionDenied):
        action(member=things.cast.outsider, **ALL[action](things))
    assert not Activity.objects.exists()


@pytest.mark.parametrize("action", READING, ids=lambda action: action.__name__)
def test_a_private_chat_is_not_handed_to_colleagues(
    action: Callable[..., Any], things: Things
) -> None:
    Chat.objects.update(privacy="private")
    with pytest.raises(PermissionDenied, match="cannot see this chat"):
        action(member=things.cast.owner, **ALL[action](things))
