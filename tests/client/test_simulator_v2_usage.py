"""Usage and activity of the simulated v2: the same ledger as v1's reports."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, OWNER, client, new_chat, simulator
from tests.client.simulated_v2 import v2
from v0client.simulator import Simulator

QUARTER = {"start": "2026-03-01T00:00:00Z", "end": "2026-06-16T00:00:00.000Z"}
PATHS = ("/usage/summary", "/usage/events", "/usage/activity")


@pytest.fixture(scope="module")
def demo() -> Simulator:
    """The demo's ninety days; these tests only read them."""
    return simulator("demo")


def told(http: Any, path: str, **query: Any) -> dict[str, Any]:
    answer = http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def walk(http: Any, **query: Any) -> list[dict[str, Any]]:
    """Every page of the events; the cursor alone leads on."""
    pages = [told(http, "/usage/events", **query)]
    while cursor := pages[-1]["pagination"]["cursor"]:
        pages.append(told(http, "/usage/events", cursor=cursor, limit=query.get("limit", 50)))
    assert not pages[-1]["pagination"]["hasMore"]
    return pages


def rows(http: Any, **query: Any) -> list[dict[str, Any]]:
    return [row for page in walk(http, **query) for row in page["data"]]


def test_the_events_are_v1s_ledger(demo: Simulator) -> None:
    events = rows(v2(demo), **QUARTER, limit=100)
    old: list[Any] = []
    cursor: dict[str, str] = {}
    while not old or cursor:
        page = client(demo).get("/reports/usage", params={"limit": 150, **cursor}).json()
        old += page["data"]
        more = page["pagination"].get("nextCursor")
        cursor = {"cursor": more} if more else {}
    assert [row["id"] for row in events] == [row["id"] for row in old]
    charged = sum(row["creditsCost"]["charged"] for row in events)
    assert charged == pytest.approx(sum(float(row["totalCost"]) for row in old))
    assert told(v2(demo), "/usage/summary", **QUARTER)["credits"]["total"] == pytest.approx(charged)


def test_the_last_seven_days_are_the_default(demo: Simulator) -> None:
    summary = told(v2(demo), "/usage/summary")
    start, end = (datetime.fromisoformat(summary["range"][name]) for name in ("start", "end"))
    assert end == datetime.fromtimestamp(demo.clock.now(), UTC)
    assert (end - start).days == 7
    assert all(told(v2(demo), path)["range"] == summary["range"] for path in PATHS)


def test_the_days_of_a_summary_add_up(demo: Simulator) -> None:
    summary = told(v2(demo), "/usage/summary", **QUARTER)
    days = [day["date"] for day in summary["daily"]]
    assert days == sorted(set(days))
    for kind in ("plan", "onDemand", "total"):
        daily = sum(day["credits"][kind] for day in summary["daily"])
        assert daily == pytest.approx(summary["credits"][kind], abs=1e-4)
    assert summary["credits"]["plan"] > summary["credits"]["onDemand"] > 0


def test_owners_see_the_team_and_the_others_themselves(demo: Simulator) -> None:
    people = {key: demo.person(f"{key.rpartition('-')[2]}@example.com") for key in (OWNER, ADMIN)}
    team = told(v2(demo), "/usage/summary", **QUARTER)
    assert team["scope"] == {"id": people[OWNER].team_id, "type": "team", "isTeamWide": True}
    own = told(v2(demo, ADMIN), "/usage/summary", **QUARTER)
    assert (own["scope"]["isTeamWide"], own["scope"]["userId"]) == (False, people[ADMIN].id)
    picked = told(v2(demo), "/usage/summary", **QUARTER, userId=people[ADMIN].id)
    assert picked["scope"] == own["scope"]
    assert picked["credits"] == own["credits"]
    assert own["credits"]["total"] < team["credits"]["total"]
    assert {row["userId"] for row in rows(v2(demo, ADMIN), **QUARTER)} == {people[ADMIN].id}


def test_who_pays_personally_has_a_personal_scope(demo: Simulator) -> None:
    member, owner = demo.person("member@example.com"), demo.person("owner@example.com")
    own = told(v2(demo, MEMBER), "/usage/summary", **QUARTER)["scope"]
    assert (own["id"], own["type"]) == (member.personal_scope, "personal")
    headers = {"x-scope": member.team_id}
    team = v2(demo, MEMBER).get("/usage/summary", params=QUARTER, headers=headers).json()["scope"]
    assert (team["id"], team["type"], team["userId"]) == (member.team_id, "team", member.id)
    headers = {"x-scope": owner.personal_scope}
    scope = v2(demo).get("/usage/summary", headers=headers).json()["scope"]
    assert (scope["type"], scope["isTeamWide"]) == ("personal", False)


