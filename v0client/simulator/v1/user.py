"""Who one is, what one may spend and how fast, in v1."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Call, Routes
from v0client.simulator.money import balance, cycle, purchased
from v0client.simulator.store import DAY
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.flow import limit_of


def get(call: Call) -> dict[str, Any]:
    """GET /user"""
    return shapes.user(call, call.person)


def scopes(call: Call) -> dict[str, Any]:
    """GET /user/scopes"""
    person, team = call.person, call.store.teams[call.person.team_id]
    rows = [(person.personal_scope, person.name), (team.id, team.name)]
    data = [{"id": id_, "object": "scope", "name": name} for id_, name in rows]
    return {"object": "list", "data": data}


def personal(call: Call) -> bool:
    """Whether the call concerns the personal scope; 403 for scopes of others."""
    scope = call.text("scope") or call.request.headers.get("x-scope")
    if scope is None:
        return call.person.pays_personally
    call.store.check_scope(call.person, scope)
    return scope == call.person.personal_scope


def rate(call: Call) -> dict[str, Any]:
    """What is left of the day's messages; times in milliseconds."""
    limit, sent = limit_of(call), call.store.sent_today(call.person, call.now)
    reset = int((call.now // DAY + 1) * DAY * 1000)
    return {"remaining": max(0, limit - sent), "reset": reset, "limit": limit}


def rate_limits(call: Call) -> dict[str, Any]:
    """GET /rate-limits"""
    personal(call)
    answer = rate(call)
    if call.person.pays_personally:
        answer["dailyLimit"] = {**answer, "isWithinGracePeriod": False}
    return answer


def billing(call: Call) -> dict[str, Any]:
    """GET /user/billing"""
    if personal(call):
        return {"billingType": "legacy", "data": rate(call)}
    blocks = purchased(call.store, call.person, call.now)
    on_demand: dict[str, Any] = {"balance": sum(block["currentBalance"] for block in blocks)}
    if blocks:
        on_demand["blocks"] = blocks
    return {
        "billingType": "token",
        "data": {
            "plan": "team",
            "role": call.person.role.upper(),
            "billingCycle": cycle(call.now),
            "balance": balance(call.store, call.person, call.now),
            "onDemand": on_demand,
        },
    }


def plan(call: Call) -> dict[str, Any]:
    """GET /user/plan"""
    return {
        "object": "plan",
        "plan": "premium" if call.person.pays_personally else "team",
        "billingCycle": cycle(call.now),
        "balance": balance(call.store, call.person, call.now),
    }


ROUTES: Routes = {
    ("GET", "/user"): get,
    ("GET", "/user/scopes"): scopes,
    ("GET", "/user/billing"): billing,
    ("GET", "/user/plan"): plan,
    ("GET", "/rate-limits"): rate_limits,
}
