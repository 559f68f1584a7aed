"""Deployments, Vercel projects and connectors of the simulated v2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.simulated import ADMIN, OWNER, client, simulator
from tests.client.simulated_v2 import pending, started, v2
from v0client.simulator import Simulator

OPERATIONS = [("POST", "deploy"), ("POST", "vercel-project"), ("GET", "connect/status")]


def test_a_deployment_builds_and_then_is_a_page() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http, "A shop for coffee")
    told = http.post(f"{chat}/deploy").json()
    page = f"{sim.base_url}/deployed/{told['deploymentId']}"
    assert http.get(page).status_code == 404
    sim.clock.advance(60)
    assert "Shop for coffee" in http.get(page).text
    assert "Deployment completed" in http.get(page.replace("deployed", "inspect")).text
    assert client(sim).get(f"/deployments/{told['deploymentId']}").status_code == 404


def test_a_chat_that_breaks_the_build_is_never_a_page() -> None:
    sim = simulator()
    http = v2(sim)
    told = http.post(f"{started(http, 'A shop, and break the build')}/deploy").json()
    sim.clock.advance(60)
    assert http.get(f"{sim.base_url}/deployed/{told['deploymentId']}").status_code == 404


def test_deployments_of_a_chat_share_its_project() -> None:
    http = v2(simulator())
    chat = started(http)
    first, second = (http.post(f"{chat}/deploy").json() for _ in range(2))
    assert first["vercelProjectId"] == second["vercelProjectId"]
    assert first["deploymentId"] != second["deploymentId"]
    assert http.get(chat).json()["vercelProjectId"] == first["vercelProjectId"]


def test_nothing_is_deployed_before_there_is_code_or_while_it_changes() -> None:
    http = v2(simulator())
    assert http.post(f"{pending(http)}/deploy").status_code == 409
    failed = started(http, "Please fail on purpose")
    assert http.post(f"{failed}/deploy").status_code == 409
    chat = started(http)
    http.post(f"{chat}/messages/async", json={"message": "Add a price list"})
    assert http.post(f"{chat}/deploy").status_code == 409


@pytest.mark.parametrize(
    ("body", "name"), [({"name": "shop-web"}, "shop-web"), ({}, "Shop"), (None, "Shop")]
)
def test_a_chat_has_one_vercel_project(body: dict[str, str] | None, name: str) -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http, title="Shop")
    answer = http.post(f"{chat}/vercel-project", json=body)
    assert answer.status_code == 201
    id_ = answer.json()["vercelProjectId"]
    listed = client(sim).get("/integrations/vercel/projects").json()["data"]
    assert {row["id"]: row["name"] for row in listed} == {id_: name}
    assert http.get(chat).json()["vercelProjectId"] == id_
    assert http.post(f"{chat}/vercel-project", json={}).status_code == 409
    assert http.post(f"{chat}/deploy").json()["vercelProjectId"] == id_


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x", "framework": "next"}])
def test_wrong_projects_are_refused(body: dict[str, str]) -> None:
    http = v2(simulator())
    assert http.post(f"{started(http)}/vercel-project", json=body).status_code == 422


def asking(sim: Simulator) -> tuple[str, dict[str, Any]]:
    """A chat whose agent waits for a connector, and what it said about it."""
    http = v2(sim)
    chat = started(http, "Build a board of our issues and set up connect")
    message = http.get(f"{chat}/messages").json()["messages"][0]
    return chat, message["parts"][-1]["data"]


def status(sim: Simulator, chat: str, request_id: str) -> Any:
    return v2(sim).get(f"{chat}/connect/status", params={"requestId": request_id})


def resolve(sim: Simulator, chat: str) -> Any:
    return v2(sim).post(f"{chat}/messages/resolve", json={"task": {"type": "vercel-connect-setup"}})


def test_a_connector_is_ready_once_its_page_was_visited() -> None:
    sim = simulator()
    chat, data = asking(sim)
    assert status(sim, chat, data["requestId"]).json()["status"] == "pending"
    assert resolve(sim, chat).status_code == 409
    page = v2(sim).get(data["setupUrl"])
    assert "Linear is connected" in page.text
    ready = status(sim, chat, data["requestId"]).json()
    assert (ready["status"], ready["connector"]["name"]) == ("ready", "Linear")
    assert resolve(sim, chat).status_code == 200
    assert status(sim, chat, data["requestId"]).status_code == 409


def test_a_connector_is_ready_after_a_while_by_itself() -> None:
    sim = simulator()
    chat, data = asking(sim)
    sim.clock.advance(120)
    assert status(sim, chat, data["requestId"]).json()["status"] == "ready"


def test_a_setup_can_go_wrong_and_be_tried_again() -> None:
    sim = simulator()
    chat, data = asking(sim)
    v2(sim).get(data["setupUrl"], params={"error": "Access denied"})
    told = status(sim, chat, data["requestId"]).json()
    assert told == {"status": "error", "message": "Access denied"}
    assert resolve(sim, chat).status_code == 409
    v2(sim).get(data["setupUrl"])
    assert status(sim, chat, data["requestId"]).json()["status"] == "ready"


def test_a_setup_that_nobody_finished_in_time_is_gone() -> None:
    sim = simulator()
    chat, data = asking(sim)
    sim.clock.advance(25 * 3600)
    assert status(sim, chat, data["requestId"]).status_code == 404
    assert "Ask the agent again" in v2(sim).get(data["setupUrl"]).text


def test_a_visit_is_remembered_over_a_restart(tmp_path: Any) -> None:
    sim = simulator(journal=tmp_path / "journal")
    chat, data = asking(sim)
    v2(sim).get(data["setupUrl"])
    again = simulator(journal=tmp_path / "journal")
    assert status(again, chat, data["requestId"]).json()["status"] == "ready"


@pytest.mark.parametrize(("request_id", "code"), [("x", 404), ("", 422), ("x" * 129, 422)])
def test_other_setups_are_not_found(request_id: str, code: int) -> None:
    sim = simulator()
    chat, data = asking(sim)
    assert status(sim, chat, request_id).status_code == code
    assert status(sim, started(v2(sim)), data["requestId"]).status_code == 404
    assert v2(sim).get(f"{chat}/connect/status").status_code == 422
    assert v2(sim).get(f"{sim.base_url}/connect/x").status_code == 404


@pytest.mark.parametrize(("method", "name"), OPERATIONS)
def test_closed_and_unknown_chats_are_not_found(method: str, name: str) -> None:
    sim = simulator()
    chat = started(v2(sim))
    for key, address, code in (
        (ADMIN, chat, 404),
        (OWNER, "/chats/nothing", 404),
        ("wrong", chat, 401),
    ):
        assert v2(sim, key).request(method, f"{address}/{name}").status_code == code
    foreign = {"x-scope": sim.person("outsider@example.com").team_id}
    assert v2(sim).request(method, f"{chat}/{name}", headers=foreign).status_code == 403


def test_readers_deploy_nothing() -> None:
    sim = simulator()
    chat = started(v2(sim), privacy="team")
    for name in ("deploy", "vercel-project"):
        assert v2(sim, ADMIN).post(f"{chat}/{name}").status_code == 403
