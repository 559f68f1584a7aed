"""The events of v2's streams, and what they add up to.

A stream ends by being closed, after the finished message or the chat's closing snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import Field, ValidationError

from v0client.calls import StreamCall
from v0client.open_tasks import OpenTask
from v0client.patches import PatchFailed, patched
from v0client.shapes import Shape, adapter
from v0client.v2.amounts import Usage
from v0client.v2.chats import Chat
from v0client.v2.messages import Message
from v0client.v2.parts import AnyPart, Part, open_task

T = TypeVar("T")


class ChatEvent(Chat):
    """The chat as it is now; first and last in the stream of a new chat."""

    object: Literal["chat"]


class TitleEvent(Shape):
    """The chat's title; `delta` is all of it, as far as v0 has it."""

    object: Literal["chat.title"]
    id: str
    delta: str


class MessageEvent(Message):
    """The message as it is now; first and last in the stream of an answer."""

    object: Literal["message"]


class PartsEvent(Shape):
    """A change to the parts of the message `id`; see patches.py for the form of `delta`."""

    object: Literal["message.parts.chunk"]
    id: str
    delta: Any


class UsageEvent(Shape):
    """What the message `id` took."""

    object: Literal["message.usage"]
    id: str
    usage: Usage


class OtherEvent(Shape):
    """An event that is not known, or not of its declared form. All it carries is in
    `model_extra`."""

    object: str = ""


StreamEvent = ChatEvent | TitleEvent | MessageEvent | PartsEvent | UsageEvent | OtherEvent
KnownEvent = Annotated[
    ChatEvent | TitleEvent | MessageEvent | PartsEvent | UsageEvent,
    Field(discriminator="object"),
]
AnyEvent = Annotated[KnownEvent | OtherEvent, Field(union_mode="left_to_right")]


class Written:
    """What a stream has told so far. `chat`, `message`, `parts` and `usage` are read anew from
    what was told whenever they are asked for.

    `title` is the chat's, `message_id` the id of the message that is being written. `raw_parts`
    are its parts as they came. `in_step` is False once a change did not fit: then the parts stay
    as they were, until v0 sends them whole.
    """

    def __init__(self, *, joined: bool = False) -> None:
        self.title: str | None = None
        self.message_id: str | None = None
        self.raw_parts: list[Any] = []
        self.in_step = True
        self._chat: Mapping[str, Any] | None = None
        self._message: Mapping[str, Any] | None = None
        self._usage: Any = None
        # A new chat's stream opens with a snapshot; one that is joined may hold the last alone.
        self._begun = joined
        self._closed = False

    @property
    def chat(self) -> Chat | None:
        """The chat as it was last told, None where it was not."""
        title = {} if self.title is None else {"title": self.title}
        return read(Chat, self._chat and {**self._chat, **title})

    @property
    def message(self) -> Message | None:
        """The message with its parts and usage as they are now, None where it was not told. The
        streams of new chats tell the parts alone."""
        usage = {} if self._usage is None else {"usage": self._usage}
        return read(Message, self._message and {**self._message, "parts": self.raw_parts, **usage})

    @property
    def parts(self) -> list[Part]:
        """What is written so far."""
        return cast("list[Part]", adapter(list[AnyPart]).validate_python(self.raw_parts))

    @property
    def usage(self) -> Usage | None:
        """What it took, None as long as v0 does not say."""
        return read(Usage, self._usage)

    @property
    def open_task(self) -> OpenTask | None:
        """What the agent waits for, None where it does not wait."""
        return open_task(self.parts)

    @property
    def finished(self) -> bool:
        """Whether all was told: the message has a finish reason, or the chat's closing snapshot
        came."""
        reason = self._message and self._message.get("finishReason")
        return self._closed or reason is not None

    def add(self, value: Any) -> None:
        """Take in one event, as it came."""
        match value:
            case {"object": "chat"}:
                self._chat = value
                self.title = value.get("title", self.title)
                self._closed, self._begun = self._begun, True
            case {"object": "chat.title", "delta": str() as title}:
                self.title = title
            case {"object": "message", "id": str() as message_id, "parts": list() as parts}:
                self._message, self.message_id = value, message_id
                self.raw_parts, self.in_step = parts, True
                self._usage = value.get("usage")
            case {"object": "message.parts.chunk", "id": str() as message_id}:
                self._begun, self._closed = True, False
                self._begin(message_id)
                self._change(value.get("delta"))
            case {"object": "message.usage", "id": str() as message_id}:
                self._begin(message_id)
                self._usage = value.get("usage")

    def _begin(self, message_id: str) -> None:
        """Start with nothing where another message follows."""
        if message_id != self.message_id:
            if self.message_id is not None:
                self.raw_parts, self.in_step = [], True
                self._message = self._usage = None
            self.message_id = message_id

    def _change(self, delta: Any) -> None:
        whole = isinstance(delta, list) and len(delta) == 1
        if not (self.in_step or whole):
            return
        try:
            parts = patched(self.raw_parts, delta)
        except PatchFailed:
            parts = None
        self.in_step = isinstance(parts, list)
        if self.in_step:
            self.raw_parts = parts


def read(shape: type[T], value: Any) -> T | None:
    """The value in its shape, None where it was not told, or not in its declared form."""
    try:
        result: T | None = adapter(shape | None).validate_python(value)
        return result
    except ValidationError:
        return None


def followed(
    template: str,
    ids: Mapping[str, str],
    body: Mapping[str, Any] | None = None,
    *,
    joined: bool = False,
) -> StreamCall[StreamEvent, Written]:
    """A POST that is answered by a stream; `joined` where the stream may have begun before."""
    returns = cast("type[StreamEvent]", AnyEvent)
    state = partial(Written, joined=joined)
    return StreamCall("POST", template, returns, ids, body=body, slow=True, state=state)
