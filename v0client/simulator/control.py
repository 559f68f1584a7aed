"""`/_sim/…`: health, what was asked, past bills, deliveries to hooks, faults, keys, credits, time
and reset. Not part of v0."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from v0client.simulator import past
from v0client.simulator.exchange import Refusal, Request, Response
from v0client.simulator.exchange import answer as json_answer

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultBody(_Body):
    """The options of `faults.add`."""

    path: str
    method: str | None = None
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = {}
    delay: float = 0.0
    cut_after: int | None = None
    cut_after_events: int | None = None
    cut_in_character: bool = False
    reset: bool | Literal["before", "after"] = False
    not_json: bool = False
    body: Any = None
    patch: dict[str, Any] = {}


class HookFaultBody(_Body):
    """The options of `outbox.faults.add`."""

    event: str = "*"
    hook_id: str | None = None
    times: int | None = 1
    lost: bool = False
    twice: bool = False
    overtaken: bool = False
    delay: float = 0.0


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
    if step == ("POST", "hook-faults"):
        simulator.outbox.faults.add(**HookFaultBody.model_validate_json(request.body).model_dump())
    elif step == ("POST", "faults"):
        simulator.faults.add(**FaultBody.model_validate_json(request.body).model_dump())
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
