"""The simulated Model API: what it writes, when, what it costs, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.client.completing import (
    FORECAST,
    PATH,
    PNG,
    SHOP,
    STOCK,
    WEATHER,
    ask,
    deltas,
    image,
    streamed,
    told,
    tool,
)
from tests.client.simulated import MEMBER, client, simulator
from v0client.http import httpx


def test_a_completion_has_the_form_of_openai() -> None:
    answer = ask(client(simulator())).json()
    assert answer["object"] == "chat.completion"
    assert answer["id"].startswith("chatcmpl-")
    assert answer["model"] == "v0-1.5-md"
    (choice,) = answer["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert min(usage.values()) > 0


def test_the_same_messages_get_the_same_answer_and_others_another() -> None:
    http = client(simulator())
    first = told(http, SHOP)
    assert told(client(simulator()), SHOP) == first
    assert told(http, {"role": "user", "content": "Build a museum"}) != first
    assert "coffee shop" in first["message"]["content"].lower()


def test_an_answer_follows_from_the_whole_conversation() -> None:
    http = client(simulator())
    reply = told(http)["message"]
    then = {"role": "user", "content": "Add a pricing table"}
    after = told(http, SHOP, reply, then)["message"]["content"]
    assert "<Pricing />" in after
    assert after != told(http, then)["message"]["content"]


def test_instructions_and_images_are_noticed() -> None:
    system = {"role": "system", "content": "Write German"}
    parts = [{"type": "text", "text": "Build this"}, image(PNG), image("https://example.com/a.png")]
    said = told(client(simulator()), system, {"role": "user", "content": parts})
    assert "Write German" in said["message"]["content"]
    assert "image/png of 68 bytes" in said["message"]["content"]
    assert "https://example.com/a.png" in said["message"]["content"]


def test_an_image_alone_or_no_user_at_all_is_answered() -> None:
    http = client(simulator())
    assert "68 bytes" in told(http, {"role": "user", "content": [image(PNG)]})["message"]["content"]
    assert told(http, {"role": "developer", "content": "Be brief"})["finish_reason"] == "stop"


def test_a_stream_adds_up_to_the_whole_answer() -> None:
    http = client(simulator())
    chunks = streamed(http)
    assert chunks[-1] == "[DONE]"
    assert {chunk["object"] for chunk in chunks[:-1]} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks[:-1]}) == 1
    changes = deltas(chunks)
    assert changes[0] == {"role": "assistant", "content": "", "refusal": None}
    text = "".join(change.get("content") or "" for change in changes)
    assert text == told(http)["message"]["content"]
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks[:-1]]
    assert reasons == [None] * (len(reasons) - 1) + ["stop"]
    assert not any("usage" in chunk for chunk in chunks[:-1])


def test_a_stream_tells_its_usage_when_asked() -> None:
    http = client(simulator())
    *chunks, last, _ = streamed(http, stream_options={"include_usage": True})
    assert last["choices"] == []
    assert last["usage"] == ask(http).json()["usage"]
    assert {chunk["usage"] for chunk in chunks} == {None}


def moments(speed: float) -> list[float]:
    """When the pieces of a stream arrive, in seconds from the request."""
    sim = simulator(speed=speed)
    begun = sim.clock.now()
    body = {"model": "v0-mini", "messages": [SHOP], "stream": True}
    with client(sim).stream("POST", PATH, json=body) as answer:
        return [sim.clock.now() - begun for _ in answer.iter_raw()]


def test_an_answer_takes_its_time_and_speed_shortens_it() -> None:
    slow, fast = moments(1), moments(4)
    assert 0 < slow[0] < slow[len(slow) // 2] < slow[-1]
    assert slow == sorted(slow)
    assert fast[-1] == pytest.approx(slow[-1] / 4, abs=0.01)
    sim = simulator()
    begun = sim.clock.now()
    ask(client(sim))
    assert sim.clock.now() - begun == pytest.approx(slow[-1], abs=0.01)


@pytest.mark.parametrize(
    ("choice", "message", "called"),
    [
        (None, WEATHER, ["get_weather"]),
        ("auto", WEATHER, ["get_weather"]),
        ("auto", SHOP, []),
        ("auto", {"role": "user", "content": "Weather and stock, please"}, ["weather", "stock"]),
        ("none", WEATHER, []),
        ("required", SHOP, ["get_weather"]),
        ({"type": "function", "function": {"name": "find_stock"}}, WEATHER, ["find_stock"]),
    ],
)
def test_tools_are_called_where_they_are_wanted(
    choice: Any, message: dict[str, Any], called: list[str]
) -> None:
    reply = told(client(simulator()), message, tools=[FORECAST, STOCK], tool_choice=choice)
    names = [call["function"]["name"] for call in reply["message"].get("tool_calls", [])]
    assert len(names) == len(called)
    assert all(word in name for word, name in zip(called, names, strict=True))
    assert reply["finish_reason"] == ("tool_calls" if called else "stop")
    assert (reply["message"]["content"] is None) == bool(called)


def test_one_tool_at_a_time_where_parallel_calls_are_off() -> None:
    asked = {"role": "user", "content": "Weather and stock, please"}
    reply = told(client(simulator()), asked, tools=[FORECAST, STOCK], parallel_tool_calls=False)
    assert len(reply["message"]["tool_calls"]) == 1


def test_arguments_are_what_was_said() -> None:
    (call,) = told(client(simulator()), WEATHER, tools=[FORECAST])["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"city": "Oslo", "days": 3}


def test_what_a_tool_says_is_used_in_the_answer() -> None:
    http = client(simulator())
    reply = told(http, WEATHER, tools=[FORECAST])["message"]
    (call,) = reply["tool_calls"]
    result = {"role": "tool", "tool_call_id": call["id"], "content": "Rain, 7 degrees"}
    after = told(http, WEATHER, reply, result, tools=[FORECAST])
    assert "`get_weather` answered: Rain, 7 degrees" in after["message"]["content"]
    assert after["finish_reason"] == "stop"


def test_streamed_tool_calls_add_up() -> None:
    http = client(simulator())
    asked = {"role": "user", "content": "Weather in Oslo and stock of Tea, please"}
    chunks = streamed(http, asked, tools=[FORECAST, STOCK])
    calls: dict[int, dict[str, str]] = {}
    for change in deltas(chunks):
        for part in change.get("tool_calls", []):
            call = calls.setdefault(part["index"], {"name": "", "arguments": ""})
            call["name"] += part["function"].get("name", "")
            call["arguments"] += part["function"]["arguments"]
    whole = told(http, asked, tools=[FORECAST, STOCK])["message"]["tool_calls"]
    assert list(calls.values()) == [call["function"] for call in whole]
    assert chunks[-2]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_limit_cuts_the_answer(name: str) -> None:
    http = client(simulator())
    answer = ask(http, **{name: 12}).json()
    assert answer["usage"]["completion_tokens"] == 12
    assert answer["choices"][0]["finish_reason"] == "length"
    whole = told(http)["message"]["content"]
    assert whole.startswith(answer["choices"][0]["message"]["content"])
    reply = told(http, WEATHER, tools=[FORECAST], **{name: 3})
    assert reply["finish_reason"] == "length"
    assert reply["message"]["tool_calls"][0]["function"]["arguments"] == '{"city'


@pytest.mark.parametrize("stop", ["```", ["unlikely", "```"]])
def test_a_stop_text_ends_the_answer_before_it(stop: Any) -> None:
    text = told(client(simulator()), stop=stop)["message"]["content"]
    assert text
    assert "```" not in text


def test_an_answer_can_be_json_of_a_schema() -> None:
    http = client(simulator())
    schema = tool("x", city={"type": "string"}, sunny={"type": "boolean"})["function"]["parameters"]
    wanted = {"type": "json_schema", "json_schema": {"name": "report", "schema": schema}}
    report = told(http, WEATHER, response_format=wanted)["message"]["content"]
    assert json.loads(report) == {"city": "Oslo", "sunny": True}
    some = told(http, response_format={"type": "json_object"})["message"]["content"]
    assert isinstance(json.loads(some), dict)


def test_a_request_is_in_the_ledger_with_its_tokens_and_costs_money() -> None:
    sim = simulator()
    http = client(sim)
    before = http.get("/user/billing").json()["data"]["balance"]["remaining"]
    usage = ask(http, model="v0-max").json()["usage"]
    (row,) = http.get("/reports/usage").json()["data"]
    assert row["type"] == "api_request"
    assert float(row["totalCost"]) > 0
    (event,) = sim.store.usage
    assert (event.id, event.model) == (row["id"], "v0-max")
    assert event.tokens == (usage["prompt_tokens"], usage["completion_tokens"], 0, 0)
    after = http.get("/user/billing").json()["data"]["balance"]["remaining"]
    assert before - after == pytest.approx(float(row["totalCost"]), abs=0.0001)


def test_every_answer_has_a_request_id_of_its_own() -> None:
    http = client(simulator())
    answers = [ask(http), ask(http, model="x"), ask(client(simulator(), "wrong"))]
    ids = [answer.headers["x-request-id"] for answer in (*answers[:2], ask(http, stream=True))]
    assert len(set(ids)) == 3
    assert answers[2].headers["x-request-id"].startswith("req_")


def test_faults_are_told_in_the_form_of_openai_and_streams_can_be_cut() -> None:
    sim = simulator()
    http = client(sim)
    sim.faults.add(PATH, status=429, headers={"retry-after": "7"})
    answer = ask(http)
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["error"]["type"] == "rate_limit_error"
    sim.faults.add(PATH, cut_after=300)
    with pytest.raises(httpx.RemoteProtocolError):
        ask(http, stream=True)


def test_only_a_plan_with_usage_based_billing_has_the_model_api() -> None:
    sim = simulator()
    answer = ask(client(sim, MEMBER))
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "permission_error")
    team = next(iter(sim.store.teams))
    http = client(sim, MEMBER)
    http.headers["x-scope"] = team
    assert ask(http).status_code == 200
