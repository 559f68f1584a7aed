"""What goes wrong on demand: rules by path that spoil the next answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from v0client.simulator.exchange import HTML, JSON, Refusal, Response, dump

PAGE = b"<!doctype html><title>Bad gateway</title><h1>Something is in the way</h1>"


@dataclass(slots=True)
class Fault:
    """One rule. `times` counts down; None means until cleared."""

    path: str
    method: str | None = None
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut_after: int | None = None
    reset: bool | Literal["before", "after"] = False
    not_json: bool = False
    body: Any = None

    @property
    def reaches_handler(self) -> bool:
        """Whether the request still does its work: lost answers do, refused requests do not."""
        if self.reset:
            return self.reset == "after"
        return self.status is None or self.status < 400

    def matches(self, method: str, path: str) -> bool:
        """Globs match the whole path, other rules its beginning; `/v1`, `/v2` may be left out."""
        if self.method and self.method.upper() != method:
            return False
        forms = (path, "/" + path.lstrip("/").partition("/")[2])
        if any(letter in self.path for letter in "*?["):
            return any(fnmatchcase(form, self.path) for form in forms)
        return any(form.startswith(self.path) for form in forms)

    def refusal(self) -> Refusal:
        """The answer of a request that never reached its handler."""
        status = self.status or 500
        return Refusal(status, f"Simulated fault {status}")

    def spoil(self, response: Response) -> Response:
        """The real answer with this rule's damage."""
        if self.status is not None:
            response.status = self.status
        if self.not_json:
            response.body, response.content_type = PAGE, HTML
            response.pieces = response.later = None
        elif self.body is not None:
            response.body = self.body.encode() if isinstance(self.body, str) else dump(self.body)
            response.content_type = JSON
            response.pieces = response.later = None
        response.headers.update(self.headers)
        response.delay = self.delay
        response.cut_after = self.cut_after
        response.reset = bool(self.reset)
        return response


class Faults:
    """The rules in force, oldest first; each request takes at most one."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, path: str, **options: Any) -> Fault:
        """A new rule; see Fault for the options."""
        fault = Fault(path, **options)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        self.rules.clear()

    def find(self, method: str, path: str) -> Fault | None:
        """The rule for this request."""
        return next((fault for fault in self.rules if fault.matches(method, path)), None)

    def count(self, fault: Fault) -> None:
        """The rule was used once more."""
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.rules.remove(fault)
