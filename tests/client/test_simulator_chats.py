"""Chats, messages and versions of the simulated v1."""

from __future__ import annotations

import pytest

from tests.client.simulated import ADMIN, MEMBER, OUTSIDER, client, new_chat, simulator


def test_sync_create_answers_when_the_version_is_complete() -> None:
    sim = simulator()
    before = sim.clock.now()
    chat = new_chat(client(sim))
    assert chat["latestVersion"]["status"] == "completed"
    assert 3 <= len(chat["latestVersion"]["files"]) <= 20
    assert 6 <= sim.clock.now() - before <= 20
    assert [m["role"] for m in chat["messages"]] == ["user", "assistant"]
    assert chat["messages"][1]["finishReason"] == "stop"
    assert chat["text"] == chat["messages"][1]["content"]


def test_async_create_is_pending_until_its_time_has_come() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, responseMode="async")
    assert chat["latestVersion"]["status"] == "pending"
    assert "demoUrl" not in chat["latestVersion"]
    assert "name" not in chat
    sim.clock.advance(3)
    halfway = http.get(f"/chats/{chat['id']}").json()
    sim.clock.advance(30)
    done = http.get(f"/chats/{chat['id']}").json()
    assert 0 < len(halfway["text"]) < len(done["text"])
    assert done["latestVersion"]["status"] == "completed"
    assert done["name"] == "Pricing page"
    assert done["updatedAt"] > chat["updatedAt"]


def test_the_preview_and_the_screenshot_are_real_pages() -> None:
    sim = simulator()
    http = client(sim)
    version = new_chat(http, "Build a pricing page for a shop")["latestVersion"]
    page = http.get(version["demoUrl"])
    assert page.headers["content-type"].startswith("text/html")
    assert "Pricing page for a shop" in page.text
    assert "x-frame-options" not in page.headers
    assert http.get(version["screenshotUrl"]).text.startswith("<svg")


def test_a_follow_up_changes_files_and_keeps_others() -> None:
    http = client(simulator())
    chat = new_chat(http)
    first = {f["name"]: f["content"] for f in chat["latestVersion"]["files"]}
    body = {"message": "Add a FAQ and a dark palette"}
    answer = http.post(f"/chats/{chat['id']}/messages", json=body)
    second = {f["name"]: f["content"] for f in answer.json()["latestVersion"]["files"]}
    assert "components/faq.tsx" in second.keys() - first.keys()
    assert first["app/globals.css"] != second["app/globals.css"]
    assert first["components/hero.tsx"] == second["components/hero.tsx"]


def test_a_chat_that_is_answering_takes_no_second_message() -> None:
    http = client(simulator())
    chat = new_chat(http, responseMode="async")
    assert http.post(f"/chats/{chat['id']}/messages", json={"message": "More"}).status_code == 409


def test_an_answer_that_was_waited_for_is_over_at_any_moment() -> None:
    sim = simulator()
    http = client(sim)
    for milliseconds in range(20):
        sim.clock.advance(milliseconds / 1000)
        path = f"/chats/{new_chat(http)['id']}/messages"
        assert http.post(path, json={"message": "Next"}).status_code == 200


def test_an_answer_can_end_empty() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, "Build a shop and end empty", responseMode="async")
    sim.clock.advance(60)
    reply = http.get(f"/chats/{chat['id']}").json()["messages"][-1]
    assert (reply["finishReason"], reply["content"]) == ("stop", "")
    assert reply["experimental_content"] == []
    assert http.get("/reports/usage").json()["data"] == []


def test_failing_on_purpose_ends_with_a_failed_version() -> None:
    chat = new_chat(client(simulator()), "Please fail on purpose")
    assert chat["latestVersion"]["status"] == "failed"
    assert chat["messages"][-1]["finishReason"] == "error"


def test_stopping_ends_the_answer_where_it_is() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, responseMode="async")
    sim.clock.advance(4)
    path = f"/chats/{chat['id']}/messages/{chat['messages'][1]['id']}"
    assert http.post(f"{path}/stop").json() == {"success": True}
    stopped = http.get(path).json()
    sim.clock.advance(60)
    assert http.get(path).json() == stopped
    assert stopped["finishReason"] == "other"
    assert http.get(f"/chats/{chat['id']}").json()["latestVersion"]["status"] == "failed"


def test_questions_are_answered_by_resolving_the_task() -> None:
    http = client(simulator())
    chat = new_chat(http, "Build a landing page, but ask me first")
    assert chat["messages"][-1]["finishReason"] == "tool-calls"
    assert "latestVersion" not in chat
    path = f"/chats/{chat['id']}/tasks/resolve"
    answers = [
        {"questionId": name, "questionText": "?", "selectedLabels": ["Calm"]}
        for name in ("audience", "tone")
    ]
    wrong = {"task": {"type": "confirmed-steps"}}
    assert http.post(path, json=wrong).status_code == 409
    resolved = http.post(path, json={"task": {"type": "answered-questions", "answers": answers}})
    assert resolved.json()["latestVersion"]["status"] == "completed"
    assert resolved.json()["messages"][-2]["type"] == "answered-questions"
    assert http.post(path, json=wrong).status_code == 409


