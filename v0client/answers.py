"""From responses to results and errors, without I/O: parsing, error bodies, the hook's record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from v0client import errors
from v0client.calls import Call
from v0client.flow import Lost, retry_after
from v0client.http import Response
from v0client.shapes import adapter

T = TypeVar("T")

LONGEST_MESSAGE = 2000
BRANCHES = ("int", "float", "datetime")  # pydantic's names for branches of unions, not fields


@dataclass(frozen=True, slots=True)
class Answer:
    """What the `on_answer` hook is told of each attempt.

    `status` is 0 and `error` says why when no whole answer came; `attempt` counts from 1.
    """

    operation: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    seconds: float
    attempt: int
    error: str = ""

    @property
    def retry_after(self) -> float | None:
        """Seconds that v0 asks to wait, None where it does not say."""
        return retry_after(self.headers, time.time())


Hook = Callable[[Answer], None]


def parse(call: Call[T], response: Response) -> T:
    """The answer in its declared shape, or InvalidAnswer that names the field."""
    try:
        result: T = adapter(call.returns).validate_json(response.content)
        return result
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False, include_context=False)[0]
    request_id = request_id_of(response)
    if first["type"] == "json_invalid":
        kind = response.headers.get("content-type", "nothing declared")
        raise errors.InvalidAnswer(
            f"the answer ({response.status_code}, {kind}) is not JSON",
            operation=call.operation,
            request_id=request_id,
        )
    path = field_path(first["loc"])
    raise errors.InvalidAnswer(
        f"the answer's field {path or '(the whole)'} is not as declared: {first['msg']}",
        operation=call.operation,
        field=path,
        request_id=request_id,
    )


def field_path(location: tuple[int | str, ...]) -> str:
    """A path such as data[3].createdAt."""
    path = ""
    for part in location:
        if isinstance(part, str) and (part in BRANCHES or part.startswith("<")):
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def status_error(
    call: Call[Any], response: Response, scrub: Callable[[str], str]
) -> errors.StatusError:
    """The error of an answer whose body was read; knows the bodies of v1, v2 and the Model API."""
    told = _told(response)

    def text(name: str) -> str:
        value = told.get(name)
        return scrub(value) if isinstance(value, str) else ""

    message = text("message") or response.reason_phrase or "no reason given"
    return errors.class_for(response.status_code)(
        message[:LONGEST_MESSAGE],
        operation=call.operation,
        status=response.status_code,
        type=text("type"),
        request_id=scrub(request_id_of(response)),
        retry_after=retry_after(response.headers, time.time()),
        issues=_issues(told, scrub),
        code=text("code"),
        param=text("param"),
    )


def _told(response: Response) -> dict[str, Any]:
    """What the body says: {"error": {...}}, {"error": "..."} or {"message": "..."}."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    told = body.get("error", body)
    if isinstance(told, str):
        return {"message": told}
    return told if isinstance(told, dict) else {}


def _issues(told: dict[str, Any], scrub: Callable[[str], str]) -> tuple[dict[str, str], ...]:
    """The issues as far as they are readable; their texts without the key."""
    listed = told.get("issues")
    return tuple(
        {str(name): scrub(str(value)) for name, value in issue.items()}
        for issue in (listed if isinstance(listed, list) else [])
        if isinstance(issue, dict)
    )


def connection_error(call: Call[Any], lost: Lost) -> errors.V0Error:
    """The error of an exchange without a whole answer."""
    if lost.unreadable:
        return errors.InvalidAnswer(lost.text, operation=call.operation)
    kind = errors.TimedOut if lost.timed_out else errors.ConnectionFailed
    return kind(lost.text, operation=call.operation, maybe_sent=lost.maybe_sent)


def request_id_of(response: Response) -> str:
    """The id under which v0 or its host knows the request, or ""."""
    found: str = response.headers.get("x-request-id") or response.headers.get("x-vercel-id") or ""
    return found
