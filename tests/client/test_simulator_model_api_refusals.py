"""What the simulated Model API refuses, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.completing import FORECAST, PATH, SHOP, WEATHER, ask, image, tool
from tests.client.simulated import client, simulator

CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
LISTING = {"type": "function", "function": {"name": "x", "parameters": {"type": "array"}}}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "Rain"}


def said(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


@pytest.mark.parametrize(
    ("options", "param", "code"),
    [
        ({"model": None}, "model", "invalid_type"),
        ({"colour": "red"}, "colour", "unknown_parameter"),
        ({"n": 2}, "n", "invalid_value"),
        ({"temperature": 2.1}, "temperature", "invalid_value"),
        ({"top_p": -0.1}, "top_p", "invalid_value"),
        ({"presence_penalty": 3}, "presence_penalty", "invalid_value"),
        ({"max_tokens": 0}, "max_tokens", "invalid_value"),
        ({"max_completion_tokens": "9"}, "max_completion_tokens", "invalid_type"),
        ({"stream": "yes"}, "stream", "invalid_type"),
        ({"stream_options": {"include_usage": True}}, "stream_options", "invalid_value"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "invalid_value"),
        ({"tools": []}, "tools", "invalid_value"),
        ({"tools": [tool("two words")]}, "tools[0].function.name", "invalid_value"),
        ({"tools": [FORECAST], "tool_choice": "any"}, "tool_choice", "invalid_value"),
        ({"tool_choice": "auto"}, "tool_choice", "invalid_value"),
        (
            {"tools": [FORECAST], "tool_choice": {"type": "function", "function": {"name": "x"}}},
            "tool_choice",
            "invalid_value",
        ),
        (
            {"tools": [FORECAST, LISTING]},
            "tools[1].function.parameters",
            "invalid_value",
        ),
        (
            {"response_format": {"type": "json_schema"}},
            "response_format.json_schema",
            "missing_required_parameter",
        ),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], param: str, code: str) -> None:
    answer = ask(client(simulator()), **options)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, param, code)
    assert error["type"] == "invalid_request_error"
    assert error["message"]


@pytest.mark.parametrize(
    ("message", "param", "code"),
    [
        ({"content": "x"}, "messages[1].role", "missing_required_parameter"),
        ({"role": "robot", "content": "x"}, "messages[1].role", "invalid_value"),
        ({"role": "user"}, "messages[1]", "invalid_value"),
        ({"role": "user", "content": 5}, "messages[1].content", "invalid_type"),
        ({"role": "tool", "content": "x"}, "messages[1]", "invalid_value"),
        ({"role": "user", "content": "x", "tool_calls": [CALL]}, "messages[1]", "invalid_value"),
        ({"role": "system", "content": [image("https://a.b")]}, "messages[1]", "invalid_value"),
        (said({"type": "text"}), "messages[1].content[0]", "invalid_value"),
        (said({"type": "input_audio"}), "messages[1].content[0].type", "invalid_value"),
    ],
)
def test_a_wrong_message_is_named(message: dict[str, Any], param: str, code: str) -> None:
    answer = ask(client(simulator()), SHOP, message)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, param, code)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:image/bmp;base64,AAAA", "invalid_image_format"),
        ("data:image/png;base64,AAA", "invalid_image_url"),
        ("data:image/png;base64,", "invalid_image_url"),
        ("data:text/plain;base64,AAAA", "invalid_image_url"),
        ("/etc/passwd", "invalid_image_url"),
    ],
)
def test_what_is_no_image_is_refused(url: str, code: str) -> None:
    error = ask(client(simulator()), said(image(url))).json()["error"]
    assert (error["code"], error["param"]) == (code, "messages[0].content[0].image_url.url")


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([WEATHER, RESULT], "messages[1]"),
        ([WEATHER, CALLING], "messages"),
        ([WEATHER, CALLING, SHOP], "messages[2]"),
        ([WEATHER, CALLING, {**RESULT, "tool_call_id": "call_2"}], "messages[2]"),
        ([WEATHER, CALLING, RESULT, RESULT], "messages[3]"),
    ],
)
def test_tool_calls_and_their_answers_belong_together(
    messages: list[dict[str, Any]], param: str
) -> None:
    answer = ask(client(simulator()), *messages, tools=[FORECAST])
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_a_schema_that_nothing_fits_is_refused() -> None:
    http = client(simulator())
    nothing = tool("get_weather", days={"type": "integer", "minimum": 2, "maximum": 1})
    answer = ask(http, WEATHER, tools=[nothing])
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "tools")
    form = {"name": "form", "schema": {"type": "colour"}}
    wanted = {"type": "json_schema", "json_schema": form}
    answer = ask(http, response_format=wanted)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "response_format")


def test_a_body_that_is_not_json_or_too_large_is_refused() -> None:
    http = client(simulator())
    answer = http.post(PATH, content=b"{")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, None)
    assert http.post(PATH, content=b" " * 5_000_000).status_code == 413


def test_an_unknown_model_is_not_found() -> None:
    answer = ask(client(simulator()), model="gpt-4o")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "model_not_found"


@pytest.mark.parametrize(("model", "status"), [("v0-1.5-md", 400), ("v0-1.5-lg", 200)])
def test_more_than_a_model_can_read_is_refused(model: str, status: int) -> None:
    answer = ask(client(simulator()), {"role": "user", "content": "word " * 130_000}, model=model)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"]["code"] == "context_length_exceeded"


def test_a_wrong_key_and_a_wrong_method_are_told_in_the_form_of_openai() -> None:
    sim = simulator()
    answer = ask(client(sim, "wrong"))
    assert answer.status_code == 401
    assert answer.json()["error"] == {
        "message": "Invalid or missing API key",
        "type": "authentication_error",
        "param": None,
        "code": "invalid_api_key",
    }
    answer = client(sim).get(PATH)
    assert answer.status_code == 405
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_what_is_refused_costs_nothing() -> None:
    sim = simulator()
    http = client(sim)
    ask(http, temperature=9)
    ask(http, model="gpt-4o")
    assert sim.store.usage == []
