"""The simulator itself: keys, faults, repeatability, the journal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.client.simulated import ADMIN, OWNER, client, new_chat, simulator
from v0client.http import httpx
from v0client.simulator import Simulator


def test_requests_without_a_known_key_are_refused() -> None:
    sim = simulator()
    assert client(sim, "wrong").get("/user").status_code == 401
    bare = httpx.Client(transport=sim.transport(), base_url=sim.base_url)
    assert bare.get("/v1/user").json()["error"]["type"] == "unauthorized_error"


def test_revoked_keys_are_refused_and_new_ones_work() -> None:
    sim = simulator()
    sim.add_key("v1:team_1:token:more", "member@example.com")
    http = client(sim, "v1:team_1:token:more")
    assert http.get("/user").json()["email"] == "member@example.com"
    http.post(f"{sim.base_url}/_sim/revoke", json={"key": "v1:team_1:token:more"})
    assert http.get("/user").status_code == 401


def test_unknown_addresses_and_methods_are_refused() -> None:
    http = client(simulator())
    assert http.get("/nothing").json()["error"]["type"] == "not_found_error"
    assert http.put("/user").status_code == 405


def test_faults_answer_instead_of_the_handler_and_then_end() -> None:
    sim = simulator()
    sim.faults.add("/v1/chats", status=429, headers={"retry-after": "7"}, times=2)
    http = client(sim)
    answers = [http.post("/chats", json={"message": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].json()["error"]["type"] == "too_many_requests_error"
    assert len(sim.store.chats) == 1


def test_faults_choose_by_method_and_glob() -> None:
    sim = simulator()
    sim.faults.add("/chats/*/versions", method="GET", status=500, times=None)
    http = client(sim)
    chat = new_chat(http)
    assert http.get(f"/chats/{chat['id']}/versions").status_code == 500
    assert http.get(f"/chats/{chat['id']}").status_code == 200
    sim.faults.clear()
    assert http.get(f"/chats/{chat['id']}/versions").status_code == 200


@pytest.mark.parametrize(("when", "chats"), [("before", 0), ("after", 1), (True, 0)])
def test_connections_are_reset_before_or_after_the_work(when: Any, chats: int) -> None:
    sim = simulator()
    sim.faults.add("/chats", method="POST", reset=when)
    with pytest.raises(httpx.ReadError):
        client(sim).post("/chats", json={"message": "x"})
    assert len(sim.store.chats) == chats


def test_answers_can_be_cut_delayed_or_no_json() -> None:
    sim = simulator()
    http = client(sim)
    sim.faults.add("/user", cut_after=10)
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/user")
    sim.faults.add("/user", not_json=True)
    assert http.get("/user").text.startswith("<!doctype html>")
    sim.faults.add("/user", body={"surprise": 1})
    assert http.get("/user").json() == {"surprise": 1}
    before = sim.clock.now()
    sim.faults.add("/user", delay=5)
    http.get("/user")
    assert sim.clock.now() == before + 5


def test_what_was_asked_is_remembered() -> None:
    sim = simulator()
    client(sim).get("/chats", params={"limit": 3})
    (asked,) = sim.requests
    assert (asked.method, asked.path, asked.query, asked.key, asked.status) == (
        ("GET", "/v1/chats", "limit=3", OWNER, 200)
    )
    listed = client(sim).get(f"{sim.base_url}/_sim/requests").json()["requests"]
    assert listed[0]["path"] == "/v1/chats"


def play(sim: Simulator) -> list[Any]:
    http = client(sim)
    chat = new_chat(http)
    http.post(f"/chats/{chat['id']}/messages", json={"message": "Add a chart"})
    paths = ("/chats", f"/chats/{chat['id']}", "/projects", "/user/billing", "/reports/usage")
    return [http.get(path).json() for path in paths]


@pytest.mark.parametrize("seed", ["empty", "demo", "big:5"])
def test_two_simulators_give_equal_answers(seed: str) -> None:
    assert play(simulator(seed)) == play(simulator(seed))


def test_reset_goes_back_to_the_seed() -> None:
    sim = simulator()
    new_chat(client(sim))
    sim.faults.add("/user", status=500)
    client(sim).post(f"{sim.base_url}/_sim/reset")
    assert client(sim).get("/chats").json()["data"] == []
    assert client(sim).get("/user").status_code == 200


def test_the_demo_holds_what_it_promises() -> None:
    sim = simulator("demo")
    harbor = sim.person("owner@example.com").team_id
    team = {p.id for p in sim.store.people.values() if p.team_id == harbor}
    chats = [c for c in sim.store.chats.values() if c.author_id in team and c.generation == "v1"]
    assert len(team) == 3
    assert len(chats) == 60
    assert len({chat.name for chat in chats}) == 60
    assert max(len(chat.versions) for chat in chats) == 12
    assert len(sim.store.projects) == 8
    assert len(sim.store.deployments) == 25
    assert any(deployment.failed for deployment in sim.store.deployments.values())
    rows = client(sim).get("/chats").json()["data"]
    assert "pending" in {row["latestVersion"]["status"] for row in rows}
    days = (sim.clock.now() - min(event.created_at for event in sim.store.usage)) / 86_400
    assert 80 < days <= 95


@pytest.mark.parametrize("seed", ["nothing", "big", "big:x", "demo:3"])
def test_unknown_seeds_are_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="seed"):
        Simulator(seed)


def test_the_journal_brings_everything_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    sim = simulator("demo", journal=path)
    http = client(sim)
    chat = new_chat(http, responseMode="async")
    sim.add_key("later", "admin@example.com")
    http.post(f"{sim.base_url}/_sim/revoke", json={"key": ADMIN})
    sim.clock.advance(40)
    http.post("/projects", json={"name": "New"})
    assert http.post("/projects", json={"name": 1}).status_code == 422
    before = [http.get(p).json() for p in ("/chats", f"/chats/{chat['id']}", "/projects")]
    with path.open("a") as file:
        file.write('{"at": 1, "half')
    again = simulator("demo", journal=path, now=sim.moment())
    http = client(again)
    assert [http.get(p).json() for p in ("/chats", f"/chats/{chat['id']}", "/projects")] == before
    assert client(again, ADMIN).get("/user").status_code == 401
    http.post("/projects", json={"name": "After"})
    third = simulator("demo", journal=path, now=again.moment())
    assert client(third).get("/projects").json() == http.get("/projects").json()


def test_a_journal_of_another_seed_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    new_chat(client(simulator("empty", journal=path)))
    assert client(simulator("big:3", journal=path)).get("/chats").json()["data"][2:]
    assert client(simulator("empty", journal=path)).get("/chats").json()["data"] == []


def test_what_v0_said_about_money_can_be_asked_for_later() -> None:
    sim = simulator("demo")
    http = client(sim)
    now, then = sim.moment(), sim.moment() - timedelta(days=40)
    query = {"key": OWNER, "at": [now.isoformat(), then.isoformat()]}
    present, past = http.get(f"{sim.base_url}/_sim/billing", params=query).json()["moments"]
    assert present["billing"] == http.get("/user/billing").json()
    assert present["plan"] == http.get("/user/plan").json()
    assert present["rateLimits"] == http.get("/rate-limits").json()
    cycle = past["billing"]["data"]["billingCycle"]
    assert cycle["start"] <= then.timestamp() * 1000 < cycle["end"] < now.timestamp() * 1000
    bought = [len(one["billing"]["data"]["onDemand"]["blocks"]) for one in (present, past)]
    assert bought == [3, 2]


@pytest.mark.parametrize(
    ("query", "status"),
    [("key=nobody&at=2026-06-01", 404), (f"key={OWNER}", 422), (f"key={OWNER}&at=soon", 422)],
)
def test_a_question_about_the_past_has_to_make_sense(query: str, status: int) -> None:
    sim = simulator()
    assert client(sim).get(f"{sim.base_url}/_sim/billing?{query}").status_code == status
