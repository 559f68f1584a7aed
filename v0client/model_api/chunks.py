"""The events of the Model API's streams, and what they add up to."""

from __future__ import annotations

from typing import Any

from v0client.model_api.answers import FunctionCall, Message, ModelShape, ToolCall, Usage
from v0client.shapes import Moment


class FunctionCallDelta(ModelShape):
    """More of a function call."""

    name: str | None = None
    arguments: str | None = None


class ToolCallDelta(ModelShape):
    """More of the tool call with this index; its first one has the id and the name."""

    index: int
    id: str | None = None
    type: str | None = None
    function: FunctionCallDelta | None = None


class Delta(ModelShape):
    """More of a message."""

    role: str | None = None
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCallDelta] | None = None


class ChunkChoice(ModelShape):
    """More of an answer; the last one has the `finish_reason`."""

    index: int
    delta: Delta
    finish_reason: str | None = None


class ChatCompletionChunk(ModelShape):
    """One event of a stream. The one that tells the usage has no choices."""

    id: str
    object: str = "chat.completion.chunk"
    created: Moment
    model: str
    choices: list[ChunkChoice]
    usage: Usage | None = None


class PartialCompletion:
    """What a stream has told so far. `usage` comes last, and only where it was asked for."""

    def __init__(self) -> None:
        self.id: str | None = None
        self.model: str | None = None
        self.text = ""
        self.refusal = ""
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self._calls: dict[int, ToolCall] = {}

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tool calls so far, in order."""
        return [self._calls[index] for index in sorted(self._calls)]

    @property
    def finished(self) -> bool:
        """Whether the model has said why it ended."""
        return self.finish_reason is not None

    @property
    def message(self) -> Message:
        """The message so far; once it is finished, it can be sent back."""
        return Message(
            content=self.text or None,
            refusal=self.refusal or None,
            tool_calls=self.tool_calls or None,
        )

    def add(self, value: Any) -> None:
        """Take in one event, as it came."""
        chunk = ChatCompletionChunk.model_validate(value)
        self.id, self.model = chunk.id, chunk.model
        self.usage = chunk.usage or self.usage
        for choice in chunk.choices:
            self.finish_reason = choice.finish_reason or self.finish_reason
            self.text += choice.delta.content or ""
            self.refusal += choice.delta.refusal or ""
            for part in choice.delta.tool_calls or ():
                self._extend(part)

    def _extend(self, part: ToolCallDelta) -> None:
        begun = ToolCall(id="", function=FunctionCall(name="", arguments=""))
        call = self._calls.setdefault(part.index, begun)
        call.id = part.id or call.id
        call.type = part.type or call.type
        if part.function is not None:
            call.function.name += part.function.name or ""
            call.function.arguments += part.function.arguments or ""
