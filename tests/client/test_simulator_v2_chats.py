"""Chats of the simulated v2: created, listed, read, changed, deleted, and apart from v1's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, client, simulator

PROMPT = "Build a pricing page"


def v2(sim: Any, key: str = "v0-demo-owner") -> Any:
    return client(sim, key, "v2")


def create(http: Any, message: str = PROMPT, **body: Any) -> dict[str, Any]:
    answer = http.post("/chats", json={"message": message, **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["chat"])


def titles(http: Any, **query: Any) -> list[str]:
    answer = http.get("/chats", params=query)
    assert answer.status_code == 200, answer.text
    return [chat["title"] for chat in answer.json()["chats"]]


def test_a_new_chat_comes_with_what_its_answer_used() -> None:
    sim = simulator()
    http = v2(sim)
    told = http.post("/chats", json={"message": PROMPT}).json()
    assert told["chat"]["title"] == "Pricing page"
    assert told["chat"]["privacy"] == "private"
    assert told["chat"]["writePermission"] is True
    (answer, asked) = http.get(f"/chats/{told['chat']['id']}/messages").json()["messages"]
    assert told["usage"] == answer["usage"]
    assert asked["usage"]["tokens"]["total"] == asked["usage"]["creditsCost"]["total"] == 0
    (row,) = client(sim).get("/reports/usage").json()["data"]
    assert float(row["totalCost"]) == pytest.approx(told["usage"]["creditsCost"]["total"])


def test_a_chat_keeps_what_it_was_created_with() -> None:
    http = v2(simulator())
    given = {"title": "Prices", "privacy": "team", "metadata": {"ticket": "A-1"}}
    chat = create(http, **given)
    assert http.get(f"/chats/{chat['id']}").json() == chat
    assert {name: chat[name] for name in given} == given


def test_a_chat_can_be_created_without_waiting() -> None:
    sim = simulator()
    http = v2(sim)
    answer = http.post("/chats/async", json={"message": PROMPT})
    assert answer.status_code == 202
    path = "/chats/{chatId}/messages/{messageId}".format(**answer.json())
    assert http.get(path).json()["finishReason"] is None
    assert "title" not in http.get(f"/chats/{answer.json()['chatId']}").json()
    sim.clock.advance(60)
    assert http.get(path).json()["finishReason"] == "stop"
    assert titles(http) == ["Pricing page"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "prompt"},
        {"skillIds": ["vercel/next", "vercel/ai"]},
        {"modelConfiguration": {"modelId": "v0-auto", "imageGenerations": False}},
        {"skills": [{"type": "memory", "scope": "team", "skillName": "brand"}]},
    ],
)
def test_the_early_form_of_a_prompt_is_accepted_as_well(body: dict[str, Any]) -> None:
    assert create(v2(simulator()), **body)["title"] == "Pricing page"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": PROMPT, "privacy": "secret"},
        {"message": PROMPT, "chatPrivacy": "team"},
        {"message": PROMPT, "modelConfiguration": {"modelId": "gpt-5"}},
        {"message": PROMPT, "metadata": {"k" * 41: "v"}},
        {"message": PROMPT, "metadata": {"k": "v" * 501}},
        {"message": PROMPT, "metadata": {f"k{i}": "v" for i in range(51)}},
        {"message": PROMPT, "attachments": [{"name": "a.png"}]},
        {"message": PROMPT, "skills": [{"type": "project", "skillName": "a"}] * 4},
        {"message": PROMPT, "skillIds": ["a", "b", "c", "d"]},
        {"message": PROMPT, "type": "telepathy"},
    ],
)
def test_what_v2_does_not_accept_is_refused_with_a_sentence(body: dict[str, Any]) -> None:
    http = v2(simulator())
    answer = http.post("/chats", json=body)
    assert answer.status_code == 422
    assert answer.json().keys() == {"message"}
    assert http.get("/chats").json()["chats"] == []


def test_forms_say_the_same_as_json() -> None:
    http = v2(simulator())
    fields = {
        "message": PROMPT,
        "privacy": "team",
        "metadata[ticket]": "A-1",
        "modelConfiguration[imageGenerations]": "true",
        "attachments": '[{"url":"https://example.com/plan.png"}]',
    }
    plain = http.post("/chats", data=fields)
    parts = http.post("/chats", files={name: (None, value) for name, value in fields.items()})
    for answer in (plain, parts):
        assert answer.status_code == 200, answer.text
        assert answer.json()["chat"]["metadata"] == {"ticket": "A-1"}
        assert answer.json()["chat"]["privacy"] == "team"
    assert http.post("/chats", data={"massage": PROMPT}).status_code == 422


def test_pages_follow_each_other_while_chats_come_and_go() -> None:
    sim = simulator()
    http = v2(sim)
    made = []
    for i in range(7):
        made.append(create(http, title=f"Chat {i}")["id"])
        sim.clock.advance(60)
    seen, cursor = [], None
    while True:
        page = http.get("/chats", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += [chat["id"] for chat in page.json()["chats"]]
        if (cursor := page.json()["cursor"]) is None:
            break
        # The last row that was given goes, and another comes.
        if len(seen) == 4:
            assert http.delete(f"/chats/{seen[-1]}").status_code == 200
            create(http, title="Late")
    assert seen == list(reversed(made))


def test_the_newest_change_is_listed_first() -> None:
    sim = simulator()
    http = v2(sim)
    first = create(http, title="First")
    create(http, title="Second")
    assert titles(http) == ["Second", "First"]
    sim.clock.advance(1)
    http.patch(f"/chats/{first['id']}", json={"title": "First again"})
    assert titles(http) == ["First again", "Second"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "many"},
        {"cursor": "nonsense"},
        {"cursor": "WyJ4Il0"},
        {"authorId": "nobody"},
        {"metadata[k]": "v" * 501},
    ],
)
def test_queries_that_cannot_be_answered_are_refused(query: dict[str, Any]) -> None:
    http = v2(simulator())
    create(http)
    assert http.get("/chats", params=query).status_code == 422


def test_lists_are_filtered_by_author_project_and_metadata() -> None:
    sim = simulator()
    owner, admin = v2(sim), v2(sim, ADMIN)
    create(owner, title="Ours", privacy="team", metadata={"stage": "beta", "area": "shop"})
    create(admin, title="Theirs", privacy="team", metadata={"stage": "beta"})
    assert titles(owner, **{"metadata[stage]": "beta"}) == ["Theirs", "Ours"]
    assert titles(owner, **{"metadata[stage]": "beta", "metadata[area]": "shop"}) == ["Ours"]
    assert titles(owner, **{"metadata[stage]": "live"}) == []
    assert titles(owner, authorId=sim.person("admin@example.com").id) == ["Theirs"]
    outsider = sim.person("outsider@example.com").id
    assert owner.get("/chats", params={"authorId": outsider}).status_code == 422
    next(iter(sim.store.chats.values())).vercel_project_id = "prj_1"
    assert titles(owner, vercelProjectId="prj_1") == ["Ours"]


def test_people_see_and_change_what_privacy_allows() -> None:
    sim = simulator()
    owner, member = v2(sim), v2(sim, MEMBER)
    private, team = create(owner), create(owner, privacy="team")
    shared = create(owner, privacy="team-edit")
    assert member.get(f"/chats/{private['id']}").status_code == 404
    assert member.get(f"/chats/{team['id']}").json()["writePermission"] is False
    assert owner.get(f"/chats/{team['id']}").json()["writePermission"] is True
    assert member.patch(f"/chats/{team['id']}", json={"title": "Mine"}).status_code == 403
    assert member.delete(f"/chats/{team['id']}").status_code == 403
    assert member.patch(f"/chats/{shared['id']}", json={"title": "Ours"}).json()["title"] == "Ours"
    assert v2(sim, OUTSIDER).get(f"/chats/{shared['id']}").status_code == 404
    assert len(member.get("/chats").json()["chats"]) == 2


def test_a_change_leaves_out_what_it_does_not_name() -> None:
    http = v2(simulator())
    chat = create(http, metadata={"a": "1", "b": "2"})
    path = f"/chats/{chat['id']}"
    changed = http.patch(path, json={"metadata": {"b": None, "c": "3"}}).json()
    assert changed["metadata"] == {"a": "1", "c": "3"}
    assert changed["title"] == chat["title"]
    many = {f"k{i}": "v" for i in range(49)}
    assert http.patch(path, json={"metadata": many}).status_code == 422
    assert http.patch(path, json={"metadata": None}).json()["metadata"] == {}
    assert http.patch(path, json={"privacy": "unlisted"}).json()["privacy"] == "unlisted"
    assert http.patch(path, json={"favorite": True}).status_code == 422


def test_a_deleted_chat_is_gone() -> None:
    http = v2(simulator())
    path = f"/chats/{create(http)['id']}"
    assert http.delete(path).json() == {"chatId": path.removeprefix("/chats/")}
    for answer in (http.get(path), http.get(f"{path}/messages"), http.delete(path)):
        assert answer.status_code == 404
    assert http.get("/chats").json()["chats"] == []


def test_chats_of_one_generation_do_not_exist_for_the_other() -> None:
    sim = simulator()
    old, new = client(sim), v2(sim)
    first = old.post("/chats", json={"message": PROMPT}).json()["id"]
    second = create(new)["id"]
    assert old.get(f"/chats/{second}").status_code == 404
    assert new.get(f"/chats/{first}").status_code == 404
    assert new.post(f"/chats/{first}/messages", json={"message": "More"}).status_code == 404
    assert [chat["id"] for chat in old.get("/chats").json()["data"]] == [first]
    assert [chat["id"] for chat in new.get("/chats").json()["chats"]] == [second]


def test_both_addresses_of_v2_lead_to_the_same_chats() -> None:
    sim = simulator()
    chat = create(v2(sim))
    assert client(sim, generation="api/v2").get(f"/chats/{chat['id']}").json() == chat
