"""The events of v1's streams, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from v0client.calls import StreamCall
from v0client.patches import PatchFailed, patched
from v0client.shapes import Shape
from v0client.v1.contents import Node, nodes

CHUNK = "message.experimental_content.chunk"


class StreamEvent(Shape):
    """One event of a v1 stream, told apart by `object`.

    Known: chat (a snapshot, first and last), chat.title and chat.name (`delta` is the text), and
    message.experimental_content.chunk (`delta` changes the content). All that an event carries
    beyond this is in `model_extra`.
    """

    object: str = ""
    type: str = ""
    id: str | None = None
    delta: Any = None


class Written:
    """What a stream has told so far.

    `content` has the form of a message's experimental_content. `in_step` is False once a change
    did not fit, which happens when a stream is joined without its beginning: then `content` is
    out of date, until v0 sends it whole.
    """

    finished = False  # v1 tells by an end mark, not by an event

    def __init__(self) -> None:
        self.chat: dict[str, Any] = {}
        self.title: str | None = None
        self.name: str | None = None
        self.message_id: str | None = None
        self.content: Any = []
        self.in_step = True

    @property
    def parts(self) -> list[Node]:
        """What is written so far, piece by piece."""
        return nodes(self.content)

    def add(self, value: Any) -> None:
        """Take in one event, as it came."""
        if not isinstance(value, Mapping):
            return
        kind, delta = value.get("object"), value.get("delta")
        if kind == "chat":
            self.chat.update(value)
        elif kind == "chat.title" and isinstance(delta, str):
            self.title = delta
        elif kind == "chat.name" and isinstance(delta, str):
            self.name = delta
        elif kind == CHUNK:
            self._change(value.get("id"), delta)

    def _change(self, message_id: Any, delta: Any) -> None:
        if isinstance(message_id, str) and message_id != self.message_id:
            if self.message_id is not None:
                self.content = []
            self.message_id = message_id
        whole = isinstance(delta, list) and len(delta) == 1
        if not (self.in_step or whole):
            return
        try:
            self.content = patched(self.content, delta)
            self.in_step = True
        except PatchFailed:
            self.in_step = False


def followed(
    template: str, ids: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> StreamCall[StreamEvent, Written]:
    """A POST that is answered by a stream."""
    return StreamCall("POST", template, StreamEvent, ids, body=body, slow=True, state=Written)
