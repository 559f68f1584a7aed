"""Forking and deploying versions, and projects, against the simulated v0."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.actions import Invalid, deployments, projects, prompts, versions
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Activity, Deployment, Key, Project, ProjectSight, Version
from dashboard.sync import store
from dashboard.upstream import connect
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.test_actions_once import at_once
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def version(simulator: Simulator, cast: Cast, key: Key) -> Version:
    """A finished version of a team chat."""
    submission = prompts.create_chat(
        member=cast.member,
        nonce=uuid.uuid4(),
        request=ChatRequest("Make a pricing page", privacy="team"),
    )
    assert submission.chat is not None
    simulator.clock.advance(600)
    with connect(key) as remote:
        record = remote.chat(submission.chat.upstream_id)
    chat = store.store_chat(key, record)
    return chat.versions.get(status="completed")


def deployment_posts(simulator: Simulator) -> int:
    return sum(
        asked.method == "POST" and asked.path == "/v1/deployments" for asked in simulator.requests
    )


def test_a_fork_is_a_chat_of_its_own_that_knows_where_it_came_from(
    cast: Cast, version: Version
) -> None:
    fork = versions.fork_version(
        member=cast.member, nonce=uuid.uuid4(), version=version, privacy="team"
    )
    fork.refresh_from_db()
    assert (fork.forked_from, fork.forked_from_version) == (version.chat, version)
    assert (fork.privacy, fork.version_count) == ("team", 1)
    row = Activity.objects.get(verb="chat.fork")
    assert row.chat == fork
    assert row.before == {}
    assert row.after == {"forked_from": f"{version.chat.label}, version 1", "privacy": "team"}


def test_a_fork_is_private_unless_asked_otherwise(cast: Cast, version: Version) -> None:
    assert (
        versions.fork_version(member=cast.member, nonce=uuid.uuid4(), version=version).privacy
        == "private"
    )
    with pytest.raises(Invalid):
        versions.fork_version(
            member=cast.member, nonce=uuid.uuid4(), version=version, privacy="everybody"
        )


def test_a_version_of_a_hidden_chat_is_neither_forked_nor_deployed(cast: Cast) -> None:
    hidden = make.version(make.chat(cast.team, privacy="private"))
    make.key(cast.admin, "v0-demo-admin")
    with pytest.raises(PermissionDenied):
        versions.fork_version(member=cast.admin, nonce=uuid.uuid4(), version=hidden)
    with pytest.raises(PermissionDenied):
        deployments.deploy_version(member=cast.admin, version=hidden)


def test_a_refused_fork_leaves_nothing(cast: Cast, version: Version, simulator: Simulator) -> None:
    simulator.faults.add(f"/v1/chats/{version.chat.upstream_id}/fork", status=500)
    with pytest.raises(Refused):
        versions.fork_version(member=cast.member, nonce=uuid.uuid4(), version=version)
    assert not version.chat.forks.exists()


def test_a_deployment_is_stored_and_followed(cast: Cast, version: Version) -> None:
    deployment = deployments.deploy_version(member=cast.member, version=version)
    assert (deployment.state, deployment.version, deployment.chat) == (
        "building",
        version,
        version.chat,
    )
    assert deployment.follow_at is not None
    row = Activity.objects.get(verb="deployment.create")
    assert (row.deployment, row.after["address"]) == (deployment, deployment.web_url)


def test_deploying_what_is_still_building_gives_that_deployment(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    first = deployments.deploy_version(member=cast.member, version=version)
    assert deployments.deploy_version(member=cast.member, version=version) == first
    assert deployment_posts(simulator) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_deploys_once(cast: Cast, version: Version, simulator: Simulator) -> None:
    simulator.faults.add("/v1/deployments", method="POST", delay=0.4)
    outcomes = at_once(lambda: deployments.deploy_version(member=cast.member, version=version).pk)
    assert deployment_posts(simulator) == Deployment.objects.count() == 1
    assert len(outcomes) == 2
    assert "conflict" in outcomes


def test_a_lost_answer_to_a_deploy_is_looked_up_instead_of_asked_again(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/deployments", method="POST", reset="after")
    deployment = deployments.deploy_version(member=cast.member, version=version)
    assert deployment.state == "building"
    assert deployment_posts(simulator) == 1


def test_a_deploy_that_did_not_arrive_says_so(
    cast: Cast, version: Version, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/deployments", method="POST", reset="before")
    with pytest.raises(Refused, match="may or may not have happened"):
        deployments.deploy_version(member=cast.member, version=version)
    assert not Deployment.objects.exists()
    assert deployments.deploy_version(member=cast.member, version=version).pk  # not locked out


def test_an_unfinished_version_is_not_deployed(cast: Cast, version: Version) -> None:
    version.status = "pending"
    with pytest.raises(Invalid, match="is pending"):
        deployments.deploy_version(member=cast.member, version=version)


def test_a_deployment_is_deleted_once_and_its_row_stays(
    cast: Cast, version: Version, key: Key
) -> None:
    deployment = deployments.deploy_version(member=cast.member, version=version)
    deployments.delete_deployment(member=cast.member, deployment=deployment)
    deployment.refresh_from_db()
    assert deployment.gone_at is not None
    assert deployment.follow_at is None
    with connect(key) as remote:
        assert remote.deployments(version.chat.upstream_id, version.upstream_id) == []
    with pytest.raises(Refused, match="deleted already"):
        deployments.delete_deployment(member=cast.member, deployment=deployment)


def test_deleting_what_v0_has_deleted_before_is_no_error(
    cast: Cast, version: Version, key: Key
) -> None:
    deployment = deployments.deploy_version(member=cast.member, version=version)
    with connect(key) as remote:
        remote.delete_deployment(deployment.upstream_id)
    deployments.delete_deployment(member=cast.member, deployment=deployment)
    assert Deployment.objects.get().gone_at is not None


def test_a_deployment_of_a_hidden_chat_is_not_deleted(cast: Cast) -> None:
    hidden = make.deployment(make.version(make.chat(cast.team, privacy="private")))
    with pytest.raises(PermissionDenied):
        deployments.delete_deployment(member=cast.owner, deployment=hidden)


def test_a_project_is_created_and_seen_by_the_key_that_made_it(cast: Cast, key: Key) -> None:
    project = projects.create_project(
        member=cast.member,
        nonce=uuid.uuid4(),
        name=" Shop ",
        description="Sells",
        instructions="Use Vue",
    )
    project.refresh_from_db()
    assert (project.name, project.description, project.instructions, project.privacy) == (
        "Shop",
        "Sells",
        "Use Vue",
        "team",
    )
    assert ProjectSight.objects.filter(project=project, key=key).exists()
    assert Activity.objects.get(verb="project.create").after["name"] == "Shop"


def test_an_edit_records_what_changed_and_nothing_else(cast: Cast, key: Key) -> None:
    project = projects.create_project(
        member=cast.member, nonce=uuid.uuid4(), name="Shop", description="Sells"
    )
    fields = {"description": "Sells", "instructions": "Be brief", "privacy": "team"}
    projects.edit_project(member=cast.member, project=project, name="Store", **fields)
    project.refresh_from_db()
    assert (project.name, project.instructions) == ("Store", "Be brief")
    row = Activity.objects.get(verb="project.edit")
    assert row.before == {"name": "Shop", "instructions": ""}
    assert row.after == {"name": "Store", "instructions": "Be brief"}
    projects.edit_project(member=cast.member, project=project, name="Store", **fields)
    assert Activity.objects.filter(verb="project.edit").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"description": "x" * 1001}, "description"),
        ({"instructions": "x" * 2001}, "instructions"),
        ({"privacy": "public"}, "privacy"),
    ],
)
def test_bad_input_for_a_project_names_its_field(
    cast: Cast, key: Key, simulator: Simulator, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        projects.create_project(member=cast.member, nonce=uuid.uuid4(), **{"name": "Shop"} | fields)
    assert refusal.value.field == field
    assert not simulator.requests


def test_a_hidden_project_is_not_edited(cast: Cast, key: Key) -> None:
    hidden = make.project(cast.team, privacy="private")
    fields = {"name": "x", "description": "", "instructions": "", "privacy": "team"}
    with pytest.raises(PermissionDenied):
        projects.edit_project(member=cast.member, project=hidden, **fields)


def test_a_refused_edit_changes_nothing_here(cast: Cast, key: Key, simulator: Simulator) -> None:
    project = projects.create_project(member=cast.member, nonce=uuid.uuid4(), name="Shop")
    simulator.faults.add("/v1/projects/", method="PATCH", status=422)
    fields = {"name": "x", "description": "", "instructions": "", "privacy": "team"}
    with pytest.raises(Refused, match="did not accept this"):
        projects.edit_project(member=cast.member, project=project, **fields)
    assert Project.objects.get().name == "Shop"
