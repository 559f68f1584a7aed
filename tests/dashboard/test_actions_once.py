"""Forks and new projects are made once, however often one clicks and whatever answer is lost."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.actions import projects, versions
from dashboard.models import Activity, Chat, Key, Membership, Project, Submission, Version
from dashboard.sync import follow, store
from dashboard.upstream import connect
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, posts
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def version(simulator: Simulator, cast: Cast, key: Key) -> Version:
    chat = create(cast.member, privacy="team")
    simulator.clock.advance(600)
    with connect(key) as remote:
        record = remote.chat(chat.upstream_id)
    return store.store_chat(key, record).versions.get(status="completed")


def fork_path(version: Version) -> str:
    return f"/v1/chats/{version.chat.upstream_id}/fork"


def at_once(act: Callable[[], object]) -> list[object]:
    """What two threads get that do this at the same moment."""
    together, outcomes = threading.Barrier(2), []

    def click() -> None:
        together.wait(5)
        try:
            outcomes.append(act())
        except Refused as refusal:
            outcomes.append(refusal.kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_a_double_click_forks_once_and_both_get_the_fork(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    simulator.faults.add(fork_path(version), method="POST", delay=0.4)
    nonce = uuid.uuid4()
    made = at_once(
        lambda: versions.fork_version(member=cast.member, version=version, nonce=nonce).pk
    )
    fork = version.forks.get()
    assert made == [fork.pk, fork.pk]
    assert posts(simulator, fork_path(version)) == 1
    assert Activity.objects.filter(verb="chat.fork").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_creates_one_project(cast: Cast, key: Key, simulator: Simulator) -> None:
    simulator.faults.add("/v1/projects", method="POST", delay=0.4)
    nonce = uuid.uuid4()
    made = at_once(lambda: projects.create_project(member=cast.member, nonce=nonce, name="Shop").pk)
    project = Project.objects.get()
    assert made == [project.pk, project.pk]
    assert posts(simulator, "/v1/projects") == 1


def test_two_forks_on_purpose_are_two(cast: Cast, version: Version) -> None:
    for _ in range(2):
        versions.fork_version(member=cast.member, version=version, nonce=uuid.uuid4())
    assert version.forks.count() == 2


def test_a_refused_fork_may_be_tried_again_with_the_same_form(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    nonce = uuid.uuid4()
    simulator.faults.add(fork_path(version), method="POST", status=403)
    with pytest.raises(Refused, match="does not allow"):
        versions.fork_version(member=cast.member, version=version, nonce=nonce)
    fork = versions.fork_version(member=cast.member, version=version, nonce=nonce)
    assert version.forks.get() == fork


def test_a_nonce_of_somebody_else_makes_nothing(cast: Cast, version: Version) -> None:
    nonce = uuid.uuid4()
    versions.fork_version(member=cast.member, version=version, nonce=nonce)
    make.key(cast.admin, "v0-demo-admin")
    with pytest.raises(PermissionDenied, match="somebody else"):
        versions.fork_version(member=cast.admin, version=version, nonce=nonce)
    with pytest.raises(PermissionDenied):
        projects.create_project(member=cast.member, nonce=nonce, name="Shop")


def test_a_fork_whose_answer_was_lost_is_found_with_its_lineage(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    create(cast.member, "Another page", privacy="private")
    simulator.faults.add(fork_path(version), method="POST", reset="after")
    fork = versions.fork_version(member=cast.member, version=version, nonce=uuid.uuid4())
    assert (fork.forked_from, fork.forked_from_version) == (version.chat, version)
    assert Activity.objects.get(verb="chat.fork").after["forked_from"].endswith("version 1")
    assert posts(simulator, fork_path(version)) == 1


def test_a_fork_that_v0_is_slow_to_list_is_found_later(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    nonce = uuid.uuid4()
    simulator.faults.add(fork_path(version), method="POST", reset="after")
    simulator.faults.add("/v1/chats", method="GET", body={"object": "list", "data": []}, times=1)
    with pytest.raises(Refused, match="looked for in the next minutes") as refusal:
        versions.fork_version(member=cast.member, version=version, nonce=nonce)
    assert refusal.value.kind == "unclear"
    Submission.objects.filter(nonce=nonce).update(follow_at=timezone.now())
    follow.follow_due()
    fork = version.forks.get()
    assert versions.fork_version(member=cast.member, version=version, nonce=nonce) == fork
    assert posts(simulator, fork_path(version)) == 1


def test_two_chats_that_could_be_the_fork_are_left_alone(
    cast: Cast, version: Version, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add(fork_path(version), method="POST", reset="after", times=2)
    with connect(key) as remote, pytest.raises(Refused):
        remote.fork(version.chat.upstream_id, version.upstream_id)
    with pytest.raises(Refused, match="looked for"):
        versions.fork_version(member=cast.member, version=version, nonce=uuid.uuid4())
    assert not version.forks.exists()


def test_a_fork_that_never_arrived_ends_in_words_and_may_be_tried_again(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    nonce = uuid.uuid4()
    simulator.faults.add(fork_path(version), method="POST", reset="before")
    with pytest.raises(Refused, match="Pressing again makes no second one"):
        versions.fork_version(member=cast.member, version=version, nonce=nonce)
    long_ago = timezone.now() - timedelta(minutes=4)
    Submission.objects.filter(nonce=nonce).update(follow_at=long_ago, created_at=long_ago)
    follow.follow_due()
    ended = Submission.objects.get(nonce=nonce)
    assert ended.state == "failed"
    assert "Look for it among the newest chats" in ended.error
    assert not Chat.objects.exclude(forked_from=None).exists()
    assert versions.fork_version(member=cast.member, version=version, nonce=nonce).pk


def test_a_project_whose_answer_was_lost_is_found_and_not_made_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    former = projects.create_project(member=cast.member, nonce=uuid.uuid4(), name="Shop")
    simulator.faults.add("/v1/projects", method="POST", reset="after")
    found = projects.create_project(member=cast.member, nonce=uuid.uuid4(), name="Shop")
    assert found != former
    assert posts(simulator, "/v1/projects") == Project.objects.count() == 2
    assert Activity.objects.filter(verb="project.create", project=found).count() == 1


def test_the_forms_carry_what_makes_them_count_once(
    cast: Cast, version: Version, client_of: Callable[[Membership], Client]
) -> None:
    browser, base = client_of(cast.member), f"/t/{cast.team.slug}/"
    fork = f"{base}chats/{version.chat.upstream_id}/versions/{version.upstream_id}/fork/"
    for path, fields in ((fork, {"privacy": "team"}), (f"{base}projects/new/", {"name": "Shop"})):
        nonce = re.search(
            r'name="nonce" value="([0-9a-f-]{36})"', browser.get(path).content.decode()
        )
        assert nonce
        for _ in range(2):
            sent = browser.post(path, {"nonce": nonce[1], "privacy": "team", **fields})
            assert sent.status_code == 302, sent.content.decode()
    assert version.forks.count() == Project.objects.count() == 1
