"""The list of projects, one project, and its form."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from dashboard.models import Membership, Project
from tests import make
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]


def url(name: str, cast: Cast, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def test_the_list_counts_only_what_the_person_sees(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.member)
    project = make.project(cast.team, name="Shop")
    make.chat(cast.team, project=project)
    make.chat(cast.team, project=project, privacy="private", seen_by=key)
    make.chat(cast.team, project=project, gone_at=make.AT)
    for person, number in ((cast.member, 2), (cast.viewer, 1)):
        rows = client_of(person).get(url("projects", cast)).context["page"].object_list
        assert [(row.name, row.chat_count) for row in rows] == [("Shop", number)]


def test_a_private_project_is_shown_to_whose_key_sees_it(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.member)
    project = make.project(cast.team, seen_by=key, privacy="private", name="Project X")
    assert "Project X" in client_of(cast.member).get(url("projects", cast)).text
    for other in (cast.owner, cast.viewer):
        client = client_of(other)
        assert "Project X" not in client.get(url("projects", cast)).text
        assert client.get(url("project", cast, project.upstream_id)).status_code == 404


def test_projects_are_searched_and_sorted(cast: Cast, client_of: SignIn) -> None:
    for name in ("Beta shop", "Alpha shop", "Gamma"):
        make.project(cast.team, name=name)
    client = client_of(cast.viewer)

    def names(**query: str) -> list[str]:
        rows = client.get(url("projects", cast), query).context["page"].object_list
        return [row.name for row in rows]

    assert names(sort="name") == ["Alpha shop", "Beta shop", "Gamma"]
    assert names(sort="-name", q="SHOP") == ["Beta shop", "Alpha shop"]
    assert names(q="nothing like it") == []


def test_a_project_shows_its_chats_instructions_and_deployments_but_no_private_ones(
    cast: Cast, client_of: SignIn
) -> None:
    key = make.key(cast.member)
    project = make.project(cast.team, instructions="Use *serif* type. <script>alert(1)</script>")
    chat = make.chat(cast.team, project=project, name="Landing page")
    secret = make.chat(
        cast.team, project=project, name="Acquisition", privacy="private", seen_by=key
    )
    make.deployment(make.version(chat), project=project)
    make.deployment(make.version(secret), project=project)
    text = client_of(cast.owner).get(url("project", cast, project.upstream_id)).text
    assert "Landing page" in text
    assert "<em>serif</em>" in text
    assert "<script>alert(1)" not in text
    assert "Acquisition" not in text


def test_a_project_is_created_and_edited_in_v0(
    cast: Cast, client_of: SignIn, simulator: Simulator
) -> None:
    make.key(cast.member, "v0-demo-member")
    client = client_of(cast.member)
    fields = {"name": "Shop", "description": "", "instructions": "Be brief.", "privacy": "team"}
    created = client.post(url("project-create", cast), fields)
    project = Project.objects.get(team=cast.team)
    assert created["Location"] == url("project", cast, project.upstream_id)
    client.post(url("project-edit", cast, project.upstream_id), fields | {"name": "Shop two"})
    project.refresh_from_db()
    assert project.name == "Shop two"
    assert "edited the project" in client.get(created["Location"]).text


def test_too_long_fields_come_back_with_what_was_typed(cast: Cast, client_of: SignIn) -> None:
    for field, most in (("name", 255), ("description", 1000), ("instructions", 2000)):
        fields = {"name": "Shop", "privacy": "team", field: "x" * (most + 1)}
        response = client_of(cast.member).post(url("project-create", cast), fields)
        assert response.status_code == 422
        assert f"at most {most} characters" in response.text
        assert "x" * (most + 1) in response.text


def test_a_refusal_of_v0_is_told_above_the_form(
    cast: Cast, client_of: SignIn, simulator: Simulator
) -> None:
    make.key(cast.member, "v0-demo-member")
    simulator.faults.add(path="/v1/projects", status=403)
    fields = {"name": "Shop", "privacy": "team"}
    response = client_of(cast.member).post(url("project-create", cast), fields)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert not Project.objects.exists()