@pytest.mark.parametrize("path", PATHS)
def test_the_usage_of_others_is_refused(demo: Simulator, path: str) -> None:
    owner, outsider = (demo.person(f"{who}@example.com").id for who in ("owner", "outsider"))
    assert v2(demo, ADMIN).get(path, params={"userId": owner}).status_code == 403
    assert v2(demo).get(path, params={"userId": outsider}).status_code == 403
    assert v2(demo).get(path, params={"userId": "nobody"}).status_code == 403
    foreign = {"x-scope": demo.person("outsider@example.com").team_id}
    assert v2(demo).get(path, headers=foreign).status_code == 403
    assert v2(demo, "wrong").get(path).status_code == 401


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        {"start": "yesterday"},
        {"end": "2026-06-01"},
        {"start": "2026-06-01T00:00:00+02:00"},
        {"start": "2026-06-10T00:00:00Z", "end": "2026-06-10T00:00:00Z"},
    ],
)
def test_a_range_is_two_times_in_utc_and_in_order(
    demo: Simulator, path: str, query: dict[str, str]
) -> None:
    assert v2(demo).get(path, params=query).status_code == 422


def test_the_start_counts_and_the_end_does_not(demo: Simulator) -> None:
    at = rows(v2(demo), **QUARTER)[7]["createdAt"]
    assert at not in {row["createdAt"] for row in rows(v2(demo), **{**QUARTER, "end": at})}
    assert rows(v2(demo), **{**QUARTER, "start": at})[-1]["createdAt"] == at


def test_a_limit_counts_the_records_of_each_source(demo: Simulator) -> None:
    pages = walk(v2(demo), **QUARTER, limit=10)
    for page in pages:
        sources = Counter(source for row in page["data"] for source in row["sources"])
        assert max(sources.values()) <= 10
    assert max(len(page["data"]) for page in pages) > 10
    ids = [row["id"] for page in pages for row in page["data"]]
    assert ids == [row["id"] for row in rows(v2(demo), **QUARTER, limit=100)]


def test_a_cursor_keeps_the_range_and_the_filters(demo: Simulator) -> None:
    admin = demo.person("admin@example.com").id
    pages = walk(v2(demo), **QUARTER, userId=admin, limit=20)
    assert len(pages) > 2
    assert {page["range"]["start"] for page in pages} == {"2026-03-01T00:00:00.000Z"}
    assert {row["userId"] for page in pages for row in page["data"]} == {admin}
    cursor = pages[0]["pagination"]["cursor"]
    same = told(v2(demo), "/usage/events", **QUARTER, userId=admin, limit=20, cursor=cursor)
    assert same == pages[1]


def test_a_cursor_for_something_else_is_a_conflict(demo: Simulator) -> None:
    cursor = told(v2(demo), "/usage/events", **QUARTER, limit=5)["pagination"]["cursor"]
    owner = demo.person("owner@example.com")
    for query in (
        {"start": "2026-03-02T00:00:00Z"},
        {"userId": owner.id},
        {"chatId": "another"},
    ):
        answer = v2(demo).get("/usage/events", params={"cursor": cursor, **query})
        assert answer.status_code == 409
    assert v2(demo, ADMIN).get("/usage/events", params={"cursor": cursor}).status_code == 409
    personal = {"x-scope": owner.personal_scope}
    answer = v2(demo).get("/usage/events", params={"cursor": cursor}, headers=personal)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"cursor": "e30"}]
)
def test_wrong_pages_are_refused(demo: Simulator, query: dict[str, Any]) -> None:
    assert v2(demo).get("/usage/events", params=query).status_code == 422


def test_a_filtered_page_may_be_empty_while_more_follow(demo: Simulator) -> None:
    oldest = [row for row in rows(v2(demo), **QUARTER) if "messageId" in row][-1]
    for name in ("chatId", "messageId"):
        pages = walk(v2(demo), **QUARTER, limit=20, **{name: oldest[name]})
        assert pages[0]["data"] == []
        assert pages[0]["pagination"]["hasMore"]
        found = [row for page in pages for row in page["data"]]
        assert oldest in found
        assert {row[name] for row in found} == {oldest[name]}


