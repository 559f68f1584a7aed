"""MCP servers, webhooks and preview hosts of the simulated v2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, OWNER, client, simulator
from tests.client.simulated_v2 import v2
from v0client.simulator import Simulator

SERVER = {"name": "Linear", "url": "https://mcp.example/sse"}
HOOK = {"name": "Ours", "events": ["message.finished"], "url": "https://hooks.example/1"}
OAUTH = {
    "authorizationUrl": "https://id.example/a",
    "tokenUrl": "https://id.example/t",
    "clientId": "dash",
    "scopes": ["read"],
    "usePKCE": True,
}
AUTHS: list[dict[str, Any]] = [
    {"type": "none"},
    {"type": "bearer", "token": "t0ken"},
    {"type": "custom-headers", "headers": {"x-team": "harbor"}},
    {"type": "oauth", "connected": False},
    {"type": "oauth", "config": OAUTH, "connected": False},
]


def made(http: Any, path: str, **body: Any) -> dict[str, Any]:
    answer = http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("auth", AUTHS, ids=lambda auth: "-".join(auth))
def test_a_server_signs_in_as_it_was_told_to(auth: dict[str, Any]) -> None:
    http = v2(simulator())
    server = made(http, "/mcp-servers", **SERVER, auth=auth)
    assert server["auth"] == auth
    path = f"/mcp-servers/{server['id']}"
    assert http.get(path).json() == server
    assert http.patch(path, json={"auth": {"type": "none"}}).json()["auth"] == {"type": "none"}
    # What was read can be sent back.
    assert http.patch(path, json={"auth": server["auth"]}).json()["auth"] == auth


def test_servers_are_created_listed_changed_and_deleted() -> None:
    sim = simulator()
    http = v2(sim)
    server = made(http, "/mcp-servers", **SERVER)
    assert (server["enabled"], server["scope"], server["description"]) == (True, "user", "")
    assert server["updatedAt"] == server["createdAt"]
    assert server["userId"] == sim.person("owner@example.com").id
    sim.clock.advance(60)
    path = f"/mcp-servers/{server['id']}"
    changed = http.patch(path, json={"enabled": False, "description": "Issues"}).json()
    assert (changed["enabled"], changed["description"], changed["name"]) == (
        False,
        "Issues",
        "Linear",
    )
    assert changed["updatedAt"] > server["updatedAt"]
    assert http.get("/mcp-servers").json() == [changed]
    assert http.delete(path).json() == {"success": True}
    assert [http.request(m, path, json={}).status_code for m in ("GET", "PATCH")] == [404, 404]
    assert http.delete(path).status_code == 404


def test_a_server_is_the_same_in_both_generations() -> None:
    sim = simulator()
    config = {key: OAUTH[key] for key in ("authorizationUrl", "tokenUrl", "clientId")}
    body = {**SERVER, "auth": {"type": "oauth", "config": config}}
    old = made(client(sim), "/mcp-servers", **body)
    (new,) = v2(sim).get("/mcp-servers").json()
    assert new["id"] == old["id"]
    assert new["auth"]["config"] == {**config, "scopes": [], "usePKCE": True}
    v2(sim).patch(f"/mcp-servers/{new['id']}", json={"name": "Issues"})
    assert client(sim).get(f"/mcp-servers/{new['id']}").json()["name"] == "Issues"


def test_a_person_has_at_most_ten_servers() -> None:
    sim = simulator()
    http = v2(sim)
    for i in range(10):
        made(http, "/mcp-servers", **{**SERVER, "name": f"Server {i}"})
    assert http.post("/mcp-servers", json=SERVER).status_code == 422
    made(v2(sim, ADMIN), "/mcp-servers", **SERVER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"url": "https://mcp.example/" + "x" * 500},
        {"url": "nowhere"},
        {"description": "x" * 501},
        {"scope": "world"},
        {"auth": {"type": "bearer"}},
        {"auth": {"type": "oauth", "config": {"clientId": "dash"}}},
        {"icon": "x"},
    ],
    ids=str,
)
def test_wrong_servers_are_refused(wrong: dict[str, Any]) -> None:
    http = v2(simulator())
    assert http.post("/mcp-servers", json={**SERVER, **wrong}).status_code == 422
    path = f"/mcp-servers/{made(http, '/mcp-servers', **SERVER)['id']}"
    assert http.patch(path, json=wrong).status_code == 422


def test_the_teams_server_is_used_by_all_and_changed_by_its_author_and_owners() -> None:
    sim = simulator()
    server = made(v2(sim, ADMIN), "/mcp-servers", **SERVER, scope="team")
    path = f"/mcp-servers/{server['id']}"
    assert v2(sim, MEMBER).get(path).json() == server
    assert v2(sim, MEMBER).patch(path, json={"enabled": False}).status_code == 403
    assert v2(sim, MEMBER).delete(path).status_code == 403
    assert v2(sim, OUTSIDER).get(path).status_code == 404
    assert v2(sim, OWNER).patch(path, json={"scope": "user"}).status_code == 200
    assert v2(sim, MEMBER).get(path).status_code == 404
    assert v2(sim, MEMBER).get("/mcp-servers").json() == []


def test_hooks_are_created_changed_listed_and_deleted() -> None:
    http = v2(simulator())
    hook = made(http, "/hooks", **HOOK)
    assert hook["chatId"] is None
    path = f"/hooks/{hook['id']}"
    changed = http.patch(path, json={"name": "Theirs", "events": ["chat.created"]}).json()
    assert changed == {**hook, "name": "Theirs", "events": ["chat.created"]}
    assert http.get(path).json() == changed
    assert http.get("/hooks").json() == [{"id": hook["id"], "name": "Theirs"}]
    assert http.delete(path).json() == {"id": hook["id"], "deleted": True}
    assert [http.request(m, path).status_code for m in ("GET", "DELETE")] == [404, 404]
    assert http.patch(path, json={}).status_code == 404


def test_a_hook_is_the_same_in_both_generations_and_its_makers_own() -> None:
    sim = simulator()
    old = made(client(sim), "/hooks", **HOOK)
    assert v2(sim).get("/hooks").json() == [{"id": old["id"], "name": "Ours"}]
    assert v2(sim, ADMIN).get("/hooks").json() == []
    assert v2(sim, ADMIN).get(f"/hooks/{old['id']}").status_code == 404


def test_a_hook_can_listen_to_one_chat_of_the_callers_team() -> None:
    sim = simulator()
    chats = {
        key: v2(sim, key).post("/chats", json={"message": "A shop", "privacy": "public"}).json()
        for key in (OWNER, OUTSIDER)
    }
    own, foreign = (chat["chat"]["id"] for chat in chats.values())
    assert made(v2(sim), "/hooks", **HOOK, chatId=own)["chatId"] == own
    assert v2(sim).post("/hooks", json={**HOOK, "chatId": foreign}).status_code == 403
    old = client(sim).post("/chats", json={"message": "A shop"}).json()["id"]
    for unknown in ("nothing", old):
        assert v2(sim).post("/hooks", json={**HOOK, "chatId": unknown}).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"events": ["chat.opened"]}, {"url": "nowhere"}, {"name": None}, {"secret": "x"}]
)
def test_wrong_hooks_are_refused(wrong: dict[str, Any]) -> None:
    http = v2(simulator())
    assert http.post("/hooks", json={**HOOK, **wrong}).status_code == 422
    path = f"/hooks/{made(http, '/hooks', **HOOK)['id']}"
    assert http.patch(path, json=wrong).status_code == 422
    assert http.patch(path, json={"chatId": None}).status_code == 422


def hosts(sim: Simulator, given: list[str], key: str = OWNER) -> Any:
    return v2(sim, key).put("/settings/preview-hosts", json={"hosts": given})


def test_preview_hosts_are_the_teams_and_set_by_its_owners() -> None:
    sim = simulator()
    http = v2(sim)
    assert http.get("/settings/preview-hosts").json() == {"hosts": []}
    given = ["App.Example.com", "*.example.com", "**.bücher.example.", "app.example.com"]
    kept = {"hosts": ["app.example.com", "*.example.com", "**.xn--bcher-kva.example"]}
    assert hosts(sim, given).json() == kept
    assert v2(sim, MEMBER).get("/settings/preview-hosts").json() == kept
    assert v2(sim, OUTSIDER).get("/settings/preview-hosts").json() == {"hosts": []}
    assert hosts(sim, [], ADMIN).status_code == 403
    assert hosts(sim, []).json() == {"hosts": []}


def test_at_most_five_preview_hosts_are_kept() -> None:
    sim = simulator()
    assert hosts(sim, [f"{i}.example.com" for i in range(6)]).status_code == 422
    assert hosts(sim, [f"{i}.example.com" for i in range(5)]).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "https://example.com",
        "example.com:8080",
        "example.com/path",
        "me@example.com",
        "example.com?a",
        "*",
        "*.com",
        "a.*.example.com",
        "***.example.com",
        "-a.example.com",
        "a..example.com",
        "",
        f"{'a.' * 127}example",
        "x" * 257,
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    assert hosts(simulator(), [host]).status_code == 422


def test_a_personal_scope_has_no_preview_hosts() -> None:
    sim = simulator()
    personal = {"x-scope": sim.person("owner@example.com").personal_scope}
    assert v2(sim).get("/settings/preview-hosts", headers=personal).status_code == 404
    body = {"hosts": ["example.com"]}
    answer = v2(sim).put("/settings/preview-hosts", json=body, headers=personal)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/mcp-servers"),
        ("POST", "/mcp-servers"),
        ("GET", "/mcp-servers/x"),
        ("PATCH", "/mcp-servers/x"),
        ("DELETE", "/mcp-servers/x"),
        ("GET", "/hooks"),
        ("POST", "/hooks"),
        ("GET", "/hooks/x"),
        ("PATCH", "/hooks/x"),
        ("DELETE", "/hooks/x"),
        ("GET", "/settings/preview-hosts"),
        ("PUT", "/settings/preview-hosts"),
    ],
)
def test_an_unknown_key_opens_nothing(method: str, path: str) -> None:
    answer = v2(simulator(), "wrong").request(method, path, json={})
    assert answer.status_code == 401
    assert set(answer.json()) == {"message"}
