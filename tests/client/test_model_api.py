"""The client of the Model API: against the simulator, and against answers that it does not give."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.client.backend import KEY, Body, Script, answered, ask, on_both_clients
from tests.client.cases.model_api import CHUNK, COMPLETION
from tests.client.simulated import MEMBER, OWNER, simulator
from v0client import V0, AsyncV0, errors, http
from v0client.model_api.chunks import PartialCompletion

MODEL = "v0-1.5-md"
SHOP = [{"role": "user", "content": "Build a coffee shop"}]
WEATHER = [{"role": "user", "content": "How is the weather in Oslo?"}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}]
PNG = "data:image/png;base64," + base64.b64encode(bytes(20)).decode()


async def async_answer(sim: Any, key: str, options: dict[str, Any]) -> Any:
    async with AsyncV0(key, base_url=sim.base_url, transport=sim.transport()) as client:
        return await client.model.chat.completions.create(**options)


async def async_stream(sim: Any, options: dict[str, Any]) -> PartialCompletion:
    client = AsyncV0(OWNER, base_url=sim.base_url, transport=sim.transport())
    async with client, client.model.chat.completions.create_stream(**options) as events:
        async for event in events:
            assert event.object == "chat.completion.chunk"
        return events.state


def create(kind: str, *, key: str = OWNER, **options: Any) -> Any:
    """What the simulator answers to one of the clients."""
    sim, options = simulator(), {"model": MODEL, "messages": SHOP, **options}
    if kind == "asyncio":
        return asyncio.run(async_answer(sim, key, options))
    with V0(key, base_url=sim.base_url, transport=sim.transport()) as client:
        return client.model.chat.completions.create(**options)


def followed(kind: str, **options: Any) -> PartialCompletion:
    """What the simulator's stream adds up to on one of the clients."""
    sim, options = simulator(), {"model": MODEL, "messages": SHOP, **options}
    if kind == "asyncio":
        return asyncio.run(async_stream(sim, options))
    client = V0(OWNER, base_url=sim.base_url, transport=sim.transport())
    with client, client.model.chat.completions.create_stream(**options) as events:
        for event in events:
            assert event.object == "chat.completion.chunk"
        return events.state


@on_both_clients
def test_a_completion_is_typed(kind: str) -> None:
    completion = create(kind, temperature=0.5)
    (choice,) = completion.choices
    assert "Coffee shop" in choice.message.content
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert completion.created == datetime(2026, 6, 15, 12, tzinfo=UTC)
    assert completion.usage.total_tokens > completion.usage.prompt_tokens > 0


@on_both_clients
def test_a_stream_adds_up_to_the_same(kind: str) -> None:
    whole = create(kind)
    state = followed(kind, include_usage=True)
    assert state.text == whole.choices[0].message.content
    assert state.message.content == state.text
    assert (state.id, state.model) == (whole.id, MODEL)
    assert (state.finished, state.finish_reason) == (True, "stop")
    assert state.usage == whole.usage
    assert followed(kind).usage is None


@on_both_clients
def test_a_tool_is_called_and_its_answer_used(kind: str) -> None:
    message = create(kind, messages=WEATHER, tools=TOOLS).choices[0].message
    (call,) = message.tool_calls
    assert json.loads(call.function.arguments) == {"city": "Oslo"}
    result = {"role": "tool", "tool_call_id": call.id, "content": "Rain"}
    after = create(kind, messages=[*WEATHER, message, result], tools=TOOLS)
    assert "Rain" in after.choices[0].message.content


@on_both_clients
def test_streamed_tool_calls_can_be_sent_back(kind: str) -> None:
    state = followed(kind, messages=WEATHER, tools=TOOLS)
    whole = create(kind, messages=WEATHER, tools=TOOLS).choices[0].message
    assert state.message == whole
    assert state.finish_reason == "tool_calls"
    result = {"role": "tool", "tool_call_id": state.tool_calls[0].id, "content": "Rain"}
    assert "Rain" in followed(kind, messages=[*WEATHER, state.message, result], tools=TOOLS).text


