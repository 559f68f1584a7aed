"""Credits: the monthly cycle, what is spent of it, and the blocks that were bought on top."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from v0client.simulator.exchange import Refusal
from v0client.simulator.records import Person, UsageEvent
from v0client.simulator.store import DAY, Store

MONTHLY_CREDITS = 30.0
# (days before the origin, dollars): what the team's owner bought.
BOUGHT = ((330, 50.0), (120, 100.0), (20, 200.0))
LIFETIME = 365 * DAY


def sees_team_money(person: Person) -> bool:
    return person.role == "owner"


def month_start(moment: float) -> datetime:
    present = datetime.fromtimestamp(moment, UTC)
    return present.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def cycle(now: float) -> dict[str, int]:
    """The calendar month, in milliseconds."""
    start = month_start(now)
    turn = start.month == 12
    end = start.replace(year=start.year + turn, month=1 if turn else start.month + 1)
    return {"start": int(start.timestamp() * 1000), "end": int(end.timestamp() * 1000)}


def ledger(store: Store, person: Person) -> list[UsageEvent]:
    """The rows that this person may see: the owner the team's, the others their own."""
    if sees_team_money(person):
        return [row for row in store.usage if row.team_id == person.team_id]
    return [row for row in store.usage if row.person_id == person.id]


def guard(person: Person, status: int, code: str | None = None) -> None:
    """Refuses what would have to be written for somebody without credits. Neither v1 nor v2 has
    a status of its own for that; v1 is known to answer 500."""
    if person.broke:
        raise Refusal(status, "You have used up your credits", code=code)


def balance(store: Store, person: Person, now: float) -> dict[str, float]:
    """What remains of the month's credits; the owner sees the team's."""
    start = month_start(now).timestamp()
    seats = 1
    if sees_team_money(person):
        seats = sum(p.team_id == person.team_id for p in store.people.values())
    total = MONTHLY_CREDITS * seats
    spent = sum(row.charged for row in ledger(store, person) if start <= row.created_at <= now)
    left = 0.0 if person.broke else max(0.0, total - spent)
    return {"remaining": round(left, 4), "total": total}


def purchased(store: Store, person: Person, now: float) -> list[dict[str, Any]]:
    """Bought blocks that have not expired, for the owner; each is used up by and by."""
    if not sees_team_money(person):
        return []
    blocks = []
    for days, dollars in BOUGHT:
        bought = store.origin - days * DAY
        if not bought <= now < bought + LIFETIME:
            continue
        # A little every day, so that the figure stands still within a day.
        share = 1.0 if person.broke else min(1.0, (now - bought + 1) // DAY / 400)
        blocks.append(
            {
                "effectiveDate": int(bought * 1000),
                "expirationDate": int((bought + LIFETIME) * 1000),
                "originalBalance": dollars,
                "currentBalance": round(dollars - dollars * share, 2),
            }
        )
    return blocks
