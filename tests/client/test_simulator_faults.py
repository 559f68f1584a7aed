"""Everything that is known to go wrong with v0, on demand: what the simulator does then, and what
our client makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.client.simulated import ADMIN, MEMBER, OWNER, client, new_chat, simulator, v0
from v0client import errors
from v0client.http import httpx
from v0client.simulator import Simulator

EXPIRED = 700


def pages_empty(pages: Any) -> list[bool]:
    return [not page.data for page in pages.by_page()]


both_generations = pytest.mark.parametrize("generation", ["v1", "v2"])


def test_credits_that_are_gone_answer_500_in_v1() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v1.chats.create(message="A shop")
        spend_all(sim)
        with pytest.raises(errors.ServerError, match="used up your credits"):
            client_.v1.chats.create(message="A shop")
        with pytest.raises(errors.ServerError):
            client_.v1.chats.send_message(chat.id, message="And a cart")
        assert client_.v1.user.get_plan().balance.remaining == 0
        assert len(list(client_.v1.chats.find())) == 1
        spend_all(sim, left=True)
        client_.v1.chats.send_message(chat.id, message="And a cart")


def spend_all(sim: Simulator, *, left: bool = False) -> None:
    body = {"email": "owner@example.com", "left": left}
    assert client(sim).post(f"{sim.base_url}/_sim/credits", json=body).status_code == 200


def test_credits_that_are_gone_answer_403_in_v2_and_429_in_the_model_api() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v2.chats.create(message="A shop").chat
        spend_all(sim)
        with pytest.raises(errors.Forbidden):
            client_.v2.chats.create_async(message="A shop")
        with pytest.raises(errors.Forbidden):
            client_.v2.messages.send(chat.id, message="And a cart")
        hello: Any = [{"role": "user", "content": "Hello"}]
        with pytest.raises(errors.TooManyRequests) as refused:
            client_.model.chat.completions.create(model="v0-1.5-md", messages=hello)
        assert refused.value.code == "insufficient_quota"
        assert len(list(client_.v2.chats.list())) == 1


@both_generations
@pytest.mark.parametrize("pause", [None, 7])
def test_too_many_requests_with_and_without_a_time_to_come_back(
    generation: str, pause: int | None
) -> None:
    sim = simulator()
    headers = {} if pause is None else {"retry-after": str(pause)}
    sim.faults.add(f"/{generation}/chats", status=429, headers=headers)
    answer = client(sim, generation=generation).get("/chats")
    assert (answer.status_code, answer.headers.get("retry-after")) == (
        (429, None if pause is None else str(pause))
    )


@pytest.mark.parametrize(("generation", "status"), [("v1", 413), ("v2", 422)])
def test_an_attachment_can_be_too_large(generation: str, status: int) -> None:
    sim = simulator()
    body = {
        "message": "Like this",
        "attachments": [{"url": "data:image/png;base64," + "A" * 3_100_000}],
    }
    assert client(sim, generation=generation).post("/chats", json=body).status_code == status
    assert not sim.store.chats


@both_generations
def test_a_run_can_end_with_an_empty_answer(generation: str) -> None:
    sim = simulator()
    prompt = "Please end empty"
    with v0(sim) as client_:
        if generation == "v1":
            chat = client_.v1.chats.create(message=prompt, response_mode="async")
            sim.clock.advance(60)
            reply: Any = client_.v1.chats.get_by_id(chat.id).messages[-1]
        else:
            begun = client_.v2.chats.create_async(message=prompt)
            sim.clock.advance(60)
            reply = client_.v2.messages.get(begun.chat_id, begun.message_id)
            assert reply.parts == []
    assert (reply.role, reply.content, reply.finish_reason) == ("assistant", "", "stop")


def test_a_preview_can_be_missing_for_a_while_and_its_token_expire() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v2.chats.create(message="A shop").chat
        sim.clock.advance(60)
        sim.faults.add("/v2/chats/*/preview", patch={"": None}, times=2)
        answers = [client_.v2.chats.get_preview(chat.id) for _ in range(3)]
        assert answers[:2] == [None, None]
    preview = answers[2]
    assert preview is not None
    token, http = {"x-v0-preview-token": preview.token}, client(sim)
    assert http.get(preview.url, headers=token).status_code == 200
    sim.clock.advance(EXPIRED)
    late = http.get(preview.url, headers=token)
    assert (late.status_code, late.headers["x-v0-preview-refresh"]) == (401, "1")


@both_generations
def test_a_usage_page_can_be_empty_while_more_follow(generation: str) -> None:
    sim = simulator("demo")
    sim.faults.add(f"/{generation}/", patch={"data": []})
    with v0(sim) as client_:
        if generation == "v1":
            empty = pages_empty(client_.v1.reports.get_usage(limit=40))
        else:
            start = sim.moment().replace(day=1)
            empty = pages_empty(client_.v2.usage.list_events(start=start, limit=10))
    assert empty[0]
    assert not all(empty)


def test_new_values_and_fields_break_nothing_in_v1() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v1.chats.create(message="A shop")
        fresh = {
            "messages.*.type": "dreamt",
            "modelConfiguration.modelId": "v0-ultra",
            "latestVersion.status": "archived",
            "mood": {"is": "good"},
        }
        sim.faults.add("/v1/chats/*", patch=fresh)
        read = client_.v1.chats.get_by_id(chat.id)
    assert {message.type for message in read.messages} == {"dreamt"}
    assert read.latest_version is not None
    assert read.latest_version.status == "archived"
    assert (read.model_extra or {})["mood"] == {"is": "good"}


def test_new_values_and_fields_break_nothing_in_v2() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v2.chats.create(message="A shop").chat
        fresh = {"messages.*.parts.0": {"type": "smell", "of": "coffee"}, "messages.0.mood": 1}
        sim.faults.add("/v2/chats/*/messages", patch=fresh)
        read = client_.v2.messages.list(chat.id).first().data
        assert read[0].parts[0].type == "smell"
        assert (read[0].model_extra or {})["mood"] == 1
        sim.faults.add("/v2/chats/stream", patch={"mood": 1})
        with client_.v2.chats.create_stream(message="A shop") as events:
            assert all((event.model_extra or {})["mood"] == 1 for event in events)
        assert events.state.finished


@both_generations
def test_a_chat_can_be_gone_because_it_was_deleted_elsewhere(generation: str) -> None:
    sim = simulator()
    with v0(sim) as client_:
        here: Any = client_.v1.chats if generation == "v1" else client_.v2.chats
        made = here.create(message="A shop")
        chat = made if generation == "v1" else made.chat
        client(sim, generation=generation).delete(f"/chats/{chat.id}")
        with pytest.raises(errors.NotFound):
            here.get_by_id(chat.id) if generation == "v1" else here.get(chat.id)


def test_a_preview_address_can_be_set_but_broken() -> None:
    sim = simulator()
    http = client(sim)
    demo = new_chat(http)["latestVersion"]["demoUrl"]
    sim.faults.add("/preview/", status=500, times=2)
    assert [http.get(demo).status_code for _ in range(3)] == [500, 500, 200]
    sim.faults.add("/preview/", reset=True)
    with pytest.raises(httpx.ReadError):
        http.get(demo)
    sim.faults.add("/", status=500)
    assert http.get(demo).status_code == 200


def test_a_key_can_be_revoked_between_two_calls() -> None:
    sim = simulator()
    with v0(sim) as client_:
        chat = client_.v1.chats.create(message="A shop")
        sim.revoke(OWNER)
        for call in (client_.v1.user.get, lambda: client_.v1.chats.get_by_id(chat.id)):
            with pytest.raises(errors.Unauthorized):
                call()


def test_a_key_sees_only_itself_or_the_whole_team() -> None:
    sim = simulator("demo")
    with v0(sim) as owner, v0(sim, ADMIN) as admin:
        team, own = owner.v2.usage.get_summary(), admin.v2.usage.get_summary()
        assert (team.scope.is_team_wide, own.scope.is_team_wide) == (True, False)
        rows = [row.user for row in admin.v1.reports.get_usage(limit=150).first().data]
        assert {user.email for user in rows if user} == {"admin@example.com"}
    seen = {key: len(client(sim, key).get("/chats").json()["data"]) for key in (OWNER, MEMBER)}
    assert all(seen.values())


@both_generations
def test_a_post_can_take_minutes(generation: str) -> None:
    sim = simulator()
    sim.faults.add(f"/{generation}/chats", method="POST", delay=240)
    before = sim.clock.now()
    client(sim, generation=generation).post("/chats", json={"message": "A shop"})
    assert sim.clock.now() >= before + 240
    assert len(sim.store.chats) == 1


@both_generations
@pytest.mark.parametrize(("when", "chats"), [("before", 0), ("after", 1)])
def test_a_connection_breaks_before_or_after_the_work(
    generation: str, when: str, chats: int
) -> None:
    sim = simulator()
    sim.faults.add(f"/{generation}/chats", method="POST", reset=when)
    with v0(sim) as client_:
        here: Any = client_.v1.chats if generation == "v1" else client_.v2.chats
        with pytest.raises(errors.ConnectionFailed) as failed:
            here.create(message="A shop")
    assert failed.value.maybe_sent
    assert len(sim.store.chats) == chats


@both_generations
def test_an_answer_can_be_no_json(generation: str) -> None:
    sim = simulator()
    with v0(sim) as client_:
        here: Any = client_.v1.chats if generation == "v1" else client_.v2.chats
        sim.faults.add(f"/{generation}/chats", not_json=True)
        with pytest.raises(errors.InvalidAnswer):
            here.create(message="A shop")
        sim.faults.add(f"/{generation}/chats", body="{not json")
        with pytest.raises(errors.InvalidAnswer):
            here.create(message="A shop")
    assert len(sim.store.chats) == 2


def test_faults_are_set_and_cleared_from_outside() -> None:
    sim = simulator()
    http, faults = client(sim), f"{sim.base_url}/_sim/faults"
    assert http.post(faults, json={"path": "/user", "status": 503, "times": None}).json()["ok"]
    assert http.get("/user").status_code == 503
    for wrong in ({"path": "/user", "patience": 3}, {"status": 500}, {"path": 1}):
        assert http.post(faults, json=wrong).status_code == 422
    http.delete(faults)
    assert http.get("/user").status_code == 200


def test_used_up_credits_come_back_with_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    sim = simulator(journal=journal)
    spend_all(sim)
    again = simulator(journal=journal, now=sim.moment())
    assert client(again).post("/chats", json={"message": "A shop"}).status_code == 500
