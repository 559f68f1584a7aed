"""Projects, env vars, deployments, money and the smaller areas of the simulated v1."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, client, new_chat, simulator


def new_project(http: Any, **body: Any) -> dict[str, Any]:
    answer = http.post("/projects", json={"name": "Shop", **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_projects_are_created_changed_and_deleted() -> None:
    http = client(simulator())
    project = new_project(http, description="Coffee", instructions="Euros")
    path = f"/projects/{project['id']}"
    assert http.patch(path, json={"name": "Coffee shop"}).json()["name"] == "Coffee shop"
    assert http.get(path).json()["instructions"] == "Euros"
    assert [row["id"] for row in http.get("/projects").json()["data"]] == [project["id"]]
    assert http.delete(path).json()["deleted"] is True
    assert http.get(path).status_code == 404


def test_assigned_chats_are_embedded_in_their_project() -> None:
    http = client(simulator())
    project, chat = new_project(http), new_chat(http)
    path = f"/projects/{project['id']}"
    answer = http.post(f"{path}/assign", json={"chatId": chat["id"]})
    assert answer.json() == {"object": "project", "id": project["id"], "assigned": True}
    assert [c["id"] for c in http.get(path).json()["chats"]] == [chat["id"]]
    assert http.get(f"/chats/{chat['id']}/project").json()["id"] == project["id"]
    assert http.get(f"/chats/{chat['id']}").json()["projectId"] == project["id"]


@pytest.mark.parametrize(("flag", "status"), [("true", 404), ("false", 200)])
def test_deleting_a_project_keeps_its_chats_unless_asked(flag: str, status: int) -> None:
    http = client(simulator())
    project = new_project(http)
    chat = new_chat(http, projectId=project["id"])
    http.delete(f"/projects/{project['id']}", params={"deleteAllChats": flag})
    assert http.get(f"/chats/{chat['id']}").status_code == status


def test_private_projects_are_their_authors_own() -> None:
    sim = simulator()
    path = f"/projects/{new_project(client(sim), privacy='private')['id']}"
    assert client(sim, ADMIN).get(path).status_code == 404
    assert client(sim, ADMIN).get("/projects").json()["data"] == []


def test_env_vars_are_sealed_unless_asked_for() -> None:
    http = client(simulator())
    variables = [{"key": "TOKEN", "value": "s3cret"}]
    project = new_project(http, environmentVariables=variables)
    path = f"/projects/{project['id']}/env-vars"
    (sealed,) = http.get(path).json()["data"]
    assert sealed["decrypted"] is False
    assert "s3cret" not in sealed["value"]
    one = http.get(f"{path}/{sealed['id']}", params={"decrypted": "true"}).json()["data"]
    assert (one["value"], one["decrypted"]) == ("s3cret", True)


def test_an_existing_env_var_needs_upsert() -> None:
    http = client(simulator())
    path = f"/projects/{new_project(http)['id']}/env-vars"
    body: dict[str, Any] = {"environmentVariables": [{"key": "A", "value": "1"}]}
    (made,) = http.post(path, json=body).json()["data"]
    assert http.post(path, json=body).status_code == 409
    assert http.post(path, json={**body, "upsert": True}).json()["data"][0]["id"] == made["id"]
    changed = {"environmentVariables": [{"id": made["id"], "value": "2"}]}
    answer = http.patch(path, json=changed, params={"decrypted": "true"})
    assert answer.json()["data"][0]["value"] == "2"
    gone = http.post(f"{path}/delete", json={"environmentVariableIds": [made["id"]]})
    assert gone.json()["data"][0]["deleted"] is True
    assert http.get(path).json()["data"] == []


def deploy(http: Any, message: str) -> tuple[str, dict[str, Any]]:
    chat = new_chat(http, message)
    body = {"chatId": chat["id"], "versionId": chat["latestVersion"]["id"]}
    answer = http.post("/deployments", json=body)
    assert answer.status_code == 200, answer.text
    return f"/deployments/{answer.json()['id']}", dict(answer.json())


def test_logs_grow_while_a_deployment_builds() -> None:
    sim = simulator()
    http = client(sim)
    path, deployment = deploy(http, "Build a shop")
    assert http.get(deployment["webUrl"]).status_code == 404
    texts: list[str] = []
    since: dict[str, float] = {}
    for _ in range(12):
        sim.clock.advance(4)
        page = http.get(f"{path}/logs", params=since).json()
        texts += [line["text"] for line in page["logs"]]
        if "nextSince" not in page:
            break
        since = {"since": page["nextSince"]}
    assert texts[-1] == "Deployment completed"
    assert texts == [line["text"] for line in http.get(f"{path}/logs").json()["logs"]]
    assert http.get(f"{path}/errors").json() == {}
    assert "Shop" in http.get(deployment["webUrl"]).text


def test_a_broken_build_says_what_went_wrong() -> None:
    sim = simulator()
    http = client(sim)
    path, deployment = deploy(http, "Build a shop and break the build")
    sim.clock.advance(60)
    errors = http.get(f"{path}/errors").json()
    assert set(errors) == {"fullErrorText", "errorType", "formattedError"}
    assert http.get(f"{path}/logs").json()["logs"][-1]["type"] == "stderr"
    assert http.get(deployment["webUrl"]).status_code == 404
    assert "Failed to compile" in http.get(deployment["inspectorUrl"]).text


def test_deployments_are_listed_per_version_and_deleted() -> None:
    http = client(simulator())
    path, deployment = deploy(http, "Build a shop")
    query = {"chatId": deployment["chatId"], "versionId": deployment["versionId"]}
    assert len(http.get("/deployments", params=query).json()["data"]) == 1
    assert http.get("/deployments").status_code == 422
    assert http.get(path).json() == deployment
    assert http.delete(path).json()["deleted"] is True
    assert http.get(path).status_code == 404


def test_only_the_owner_sees_the_money_of_the_team() -> None:
    sim = simulator("demo")
    answers = {k: client(sim, k).get("/user/billing").json() for k in ("v0-demo-owner", ADMIN)}
    owner, admin = (answer["data"] for answer in answers.values())
    assert owner["balance"]["total"] > admin["balance"]["total"]
    assert owner["onDemand"]["blocks"]
    assert "blocks" not in admin["onDemand"]
    rows = client(sim, ADMIN).get("/reports/usage", params={"limit": 150}).json()["data"]
    assert {row["user"]["email"] for row in rows} == {"admin@example.com"}
    assert client(sim, ADMIN).get("/reports/user-activity").status_code == 403


def test_the_member_has_the_older_billing_and_a_daily_limit() -> None:
    sim = simulator("demo")
    http = client(sim, MEMBER)
    assert http.get("/user/billing").json()["billingType"] == "legacy"
    scopes = http.get("/user/scopes").json()["data"]
    team = http.get("/user/billing", params={"scope": scopes[1]["id"]}).json()
    assert team["billingType"] == "token"
    foreign = client(sim, OUTSIDER).get("/user/scopes").json()["data"][1]["id"]
    assert http.get("/user/billing", params={"scope": foreign}).status_code == 403
    headers = {"x-scope": scopes[1]["id"]}
    assert http.get("/user/billing", headers=headers).json() == team
    assert http.get("/chats", headers={"x-scope": foreign}).status_code == 403
    before = http.get("/rate-limits").json()["dailyLimit"]["remaining"]
    new_chat(http)
    assert http.get("/rate-limits").json()["dailyLimit"]["remaining"] == before - 1


def test_the_daily_limit_answers_429_with_a_time_to_come_back() -> None:
    sim = simulator()
    http = client(sim, MEMBER)
    for _ in range(http.get("/rate-limits").json()["remaining"]):
        new_chat(http, responseMode="async")
    refused = http.post("/chats", json={"message": "One more"})
    assert refused.status_code == 429
    sim.clock.advance(float(refused.headers["retry-after"]))
    assert http.post("/chats", json={"message": "One more"}).status_code == 200


def test_finished_answers_are_charged() -> None:
    http = client(simulator())
    assert http.get("/reports/usage").json()["data"] == []
    chat = new_chat(http)
    (row,) = http.get("/reports/usage").json()["data"]
    assert row["messageId"] == chat["messages"][1]["id"]
    assert float(row["totalCost"]) > 0
    (tokens,) = http.get("/reports/usage/ai").json()["data"]
    assert tokens["modelId"] == "v0-pro"
    plan = http.get("/user/plan").json()["balance"]
    assert plan["remaining"] < plan["total"]


def test_filtered_usage_pages_may_be_empty_while_more_follow() -> None:
    http = client(simulator("demo"))
    rows: list[Any] = []
    empty, cursor = 0, {}
    outsiders = {"userId": http.get("/user").json()["id"], "limit": 3}
    while True:
        page = http.get("/reports/usage", params={**outsiders, **cursor}).json()
        empty += page["data"] == []
        rows += page["data"]
        if not page["pagination"]["hasMore"]:
            break
        cursor = {"cursor": page["pagination"]["nextCursor"]}
    assert empty
    assert len({row["id"] for row in rows}) == len(rows) > 20


def test_user_activity_counts_the_team() -> None:
    data = client(simulator("demo")).get("/reports/user-activity").json()["data"]
    assert {row["user"]["name"] for row in data} == {"Olivia Owner", "Adam Admin", "Mia Member"}
    assert all(row["messageCount"] > 0 for row in data)


def test_hooks_are_created_changed_listed_and_deleted() -> None:
    http = client(simulator())
    body = {"name": "Ours", "events": ["message.finished"], "url": "https://hooks.example/1"}
    hook = http.post("/hooks", json=body).json()
    path = f"/hooks/{hook['id']}"
    assert http.patch(path, json={"name": "Theirs"}).json() == {**hook, "name": "Theirs"}
    rows = http.get("/hooks").json()["data"]
    assert rows == [{"id": hook["id"], "object": "hook", "name": "Theirs"}]
    assert http.post("/hooks", json={**body, "events": ["chat.opened"]}).status_code == 422
    http.delete(path)
    assert http.get(path).status_code == 404


def test_vercel_projects_can_be_linked() -> None:
    http = client(simulator())
    project = new_project(http)
    body = {"projectId": project["id"], "name": "shop-web"}
    made = http.post("/integrations/vercel/projects", json=body).json()
    assert http.get(f"/projects/{project['id']}").json()["vercelProjectId"] == made["id"]
    assert made in http.get("/integrations/vercel/projects").json()["data"]


def test_mcp_servers_keep_their_secrets() -> None:
    http = client(simulator())
    auth = {"type": "bearer", "token": "t0ken"}
    body = {"name": "Linear", "url": "https://mcp.example/sse", "auth": auth, "scope": "team"}
    server = http.post("/mcp-servers", json=body).json()
    assert server["auth"] == {"type": "bearer"}
    path = f"/mcp-servers/{server['id']}"
    assert http.patch(path, json={"enabled": False}).json()["enabled"] is False
    back = {"returnUrl": "https://app.example/back"}
    assert http.post(f"{path}/oauth/authorize", json=back).status_code == 422
    assert http.delete(path).json()["deleted"] is True
    assert http.get("/mcp-servers").json()["data"] == []


def test_oauth_servers_give_an_address_to_authorize() -> None:
    http = client(simulator())
    config = {
        "authorizationUrl": "https://id.example/a",
        "tokenUrl": "https://id.example/t",
        "clientId": "dash",
    }
    auth = {"type": "oauth", "config": config}
    body = {"name": "Notion", "url": "https://mcp.example/sse", "auth": auth}
    server = http.post("/mcp-servers", json=body).json()
    path = f"/mcp-servers/{server['id']}/oauth/authorize"
    answer = http.post(path, json={"returnUrl": "https://app.example/back"}).json()
    assert answer["mcpServerId"] == server["id"]
    assert answer["state"] in answer["url"]
