"""A file of accepted changes, so that a restarted simulator has lost nothing: the origin in the
first line, then one change per line. What a change does is the handlers' matter."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from v0client.simulator.exchange import Request

# The headers that decide what a request does, beside its key.
KEPT_HEADERS = ("content-type", "x-scope")


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted change; `key` is None for the simulator's own controls. `packed` says that the
    body is base64, as what was fetched always is."""

    at: float
    key: str | None
    method: str
    path: str
    query: str
    body: str
    packed: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, str] = field(default_factory=dict)

    def request(self) -> Request:
        """The request again, with what was fetched for it."""
        body = base64.b64decode(self.body) if self.packed else self.body.encode()
        request = Request(self.method, self.path, self.query, dict(self.headers), body)
        for url, content in self.fetched.items():
            request.fetched[url] = base64.b64decode(content)
        return request


def written(at: float, key: str | None, request: Request) -> dict[str, Any]:
    """A change as a line holds it; what is empty is left out."""
    entry: dict[str, Any] = {
        "at": at,
        "key": key,
        "method": request.method,
        "path": request.path,
        "query": request.query_string,
    }
    try:
        entry["body"] = request.body.decode()
    except UnicodeDecodeError:
        entry["body"], entry["packed"] = base64.b64encode(request.body).decode(), True
    headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    fetched = {
        url: base64.b64encode(content).decode()
        for url, content in request.fetched.items()
        if isinstance(content, bytes)
    }
    extras = {"headers": headers, "fetched": fetched}
    return {**entry, **{name: value for name, value in extras.items() if value}}


class Journal:
    """Append-only; each line is on its way to the disk before the answer is."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, now: float, seed: str, speed: float) -> tuple[float, list[Entry]]:
        """The origin and the changes so far; begins anew where there is no journal of this seed."""
        lines = self._whole_lines()
        head = lines[0] if lines else {}
        if head.get("seed") != seed or head.get("speed") != speed:
            self.begin(now, seed, speed)
            return now, []
        return float(head["origin"]), [Entry(**line) for line in lines[1:]]

    def begin(self, origin: float, seed: str, speed: float) -> None:
        """An empty journal that starts at `origin`."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head = {"origin": origin, "seed": seed, "speed": speed}
        fresh = self.path.with_suffix(".fresh")
        fresh.write_text(json.dumps(head) + "\n", encoding="utf-8")
        fresh.replace(self.path)

    def add(self, at: float, key: str | None, request: Request) -> None:
        """One more accepted change."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(written(at, key, request)) + "\n")

    def _whole_lines(self) -> list[dict[str, Any]]:
        """Every complete line; a half-written last one is cut off the file."""
        if not self.path.exists():
            return []
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.truncate(self.path, len(whole))
        return [json.loads(line) for line in whole.splitlines()]
