"""One request and one answer, and the refusals between them; knows nothing of sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator
    from v0client.simulator.records import Key, Person
    from v0client.simulator.store import Store

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")

ERROR_TYPES = {
    400: "bad_request_error",
    401: "unauthorized_error",
    403: "forbidden_error",
    404: "not_found_error",
    405: "method_not_allowed_error",
    409: "conflict_error",
    413: "payload_too_large_error",
    422: "unprocessable_entity_error",
    429: "too_many_requests_error",
    500: "internal_server_error",
}


class Refusal(Exception):
    """An answer other than 200; each generation of the API writes it in its own shape.

    `issues` (what is wrong with which file) only v2 writes; `param` and `code` only the Model API.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: dict[str, str] | None = None,
        *,
        issues: list[dict[str, str]] | None = None,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.issues = issues
        self.param = param
        self.code = code


def dump(value: object) -> bytes:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(slots=True)
class Request:
    """What was asked. `headers` have lower-case names; `fetched` is what was found at addresses
    in the body that lie outside the simulator."""

    method: str
    path: str
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched: dict[str, bytes | Refusal] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        if not self.query_string:
            return {}
        return dict(parse_qsl(self.query_string, keep_blank_values=True))


# A streamed body: each piece with the moment at which it is due.
Pieces = Iterator[tuple[float, bytes]]


@dataclass(slots=True)
class Response:
    """What is answered. `due` is the moment it leaves; `later` computes the body only then;
    `delay` is added by faults: real seconds over a socket, the clock's inside the process. After
    the body of a `broken` one the connection breaks; a stream may be found so only at its end."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    due: float = 0.0
    later: Callable[[], Response] | None = None
    pieces: Pieces | None = None
    delay: float = 0.0
    reset: bool = False
    broken: bool = False

    def header_list(self) -> list[tuple[str, str]]:
        """Headers as they are sent; a stream has no length."""
        listed = [("content-type", self.content_type), *self.headers.items()]
        if self.pieces is None and "content-length" not in self.headers:
            listed.append(("content-length", str(len(self.body))))
        return listed


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer; bytes are taken as JSON already written."""
    return Response(status=status, body=value if isinstance(value, bytes) else dump(value))


@dataclass(slots=True)
class Call:
    """A request on its way through a handler: who asks, when, and the ids in the path."""

    simulator: Simulator
    request: Request
    params: dict[str, str]
    person: Person
    key: Key
    now: float
    query: dict[str, str]

    @property
    def store(self) -> Store:
        return self.simulator.store

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A query parameter; 422 when it is needed and missing."""
        value = self.query.get(name)
        if value is None and required:
            raise Refusal(422, f"Query parameter '{name}' is required")
        return value

    def mapping(self, name: str) -> dict[str, str]:
        """What a query parameter of the form `name[key]=value` says."""
        start = f"{name}["
        return {
            key.removeprefix(start)[:-1]: value
            for key, value in self.query.items()
            if key.startswith(start) and key.endswith("]")
        }

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words, else 422."""
        value = self.query.get(name, default)
        if name in self.query and value not in allowed:
            raise Refusal(422, f"Query parameter '{name}' must be one of: {', '.join(allowed)}")
        return value

    def number(self, name: str, default: int, low: int, high: int | None = None) -> int:
        """A whole number between two bounds, else 422."""
        value = self.query.get(name)
        if value is None:
            return default
        if WHOLE_NUMBER.fullmatch(value) is None:
            raise Refusal(422, f"Query parameter '{name}' must be a number")
        number = int(value)
        if number < low or (high is not None and number > high):
            bounds = f"at least {low}" if high is None else f"between {low} and {high}"
            raise Refusal(422, f"Query parameter '{name}' must be {bounds}")
        return number


Handler = Callable[[Call], "Response | dict[str, Any] | bytes"]
Routes = dict[tuple[str, str], Handler]
