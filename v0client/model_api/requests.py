"""What is sent to the Model API, with the field names and the limits of OpenAI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, Required, TypedDict


class ImageAddress(TypedDict):
    """Where an image is: an address, or a data: URL with base64. `detail`: auto, low or high."""

    url: str
    detail: NotRequired[str]


class ContentPart(TypedDict, total=False):
    """A part of a message. `type` is text or image_url, and names the field that it is in."""

    type: Required[str]
    text: str
    image_url: ImageAddress


class CalledFunction(TypedDict):
    """A function that was called, with its arguments in JSON."""

    name: str
    arguments: str


class CalledTool(TypedDict):
    """A tool that an earlier answer wanted called. `type` is function."""

    id: str
    type: str
    function: CalledFunction


class NewMessage(TypedDict, total=False):
    """A message to send. `role` is system or developer (what always holds), user (who may show
    images), assistant (an earlier answer) or tool (what the tool of `tool_call_id` gave)."""

    role: Required[str]
    content: str | Sequence[ContentPart] | None
    name: str
    tool_calls: Sequence[CalledTool]
    tool_call_id: str


class Function(TypedDict, total=False):
    """A function that the model may want called. `name` has up to 64 letters, digits, _ and -;
    `parameters` is a JSON Schema of an object; `strict` holds the model to it."""

    name: Required[str]
    description: str
    parameters: Mapping[str, Any]
    strict: bool


class Tool(TypedDict):
    """A tool that the model may want called. `type` is function."""

    type: str
    function: Function


class FunctionName(TypedDict):
    """One of the functions."""

    name: str


class NamedTool(TypedDict):
    """The tool that must be called. `type` is function."""

    type: str
    function: FunctionName


class JsonSchema(TypedDict, total=False):
    """The form of an answer; `schema` is a JSON Schema, and `strict` holds the model to it."""

    name: Required[str]
    description: str
    schema: Mapping[str, Any]
    strict: bool


class ResponseFormat(TypedDict, total=False):
    """`type` is text, json_object, or json_schema with the field of that name."""

    type: Required[str]
    json_schema: JsonSchema


class Options(TypedDict, total=False):
    """What may go with the messages; limits are OpenAI's.

    `tool_choice` is auto (if not given), none, required or a tool. `max_tokens` and
    `max_completion_tokens` limit what is written, in tokens; at most 4 texts `stop` it.
    `temperature` is 0 to 2, `top_p` 0 to 1, the penalties are -2 to 2.
    """

    tools: Sequence[Tool] | None
    tool_choice: str | NamedTool | None
    parallel_tool_calls: bool | None
    max_tokens: int | None
    max_completion_tokens: int | None
    stop: str | Sequence[str] | None
    response_format: ResponseFormat | None
    temperature: float | None
    top_p: float | None
    frequency_penalty: float | None
    presence_penalty: float | None
    seed: int | None
    user: str | None