@on_both_clients
def test_images_and_forms_of_answers_reach_the_model(kind: str) -> None:
    parts = [{"type": "image_url", "image_url": {"url": PNG, "detail": "low"}}]
    seen = create(kind, messages=[{"role": "user", "content": parts}])
    assert "image/png of 20 bytes" in seen.choices[0].message.content
    form = {"type": "json_schema", "json_schema": {"name": "place", "schema": PARAMETERS}}
    place = create(kind, messages=WEATHER, response_format=form)
    assert json.loads(place.choices[0].message.content) == {"city": "Oslo"}


@on_both_clients
@pytest.mark.parametrize(
    ("options", "error", "param", "code"),
    [
        ({"temperature": 9.0}, errors.BadRequest, "temperature", "invalid_value"),
        ({"model": "gpt-4o"}, errors.NotFound, "model", "model_not_found"),
        ({"key": MEMBER}, errors.Forbidden, "", ""),
        ({"key": "wrong"}, errors.Unauthorized, "", "invalid_api_key"),
    ],
)
def test_errors_say_which_field_and_why(
    kind: str, options: dict[str, Any], error: type[errors.StatusError], param: str, code: str
) -> None:
    with pytest.raises(error) as caught:
        create(kind, **options)
    assert (caught.value.param, caught.value.code) == (param, code)
    assert caught.value.operation == "model.chat.completions.create"
    assert caught.value.request_id.startswith("req_")


def asked(client: Any) -> Any:
    return client.model.chat.completions.create(model=MODEL, messages=SHOP)


def streaming(client: Any) -> Any:
    return client.model.chat.completions.create_stream(model=MODEL, messages=SHOP)


@on_both_clients
def test_what_is_not_declared_is_kept(kind: str) -> None:
    completion = ask(kind, Script(answered({**COMPLETION, "service_tier": "default"})), asked)
    assert completion.model_extra == {"service_tier": "default"}
    assert completion.choices[0].message.model_extra == {"annotations": []}


@on_both_clients
def test_a_completion_is_not_sent_twice(kind: str) -> None:
    script = Script(http.Response(500, json={}), answered(COMPLETION))
    with pytest.raises(errors.ServerError):
        ask(kind, script, asked)
    assert len(script.requests) == 1


@on_both_clients
def test_a_stream_that_breaks_off_or_reports_an_error_raises(kind: str) -> None:
    begun = b"data: " + json.dumps({**CHUNK, "choices": []}).encode() + b"\n\n"
    lost = Body([begun], http.ReadError("gone"))
    with pytest.raises(errors.ConnectionFailed):
        ask(kind, Script(http.Response(200, stream=lost)), streaming)
    failed = Body([begun, b'data: {"error":{"message":"No credits","code":"credits"}}\n\n'])
    with pytest.raises(errors.StreamFailed, match="No credits"):
        ask(kind, Script(http.Response(200, stream=failed)), streaming)


def test_a_misspelt_option_is_refused_at_run_time() -> None:
    with V0(KEY) as client, pytest.raises(TypeError, match="Options has no field temprature"):
        client.model.chat.completions.create(model=MODEL, messages=SHOP, temprature=1)


def test_tool_calls_may_come_out_of_order_and_in_any_pieces() -> None:
    state = PartialCompletion()
    for part in (
        {"index": 10**12, "id": "call_b", "function": {"name": "two", "arguments": "{}"}},
        {"index": 0, "id": "call_a", "type": "function", "function": {"name": "one"}},
        {"index": 0, "function": {"arguments": '{"a"'}},
        {"index": 0},
        {"index": 0, "function": {"arguments": ":1}"}},
    ):
        state.add({**CHUNK, "choices": [{"index": 0, "delta": {"tool_calls": [part]}}]})
    calls = [(c.id, c.function.name, c.function.arguments) for c in state.tool_calls]
    assert calls == [("call_a", "one", '{"a":1}'), ("call_b", "two", "{}")]
    assert not state.finished
