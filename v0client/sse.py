"""Server-sent events from bytes to JSON values, without I/O.

v1 writes lines `data: <json>` and ends with `data: [DONE]`; some of its servers leave the
prefix out. Chunks may be cut anywhere, also inside a character.
"""

from __future__ import annotations

import json
import re
from typing import Any

LINE_END = re.compile(rb"\r\n|\n|\r")
END_MARK = "[DONE]"


class EventReader:
    """Feed chunks, get the values that are complete. `done` once the end mark was read, `broken`
    once something was not JSON; what follows does not count."""

    def __init__(self) -> None:
        self.done = False
        self.broken = False
        self._rest: list[bytes] = []
        self._data: list[str] = []
        self._values: list[Any] = []

    def feed(self, chunk: bytes) -> list[Any]:
        """The values that this chunk completes."""
        if not chunk:
            return []
        # Only a chunk with a line end completes something; long lines are joined once.
        if b"\n" not in chunk and b"\r" not in chunk and not self._ends_with_return():
            self._rest.append(chunk)
            return []
        lines = b"".join([*self._rest, chunk])
        # The line feed that belongs to a last carriage return may be in the next chunk.
        held = b"\r" if lines.endswith(b"\r") else b""
        *whole, rest = LINE_END.split(lines[: len(lines) - len(held)])
        self._rest = [rest + held]
        for line in whole:
            self._line(line)
        return self._taken()

    def finish(self) -> list[Any]:
        """The values that only the end of the stream completes."""
        rest, self._rest = b"".join(self._rest), []
        self._line(rest.rstrip(b"\r"))
        self._line(b"")
        return self._taken()

    def _ends_with_return(self) -> bool:
        return bool(self._rest) and self._rest[-1].endswith(b"\r")

    def _taken(self) -> list[Any]:
        values, self._values = self._values, []
        return values

    def _line(self, raw: bytes) -> None:
        line = raw.decode("utf-8", errors="replace").removeprefix("\ufeff")
        if self.done or self.broken:
            return
        if not line:
            self.broken = bool(self._data)  # what is whole was taken at once
        elif line.startswith("data:"):
            self._payload(line[5:].removeprefix(" "))
        elif line.lstrip().startswith(("{", "[")):
            self._payload(line)

    def _payload(self, text: str) -> None:
        """Emit at once what is whole: v1 does not always part its events by blank lines."""
        if text.strip() == END_MARK:
            self.done = True
            return
        if not text.strip() and not self._data:
            return
        self._data.append(text)
        try:
            value = json.loads("\n".join(self._data))
        except (ValueError, RecursionError):  # not whole yet, or no JSON that Python can read
            return
        self._data = []
        self._values.append(value)
