"""Organizations of the simulated v2: keys and spend limits of child teams."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.simulated import ADMIN, OUTSIDER, simulator
from tests.client.simulated_v2 import v2
from v0client.simulator import Simulator

OPERATIONS = [
    ("GET", "{team}/api-keys"),
    ("POST", "{team}/api-keys"),
    ("DELETE", "{team}/api-keys/x"),
    ("GET", "{team}/spend-limit"),
    ("PUT", "{team}/spend-limit"),
    ("DELETE", "{team}/spend-limit"),
    ("GET", "{organization}/spend-limit"),
    ("PUT", "{organization}/spend-limit"),
]


def organization(sim: Simulator) -> str:
    (found,) = sim.store.organizations
    return f"/organizations/{found}"


def teams(sim: Simulator) -> list[str]:
    """The addresses of the child teams."""
    children = [team.id for team in sim.store.teams.values() if team.organization_id]
    return [f"{organization(sim)}/teams/{id_}" for id_ in children]


def made(sim: Simulator, team: str, name: str = "CI") -> dict[str, Any]:
    answer = v2(sim).post(f"{team}/api-keys", json={"name": name})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_key_is_shown_once_and_then_by_its_last_letters() -> None:
    sim = simulator()
    team, other = teams(sim)
    key = made(sim, team)
    assert key["ownerId"] == team.rpartition("/")[2]
    (row,) = v2(sim).get(f"{team}/api-keys").json()
    assert {name: row[name] for name in ("id", "name", "ownerId")} == {
        name: key[name] for name in ("id", "name", "ownerId")
    }
    assert key["apiKey"].endswith(row["partialKey"])
    assert len(row["partialKey"]) == 4
    assert v2(sim).get(f"{other}/api-keys").json() == []


def test_a_key_works_for_its_team_until_it_is_deleted() -> None:
    sim = simulator()
    team = teams(sim)[0]
    key = made(sim, team)
    http = v2(sim, key["apiKey"])
    path = f"{team}/api-keys"
    assert v2(sim).get(path).json()[0]["lastUsed"] is None
    chat = http.post("/chats", json={"message": "A shop", "privacy": "team"}).json()["chat"]
    assert v2(sim).get(path).json()[0]["lastUsed"] is not None
    assert [row["id"] for row in http.get("/chats").json()["chats"]] == [chat["id"]]
    assert v2(sim).get(f"/chats/{chat['id']}").status_code == 404
    gone = v2(sim).delete(f"{path}/{key['id']}").json()
    assert gone == {name: key[name] for name in ("id", "name", "ownerId")}
    assert http.get("/chats").status_code == 401
    assert v2(sim).get(path).json() == []
    assert v2(sim).delete(f"{path}/{key['id']}").status_code == 404


def test_keys_outlive_a_restart(tmp_path: Any) -> None:
    journal = tmp_path / "journal"
    sim = simulator(journal=journal)
    kept, gone = (made(sim, teams(sim)[0]) for _ in range(2))
    v2(sim).delete(f"{teams(sim)[0]}/api-keys/{gone['id']}")
    again = simulator(journal=journal)
    assert v2(again, kept["apiKey"]).get("/chats").status_code == 200
    assert v2(again, gone["apiKey"]).get("/chats").status_code == 401


def test_a_teams_limit_stands_before_the_organizations() -> None:
    sim = simulator()
    http, whole, (team, other) = v2(sim), f"{organization(sim)}/spend-limit", teams(sim)
    own = f"{team}/spend-limit"
    assert [http.get(path).status_code for path in (whole, own)] == [404, 404]
    set_ = http.put(whole, json={"limit": 500}).json()
    assert (set_["limit"], set_["source"]) == (500, "organization")
    assert organization(sim).endswith(set_["entityId"])
    assert http.get(whole).json() == http.get(own).json() == set_
    override = http.put(own, json={"limit": 20}).json()
    assert (override["limit"], override["source"]) == (20, "team")
    assert team.endswith(override["entityId"])
    assert http.get(own).json() == override
    assert http.get(f"{other}/spend-limit").json() == set_
    assert http.delete(own).json() == {"success": True}
    assert http.get(own).json() == set_


def test_a_changed_limit_remembers_when_it_was_first_set() -> None:
    sim = simulator()
    path = f"{organization(sim)}/spend-limit"
    first = v2(sim).put(path, json={"limit": 500}).json()
    assert first["updatedAt"] == first["createdAt"]
    sim.clock.advance(60)
    second = v2(sim).put(path, json={"limit": 400}).json()
    assert second["createdAt"] == first["createdAt"] < second["updatedAt"]


@pytest.mark.parametrize("limit", [10.5, -1, "20", None, 2**53])
def test_limits_are_whole_dollars(limit: Any) -> None:
    sim = simulator()
    for entity in (organization(sim), teams(sim)[0]):
        answer = v2(sim).put(f"{entity}/spend-limit", json={"limit": limit})
        assert answer.status_code == 422


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "CI", "scope": "all"}])
def test_a_key_needs_a_name_and_nothing_else(body: dict[str, str]) -> None:
    sim = simulator()
    assert v2(sim).post(f"{teams(sim)[0]}/api-keys", json=body).status_code == 422


@pytest.mark.parametrize(("method", "template"), OPERATIONS)
def test_only_owners_of_the_parent_team_may_ask(method: str, template: str) -> None:
    sim = simulator()
    team = teams(sim)[0]
    path = template.format(team=team, organization=organization(sim))
    child = made(sim, team)["apiKey"]
    for key, status in ((ADMIN, 403), (child, 403), (OUTSIDER, 404), ("wrong", 401)):
        assert v2(sim, key).request(method, path, json={}).status_code == status


@pytest.mark.parametrize(("method", "template"), OPERATIONS)
def test_unknown_organizations_and_teams_are_not_found(method: str, template: str) -> None:
    sim = simulator()
    known, unknown = organization(sim), "/organizations/x"
    wrong = [template.format(team=f"{unknown}/teams/y", organization=unknown)]
    if "{team}" in template:
        parent = sim.person("owner@example.com").team_id
        wrong += [template.format(team=f"{known}/teams/{id_}") for id_ in ("y", parent)]
    for path in wrong:
        assert v2(sim).request(method, path, json={}).status_code == 404


def test_child_teams_have_the_preview_hosts_of_their_organization() -> None:
    sim = simulator()
    child = v2(sim, made(sim, teams(sim)[0])["apiKey"])
    given = {"hosts": ["example.com"]}
    v2(sim).put("/settings/preview-hosts", json=given)
    assert child.get("/settings/preview-hosts").json() == given
    assert child.put("/settings/preview-hosts", json={"hosts": []}).status_code == 403
