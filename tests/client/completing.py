"""Requests to the simulated Model API, and what is read from its answers."""

from __future__ import annotations

import base64
from typing import Any

from tests.client.simulated import events

PATH = "/chat/completions"
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60)).decode()
SHOP = {"role": "user", "content": "Build a coffee shop"}
WEATHER = {"role": "user", "content": "How is the weather in Oslo for 3 days?"}


def tool(name: str, **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


FORECAST = tool("get_weather", city={"type": "string"}, days={"type": "integer", "maximum": 7})
STOCK = tool("find_stock", product={"type": "string"})


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def ask(http: Any, *messages: dict[str, Any], **options: Any) -> Any:
    """The answer to these messages, whatever its status."""
    body = {"model": "v0-1.5-md", "messages": list(messages or [SHOP]), **options}
    return http.post(PATH, json=body)


def told(http: Any, *messages: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The only choice of a good answer."""
    answer = ask(http, *messages, **options)
    assert answer.status_code == 200, answer.text
    (choice,) = answer.json()["choices"]
    return dict(choice)


def streamed(http: Any, *messages: dict[str, Any], **options: Any) -> list[Any]:
    answer = ask(http, *messages, stream=True, **options)
    assert answer.headers["content-type"].startswith("text/event-stream")
    return events(answer.text)


def deltas(chunks: list[Any]) -> list[dict[str, Any]]:
    return [chunk["choices"][0]["delta"] for chunk in chunks[:-1] if chunk["choices"]]
