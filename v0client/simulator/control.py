"""`/_sim/…`: health, what was asked, past bills, deliveries to hooks, faults, keys, credits, time
and reset. Not part of v0."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from v0client.simulator import past
from v0client.simulator.exchange import Refusal, Request, Response
from v0client.simulator.exchange import answer as json_answer
from v0client.simulator.faults import Fault, HookFault

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator

FAULT, HOOK_FAULT = TypeAdapter(Fault), TypeAdapter(HookFault)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CreditsBody(_Body):
    """Whether the person with that e-mail address still has credits."""

    email: str
    left: bool = False


class KeyBody(_Body):
    """A key to add (for the person with that e-mail address) or to revoke."""

    key: str
    email: str = "owner@example.com"
    label: str | None = None


class TimeBody(_Body):
    """Seconds to move the clock."""

    seconds: float


def act(simulator: Simulator, request: Request) -> dict[str, Any]:
    """The work of one control address."""
    step = (request.method, request.path.removeprefix("/_sim/"))
    if step == ("GET", "health"):
        return {"ok": True, "seed": simulator.seed, "chats": len(simulator.store.chats)}
    if step == ("GET", "requests"):
        return {"requests": [asdict(asked) for asked in simulator.requests]}
    if step == ("GET", "billing"):
        return {"moments": past.money(simulator, request)}
    if step == ("GET", "deliveries"):
        return {"deliveries": [asdict(delivery) for delivery in simulator.outbox.deliveries]}
    if step == ("POST", "faults"):
        simulator.faults.rules.append(FAULT.validate_json(request.body))
    elif step == ("POST", "hook-faults"):
        simulator.outbox.faults.rules.append(HOOK_FAULT.validate_json(request.body))
    elif step == ("DELETE", "faults"):
        simulator.faults.clear()
        simulator.outbox.faults.clear()
    elif step == ("POST", "reset"):
        simulator.reset()
    elif step == ("POST", "advance"):
        simulator.clock.advance(TimeBody.model_validate_json(request.body).seconds)
    elif step in (("POST", "keys"), ("POST", "revoke"), ("POST", "credits")):
        change(simulator, request)
        if simulator.journal:
            simulator.journal.add(simulator.clock.now(), None, request)
    else:
        raise Refusal(404, "Not found")
    return {"ok": True}


def change(simulator: Simulator, request: Request) -> None:
    """Adds or revokes a key, or changes whether somebody has credits."""
    kind = request.path.removeprefix("/_sim/")
    try:
        if kind == "credits":
            credits = CreditsBody.model_validate_json(request.body)
            simulator.person(credits.email).broke = not credits.left
            return
        body = KeyBody.model_validate_json(request.body)
        if kind == "keys":
            simulator.add_key(body.key, body.email, body.label)
        else:
            simulator.revoke(body.key)
    except KeyError as missing:
        raise Refusal(404, f"There is no {missing}") from None


def answer(simulator: Simulator, request: Request) -> Response:
    """Answers a control request."""
    try:
        return json_answer(act(simulator, request))
    except Refusal as refusal:
        return json_answer({"error": refusal.message}, refusal.status)
    except ValidationError as error:
        return json_answer({"error": str(error)}, 422)
