"""What v0 would have answered about money at an earlier time: `/_sim/billing?key=…&at=…&at=…`.

The figures follow from the ledger and the cycles, as the present ones do.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from v0client.simulator.exchange import Call, Refusal, Request
from v0client.simulator.v1 import user

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator

MOST_MOMENTS = 400


def money(simulator: Simulator, request: Request) -> list[dict[str, Any]]:
    """For each moment that is asked for: billing, plan and rate limits of the key."""
    query = parse_qs(request.query_string)
    key = simulator.store.keys.get(query.get("key", [""])[0])
    if key is None:
        raise Refusal(404, "There is no such key")
    moments = query.get("at", [])
    if not 0 < len(moments) <= MOST_MOMENTS:
        raise Refusal(422, f"Ask for 1 to {MOST_MOMENTS} moments (at=…)")
    person, told = simulator.store.people[key.person_id], []
    for text in moments:
        call = Call(simulator, request, {}, person, key, seconds(text), {})
        told.append(
            {
                "at": text,
                "billing": user.billing(call),
                "plan": user.plan(call),
                "rateLimits": user.rate_limits(call),
            }
        )
    return told


def seconds(text: str) -> float:
    """An ISO time as seconds since 1970; times without a zone are UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(422, f"{text!r} is no ISO time") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
