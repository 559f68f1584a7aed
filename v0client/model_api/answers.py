"""What the Model API answers, as a whole. Its fields are written in snake_case on the wire."""

from __future__ import annotations

from pydantic import ConfigDict

from v0client.shapes import Moment, Shape


class ModelShape(Shape):
    """A part of an answer. Fields that are not declared are kept in `model_extra`."""

    model_config = ConfigDict(alias_generator=None)


class FunctionCall(ModelShape):
    """What is to be called; `arguments` is JSON as the model wrote it, which may be cut off."""

    name: str
    arguments: str


class ToolCall(ModelShape):
    """A tool that the model wants called; answer it with a message of role tool and this id."""

    id: str
    type: str = "function"
    function: FunctionCall


class Message(ModelShape):
    """What the model said. It can be sent back as it is, as part of a longer conversation."""

    role: str = "assistant"
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None


class Choice(ModelShape):
    """An answer. `finish_reason`: stop, length, tool_calls or content_filter."""

    index: int
    message: Message
    finish_reason: str | None = None


class Usage(ModelShape):
    """What was read and written, in tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(ModelShape):
    """A whole answer; `choices` has one."""

    id: str
    object: str = "chat.completion"
    created: Moment
    model: str
    choices: list[Choice]
    usage: Usage | None = None
