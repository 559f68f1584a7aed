"""Whose usage a v2 report covers, in which time, and which credits paid for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from v0client.simulator.clock import iso, seconds
from v0client.simulator.exchange import Call, Refusal
from v0client.simulator.money import MONTHLY_CREDITS, ledger, month_start, sees_team_money
from v0client.simulator.records import UsageEvent
from v0client.simulator.store import DAY

DEFAULT_SPAN = 7 * DAY
# Requests to the API are paid by use; everything else first by what the plan includes.
ON_DEMAND = ("api_request",)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose usage; `person_id` is None where it is the whole team's."""

    id: str
    type: str
    person_id: str | None

    def shape(self) -> dict[str, Any]:
        written = {"id": self.id, "type": self.type, "isTeamWide": self.person_id is None}
        return written if self.person_id is None else {**written, "userId": self.person_id}


@dataclass(frozen=True, slots=True)
class Range:
    """Seconds since 1970, the start inclusive, the end not."""

    start: float
    end: float

    def shape(self) -> dict[str, str]:
        return {"start": iso(self.start), "end": iso(self.end)}


@dataclass(frozen=True, slots=True)
class Paid:
    """A ledger row, and how much of it each kind of credits paid."""

    event: UsageEvent
    plan: float
    on_demand: float

    @property
    def sources(self) -> list[str]:
        paid = {"plan": self.plan, "on-demand": self.on_demand}
        return [source for source, credits in paid.items() if credits > 0]


def scope_of(call: Call, wanted: str | None) -> Scope:
    """The billing scope of this call: owners see their team's usage or that of the person they
    want, the others their own."""
    person = call.person
    asked = call.request.headers.get("x-scope")
    personal = person.pays_personally if asked is None else asked == person.personal_scope
    wide = sees_team_money(person) and not personal
    if wanted is not None and wanted != person.id:
        other = call.store.people.get(wanted)
        if not wide or other is None or other.team_id != person.team_id:
            raise Refusal(403, "You may not see the usage of this user")
    id_ = person.personal_scope if personal else person.team_id
    return Scope(id_, "personal" if personal else "team", wanted if wide else person.id)


def range_of(call: Call) -> Range:
    """The time in the query, by default the last seven days."""
    end = moment(call, "end", call.now)
    start = moment(call, "start", call.now - DEFAULT_SPAN)
    if start >= end:
        raise Refusal(422, "Query parameter 'start' must be before 'end'")
    return Range(start, end)


def moment(call: Call, name: str, default: float) -> float:
    """A time of the query in seconds; v2 takes nothing but UTC."""
    text = call.text(name)
    if text is None:
        return default
    try:
        if "T" not in text or not text.endswith("Z"):
            raise ValueError(text)
        return seconds(text)
    except ValueError:
        raise Refusal(422, f"Query parameter '{name}' must be an ISO 8601 time in UTC") from None


def spending(call: Call, scope: Scope, span: Range) -> list[Paid]:
    """The rows of this scope and time, oldest first."""
    spent: dict[tuple[str, datetime], float] = defaultdict(float)
    rows = []
    for event in sorted(ledger(call.store, call.person), key=lambda row: row.created_at):
        month = (event.person_id, month_start(event.created_at))
        left = 0.0 if event.type in ON_DEMAND else max(0.0, MONTHLY_CREDITS - spent[month])
        plan = min(left, event.charged)
        spent[month] += plan
        if scope.person_id not in (None, event.person_id):
            continue
        if span.start <= event.created_at < span.end:
            rows.append(Paid(event, plan, event.charged - plan))
    return rows