def test_chats_are_listed_by_their_last_change_and_paged() -> None:
    http = client(simulator("big:70"))
    first = http.get("/chats").json()["data"]
    rest = http.get("/chats", params={"offset": 60}).json()["data"]
    assert (len(first), len(rest)) == (60, 10)
    rows = first + rest
    assert len({row["id"] for row in rows}) == 70
    assert [r["updatedAt"] for r in rows] == sorted((r["updatedAt"] for r in rows), reverse=True)
    http.patch(f"/chats/{rows[-1]['id']}", json={"name": "Renamed"})
    assert http.get("/chats", params={"limit": 1}).json()["data"][0]["name"] == "Renamed"


@pytest.mark.parametrize("query", ["limit=61", "limit=x", "offset=-1", "isFavorite=yes"])
def test_wrong_list_parameters_are_refused(query: str) -> None:
    answer = client(simulator()).get(f"/chats?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "unprocessable_entity_error"


def test_messages_are_paged_by_cursor_newest_first() -> None:
    http = client(simulator())
    chat = new_chat(http)
    for text in ("Add a FAQ", "Add a chart"):
        http.post(f"/chats/{chat['id']}/messages", json={"message": text})
    path, seen, cursor = f"/chats/{chat['id']}/messages", [], {}
    while True:
        page = http.get(path, params={"limit": 4, **cursor}).json()
        seen += [row["id"] for row in page["data"]]
        if not page["pagination"]["hasMore"]:
            break
        cursor = {"cursor": page["pagination"]["nextCursor"]}
    whole = [m["id"] for m in http.get(f"/chats/{chat['id']}").json()["messages"]]
    assert seen == list(reversed(whole))
    assert http.get(path, params={"limit": 151}).status_code == 422
    assert http.get(path, params={"cursor": "%%%"}).status_code == 422


def test_private_chats_are_seen_by_their_author_alone() -> None:
    sim = simulator("demo")
    lists = {
        key: client(sim, key).get("/chats").json()["data"]
        for key in ("v0-demo-owner", ADMIN, MEMBER, OUTSIDER)
    }
    private = {k: {r["id"] for r in rows if r["privacy"] == "private"} for k, rows in lists.items()}
    shared = [{r["id"] for r in lists[k] if r["privacy"] != "private"} for k in lists]
    assert shared[0] == shared[1] == shared[2] != shared[3]
    assert private[ADMIN]
    assert not private[ADMIN] & private[MEMBER]
    hidden = next(iter(private[ADMIN]))
    assert client(sim, ADMIN).get(f"/chats/{hidden}").status_code == 200
    assert client(sim, MEMBER).get(f"/chats/{hidden}").status_code == 404


@pytest.mark.parametrize(
    ("privacy", "status"), [("team", 403), ("team-edit", 200), ("private", 404)]
)
def test_privacy_decides_who_may_change_a_chat_of_somebody_else(privacy: str, status: int) -> None:
    sim = simulator()
    chat = new_chat(client(sim), chatPrivacy=privacy)
    answer = client(sim, MEMBER).patch(f"/chats/{chat['id']}", json={"name": "Mine"})
    assert answer.status_code == status


def test_public_chats_open_for_strangers_without_write() -> None:
    sim = simulator()
    chat = new_chat(client(sim), chatPrivacy="public")
    seen = client(sim, OUTSIDER).get(f"/chats/{chat['id']}").json()
    assert seen["permissions"] == {"write": False}
    assert client(sim, OUTSIDER).get("/chats").json()["data"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "   "},
        {"message": 5},
        {"message": "x", "surprise": 1},
        {"message": "x", "chatPrivacy": "secret"},
        {"message": "x", "modelConfiguration": {"modelId": "gpt"}},
        {"message": "x", "attachments": [{"name": "a"}]},
        {"message": "x", "attachedSkillIds": ["a", "b", "c", "d"]},
        {"message": "x", "metadata": {"k" * 41: "v"}},
        {"message": "x", "projectId": None},
    ],
)
def test_bodies_are_validated_strictly(body: dict[str, object]) -> None:
    sim = simulator()
    answer = client(sim).post("/chats", json=body)
    assert answer.status_code == 422, answer.text
    assert sim.store.chats == {}


def test_a_body_that_is_not_json_is_refused() -> None:
    assert client(simulator()).post("/chats", content=b"{").status_code == 422


def test_too_large_attachments_answer_413() -> None:
    body = {"message": "x", "attachments": [{"url": "data:," + "a" * 3_000_001}]}
    assert client(simulator()).post("/chats", json=body).status_code == 413


def test_metadata_is_merged_and_null_deletes() -> None:
    http = client(simulator())
    chat = new_chat(http, metadata={"a": "1", "b": "2"})
    path = f"/chats/{chat['id']}"
    merged = http.patch(path, json={"metadata": {"a": None, "c": "3"}}).json()["metadata"]
    assert merged == {"b": "2", "c": "3"}
    assert http.patch(path, json={"metadata": None}).json()["metadata"] == {}


def test_favourites_can_be_listed() -> None:
    http = client(simulator())
    chat = new_chat(http)
    new_chat(http)
    answer = http.put(f"/chats/{chat['id']}/favorite", json={"isFavorite": True})
    assert answer.json() == {"id": chat["id"], "object": "chat", "favorited": True}
    rows = http.get("/chats", params={"isFavorite": "true"}).json()["data"]
    assert [row["id"] for row in rows] == [chat["id"]]


def test_deleted_chats_are_gone_at_once() -> None:
    http = client(simulator())
    chat = new_chat(http)
    assert http.delete(f"/chats/{chat['id']}").json()["deleted"] is True
    assert http.get(f"/chats/{chat['id']}").status_code == 404
    assert http.get("/chats").json()["data"] == []