def test_an_event_says_what_its_message_says() -> None:
    sim = simulator()
    http = v2(sim)
    chat = http.post("/chats", json={"message": "A shop"}).json()["chat"]
    answer = http.get(f"/chats/{chat['id']}/messages").json()["messages"][0]
    sim.clock.advance(1)
    (event,) = rows(http)
    assert event["tokens"] == answer["usage"]["tokens"]
    charged = event["creditsCost"].pop("charged")
    assert event["creditsCost"] == answer["usage"]["creditsCost"]
    assert charged == pytest.approx(event["creditsCost"]["total"])
    assert (event["chatId"], event["messageId"]) == (chat["id"], answer["id"])
    http.delete(f"/chats/{chat['id']}")
    assert rows(http)[0]["tokens"] is None


def test_what_the_plan_does_not_cover_is_paid_on_demand() -> None:
    sim = simulator()
    chat = new_chat(client(sim), modelConfiguration={"modelId": "v0-max-fast"})
    (first,) = sim.store.usage
    sim.store.usage[0].prompt_cost = 30 - first.completion_cost - 0.01
    new_chat(client(sim))
    sim.clock.advance(1)
    second, first_told = rows(v2(sim))
    assert first_told["chatId"] == chat["id"]
    assert (first_told["sources"], second["sources"]) == (["plan"], ["plan", "on-demand"])
    credits = told(v2(sim), "/usage/summary")["credits"]
    assert credits["plan"] == pytest.approx(30)
    assert credits["onDemand"] > 0


def test_repairs_are_waived() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, "Build a shop and fail on purpose")
    body = {"message": "Fix it", "action": {"type": "fix-with-v0"}}
    assert http.post(f"/chats/{chat['id']}/messages", json=body).status_code == 200
    sim.clock.advance(1)
    repair, build = rows(v2(sim))
    assert (repair["waived"], build["waived"]) == (True, False)
    assert repair["creditsCost"]["total"] > repair["creditsCost"]["charged"] == 0
    summary = told(v2(sim), "/usage/summary")["credits"]
    assert summary["total"] == pytest.approx(build["creditsCost"]["charged"])
    assert client(sim).get("/reports/usage").json()["data"][0]["totalCost"] == "0.000000"


def test_activity_counts_messages_by_chat_and_project(demo: Simulator) -> None:
    activity = told(v2(demo), "/usage/activity", **QUARTER)
    messages = [row for row in rows(v2(demo), **QUARTER) if row["type"] == "message"]
    summary = activity["summary"]
    assert summary["messageCount"] == len(messages)
    assert summary["activeUsers"] == 3
    assert summary["activeDays"] == len({row["createdAt"][:10] for row in messages})
    assert summary["chatCount"] == len(activity["chats"])
    for kind in ("chats", "projects"):
        counts = [row["messageCount"] for row in activity[kind]]
        assert sum(counts) == summary["messageCount"]
        latest = [row["lastActivity"] for row in activity[kind]]
        assert latest == sorted(latest, reverse=True)
    assert {row["kind"] for row in activity["projects"]} == {"project", "drafts", "unavailable"}


def test_activity_hides_chats_that_the_caller_may_not_see(demo: Simulator) -> None:
    chats = told(v2(demo), "/usage/activity", **QUARTER)["chats"]
    owner = demo.person("owner@example.com")
    for row in chats:
        chat = demo.store.chats[row["chatId"]]
        shown = chat.privacy != "private" or chat.author_id == owner.id
        assert row["kind"] == ("chat" if shown else "unavailable")
        assert (row["title"] == chat.name) is shown
    assert {row["kind"] for row in chats} == {"chat", "unavailable"}


def test_activity_names_the_project_of_a_chat_and_remembers_deleted_ones() -> None:
    sim = simulator()
    http = v2(sim)
    kept, gone = (
        http.post("/chats", json={"message": "A shop"}).json()["chat"]["id"] for _ in range(2)
    )
    http.post(f"/chats/{kept}/vercel-project", json={"name": "shop-web"})
    http.delete(f"/chats/{gone}")
    sim.clock.advance(1)
    activity = told(http, "/usage/activity")
    assert {row["chatId"]: row["kind"] for row in activity["chats"]} == {
        kept: "chat",
        gone: "unavailable",
    }
    named = {row["kind"]: row["name"] for row in activity["projects"]}
    assert named["project"] == "shop-web"
    assert told(v2(sim, OUTSIDER), "/usage/activity")["summary"]["messageCount"] == 0
