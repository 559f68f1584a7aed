"""A private chat of one member is nowhere on the pages of the others: not its page, not its name.

Everything about it carries one word, and every page is searched for that word.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard import sync
from dashboard.actions import chats as chat_actions
from dashboard.actions import versions as version_actions
from dashboard.models import (
    Activity,
    Ask,
    Author,
    Carry,
    Chat,
    Deployment,
    DeploymentLine,
    Key,
    Project,
    Submission,
    Version,
)
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import PAGES
from tests.dashboard.prompting import create, project_in_v0
from tests.dashboard.test_every_page import arguments, fresh_client, url_of
from v0client.simulator import Simulator

WORD = "Xanadu"
OTHERS = ("owner", "admin", "viewer")


@pytest.fixture
def key(cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def project(cast: Cast, key: Key) -> Project:
    return make.project(
        cast.team, seen_by=key, privacy="private", name=f"{WORD} project",
        description=f"{WORD} described", instructions=f"{WORD} always",
    )  # fmt: skip


@pytest.fixture
def chat(cast: Cast, key: Key, project: Project) -> Chat:
    """A private chat with everything that a chat can have; it runs, and changed a moment ago."""
    author = Author.objects.create(team=cast.team, upstream_id="mia", name="Mia")
    row = make.chat(
        cast.team, seen_by=key, privacy="private", name=f"{WORD} acquisition", author=author,
        project=project, favorite=True, updated_at=timezone.now(),
    )  # fmt: skip
    make.message(row, f"{WORD}: write the announcement", author=author)
    version = make.version(row, files={f"app/{WORD}.tsx": f"export const name = '{WORD}'"})
    deployment = make.deployment(
        version, project=project, web_url=f"https://{WORD}.vercel.app", state="failed",
        error_text=f"{WORD} broke", error_summary=f"{WORD} broke", created_at=timezone.now(),
    )  # fmt: skip
    DeploymentLine.objects.create(
        deployment=deployment, upstream_id="1", created_at=timezone.now(), stream="stderr",
        level="error", text=f"{WORD} was not found",
    )  # fmt: skip
    Submission.objects.create(
        team=cast.team, user=cast.member.user, key=key, chat=row, state="unclear",
        request={"prompt": f"{WORD} once more"},
    )  # fmt: skip
    make.ask(row, asked={"plan": f"# {WORD}", "summary": f"{WORD} plan", "path": "plan.md"})
    make.carry(key, version)
    for verb, of in (
        ("chat.rename", {"chat": row}),
        ("project.edit", {"project": project}),
        ("deployment.create", {"chat": row, "project": project, "deployment": deployment}),
        ("deployment.delete", {"deployment": deployment}),
    ):
        Activity.objects.create(
            team=cast.team, actor=cast.member.user, verb=verb, target=f"{WORD} thing", key=key,
            before={"name": f"{WORD} before"}, after={"name": f"{WORD} after"}, **of,
        )  # fmt: skip
    follow = timezone.now() + timedelta(minutes=5)
    Chat.objects.filter(pk=row.pk).update(status=Chat.Status.RUNNING, follow_at=follow)
    return row


def ids_of(cast: Cast, chat: Chat) -> dict[str, Any]:
    return {
        "chat": chat.upstream_id,
        "version": Version.objects.get(chat=chat).upstream_id,
        "project": Project.objects.get(pk=chat.project_id).upstream_id,
        "deployment": Deployment.objects.get(chat=chat).upstream_id,
        "nonce": Submission.objects.get(chat=chat).nonce,
        "key": Key.objects.get().pk,
        "sync": make.sync_run(Key.objects.get()).pk,
        "person": cast.viewer.pk,
        "ask": Ask.objects.get().pk,
        "carry": Carry.objects.get().pk,
        "webhook": make.webhook(Key.objects.get()).pk,
    }


def pages_of(cast: Cast, chat: Chat) -> dict[str, str]:
    """The address of every page that is looked at; those of the private things have their ids."""
    ids = ids_of(cast, chat)
    return {
        name: url_of(name, {one: ids[one] for one in arguments(name)}, cast.team.slug)
        for name, page in PAGES.items()
        if page.get[0] != 405
    }


def of_the_chat(name: str) -> bool:
    private = {"chat", "version", "project", "deployment", "nonce", "ask", "carry"}
    return bool(private & set(arguments(name)))


def told(client: Client, url: str, **query: str) -> tuple[int, str]:
    answer = client.get(url, query)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_a_private_chat_is_on_no_page_of_another(cast: Cast, chat: Chat, role: str) -> None:
    client = fresh_client(cast.everyone()[role])
    for name, url in pages_of(cast, chat).items():
        status, text = told(client, url)
        assert WORD.lower() not in text.lower(), name
        if of_the_chat(name):
            assert status in (403, 404), name  # a viewer is refused what only members may
            assert status == 404 or role == "viewer", name


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("page", ["chats", "projects", "deployments", "activity"])
def test_a_search_finds_nothing_private_of_another(
    cast: Cast, chat: Chat, role: str, page: str
) -> None:
    client = fresh_client(cast.everyone()[role])
    url = url_of(page, {}, cast.team.slug)
    for query in ({"q": "xana"}, {"project": chat.project.upstream_id}, {"chat": chat.upstream_id}):
        _, text = told(client, url, **query)
        assert WORD not in text


def test_whoever_may_see_it_finds_it_on_all_those_pages(cast: Cast, chat: Chat) -> None:
    client = fresh_client(cast.member)
    pages = pages_of(cast, chat)
    for name in (
        "home", "chats", "chat", "version-files", "projects", "project", "deployments",
        "deployment", "activity", "submission", "inbox", "ask", "carries", "carry",
    ):  # fmt: skip
        status, text = told(client, pages[name])
        assert (status, WORD in text) == (200, True), name


@pytest.mark.parametrize("role", OTHERS)
def test_a_private_project_is_not_named_where_its_team_chats_are_shown(
    cast: Cast, key: Key, project: Project, role: str
) -> None:
    """v0 lets a chat for the team be in a project that only its author sees."""
    row = make.chat(cast.team, seen_by=key, project=project, updated_at=timezone.now())
    version = make.version(row, files={"app/page.tsx": "export default 1"})
    deployment = make.deployment(version, project=project)
    client = fresh_client(cast.everyone()[role])
    ids = {"chat": row.upstream_id, "version": version.upstream_id}
    for name, wanted in (
        ("home", {}),
        ("chats", {}),
        ("chat", {"chat": row.upstream_id}),
        ("version-files", ids),
        ("deployments", {}),
        ("deployment", {"deployment": deployment.upstream_id}),
    ):
        status, text = told(client, url_of(name, wanted, cast.team.slug))
        assert (status, WORD in text) == (200, False), name


@pytest.mark.parametrize("role", OTHERS)
def test_a_privacy_that_v0_adds_one_day_counts_as_private(
    cast: Cast, chat: Chat, role: str
) -> None:
    Chat.objects.filter(pk=chat.pk).update(privacy="circle")
    Project.objects.update(privacy="circle")
    client = fresh_client(cast.everyone()[role])
    for name, url in pages_of(cast, chat).items():
        assert WORD.lower() not in told(client, url)[1].lower(), name
    assert WORD in told(fresh_client(cast.member), url_of("chats", {}, cast.team.slug))[1]


def test_the_history_of_a_team_chat_names_no_private_project(
    cast: Cast, key: Key, project: Project, simulator: Simulator
) -> None:
    row = create(cast.member)
    Chat.objects.filter(pk=row.pk).update(privacy="team", project=project)
    row.refresh_from_db()
    chat_actions.assign_chat(member=cast.member, chat=row, project=project_in_v0(key))
    _, text = told(fresh_client(cast.owner), url_of("activity", {}, cast.team.slug))
    assert "a private project" in text
    assert WORD not in text


def test_the_history_of_a_team_fork_does_not_name_its_private_source(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    with connect(key) as remote:
        record = remote.create_chat(prompt=f"{WORD} plan", privacy="private", nonce="1")
    simulator.clock.advance(600)
    with connect(key) as remote:
        remote.rename_chat(record.id, f"{WORD} plan")
    sync.run(sync.queue(key, trigger="person", send=False).pk)
    source = Chat.objects.get(upstream_id=record.id)
    fork = version_actions.fork_version(
        member=cast.member, version=source.versions.get(), privacy="team", nonce=uuid.uuid4()
    )
    Chat.objects.filter(pk=fork.pk).update(name="The fork")
    Activity.objects.filter(chat=fork).update(target="The fork")
    _, text = told(fresh_client(cast.owner), url_of("activity", {}, cast.team.slug))
    assert "The fork" in text
    assert "a private chat" in text
    assert WORD not in text
