"""What goes wrong on demand: rules by path that spoil the next answers, and rules by event that
spoil deliveries to webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import with_config

from v0client.simulator.damage import Cut, break_off, patch, slip_in
from v0client.simulator.exchange import HTML, JSON, Refusal, Response, dump

PAGE = b"<!doctype html><title>Bad gateway</title><h1>Something is in the way</h1>"


@with_config(extra="forbid")
@dataclass(slots=True)
class Fault:
    """One rule.

    path, method: which requests. A glob has to match the whole path, anything else its beginning;
        the prefix of the API (`/v1`, `/v2`) may be left out. Pages of the simulator (previews,
        deployments, pictures) are spoiled by rules that begin with theirs: `/preview/`.
    times: how many of them; None means until cleared.
    status: from 400 on, the request never reaches its handler; below, only the number is wrong.
    headers: are added, such as retry-after.
    delay: seconds before the answer comes: minutes, if need be.
    reset: the connection breaks "before" (or True) or "after" the request has done its work.
    cut_after: the answer breaks off after so many bytes.
    cut_after_events: a stream breaks off after so many events.
    cut_in_character: the answer breaks off within its first character that takes several bytes.
    not_json, body: an HTML page or this (JSON or text) in place of the answer.
    patch: changes in JSON answers and events: {"data.*.type": "new-type", "surprise": 1}. Steps are
        names, numbers of places, or `*` for every place; "" is the answer itself: {"": None}.
    insert: further events of a stream, by how many of its own come before: {3: {"object": "new"}}.
    """

    path: str
    method: str | None = None
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut_after: int | None = None
    cut_after_events: int | None = None
    cut_in_character: bool = False
    reset: bool | Literal["before", "after"] = False
    not_json: bool = False
    body: Any = None
    patch: dict[str, Any] = field(default_factory=dict)
    insert: dict[int, Any] = field(default_factory=dict)

    @property
    def reaches_handler(self) -> bool:
        """Whether the request still does its work: lost answers do, refused requests do not."""
        if self.reset:
            return self.reset == "after"
        return self.status is None or self.status < 400

    def matches(self, method: str, path: str) -> bool:
        """Whether the rule is for this request of an API."""
        return self._fits(method, path) or self._fits(method, "/" + path[1:].partition("/")[2])

    def matches_page(self, method: str, path: str) -> bool:
        """Whether the rule is for this page: it has to name the kind."""
        kind = path[1:].partition("/")[0]
        return self.path.startswith(f"/{kind}") and self._fits(method, path)

    def _fits(self, method: str, path: str) -> bool:
        if self.method and self.method.upper() != method:
            return False
        if any(letter in self.path for letter in "*?["):
            return fnmatchcase(path, self.path)
        return path.startswith(self.path)

    def refusal(self) -> Refusal:
        """The answer of a request that never reached its handler."""
        status = self.status or 500
        return Refusal(status, f"Simulated fault {status}")

    def spoil(self, response: Response) -> Response:
        """The real answer with this rule's damage."""
        if (compute := response.later) is not None:
            response.later = lambda: self._damage(compute())
        else:
            self._damage(response)
        response.headers.update(self.headers)
        response.delay = self.delay
        response.reset = bool(self.reset)
        return response

    def _damage(self, response: Response) -> Response:
        if self.status is not None:
            response.status = self.status
        if self.not_json:
            response.pieces, response.body, response.content_type = None, PAGE, HTML
        elif self.body is not None:
            body = self.body.encode() if isinstance(self.body, str) else dump(self.body)
            response.pieces, response.body, response.content_type = None, body, JSON
        if self.patch:
            patch(response, self.patch)
        if self.insert:
            slip_in(response, self.insert)
        cut = Cut(self.cut_after, self.cut_after_events, self.cut_in_character)
        if cut != Cut():
            break_off(response, cut)
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
        """No rules any more."""
        self.rules.clear()

    def find(self, method: str, path: str) -> Fault | None:
        """The rule for this request of an API."""
        return next((fault for fault in self.rules if fault.matches(method, path)), None)

    def find_for_page(self, method: str, path: str) -> Fault | None:
        """The rule for this page."""
        return next((fault for fault in self.rules if fault.matches_page(method, path)), None)

    def count(self, fault: Fault) -> None:
        """The rule was used once more."""
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.rules.remove(fault)


@with_config(extra="forbid")
@dataclass(slots=True)
class HookFault:
    """What happens to deliveries of events.

    event: which, as a glob: `message.finished`, `message.*`.
    hook_id: only those to this hook.
    times: how many of them; None means until cleared.
    lost, twice: they never leave, or they leave twice.
    overtaken: they leave after the next one to the same hook, a minute later at the latest.
    delay: seconds of the simulator's time before they leave.
    """

    event: str = "*"
    hook_id: str | None = None
    times: int | None = 1
    lost: bool = False
    twice: bool = False
    overtaken: bool = False
    delay: float = 0.0

    def matches(self, event: str, hook_id: str) -> bool:
        """Whether the rule is for this delivery."""
        return fnmatchcase(event, self.event) and self.hook_id in (None, hook_id)


class HookFaults:
    """The rules in force for deliveries, oldest first; each delivery takes at most one."""

    def __init__(self) -> None:
        self.rules: list[HookFault] = []

    def add(self, event: str = "*", **options: Any) -> HookFault:
        """A new rule; see HookFault for the options."""
        fault = HookFault(event, **options)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """No rules any more."""
        self.rules.clear()

    def take(self, event: str, hook_id: str) -> HookFault | None:
        """The rule for this delivery, counted down."""
        fault = next((rule for rule in self.rules if rule.matches(event, hook_id)), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.rules.remove(fault)
        return fault
