"""One key's newest snapshot as gauges, words and a chart; pure but for reading given rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dashboard.charts import Chart, Series, lines
from dashboard.gauges import Gauge, gauge
from dashboard.models import Key, Snapshot
from dashboard.templatetags.ui import money


@dataclass
class Block:
    """Credit that was bought, with what is left of it."""

    left: float | None
    bought: float | None
    since: datetime | None
    expires: datetime | None

    @property
    def state(self) -> str:
        if self.expires and self.expires < timezone.now():
            return "expired"
        if self.left is not None and self.left <= 0:
            return "used up"
        if self.expires and self.expires < timezone.now() + timedelta(days=30):
            return "expires soon"
        return "available"

    @property
    def tone(self) -> str:
        return {"expired": "bad", "used up": "quiet", "expires soon": "warn"}.get(self.state, "ok")


def number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def moment(value: Any) -> datetime | None:
    """A time as v0 gives it: text, or milliseconds since 1970."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, tz=timezone.get_current_timezone())
    found = parse_datetime(value) if isinstance(value, str) else None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


@dataclass
class Figures:
    """What the pages say about one key's money; every absent value is None."""

    key: Key
    snapshot: Snapshot | None

    @property
    def balance(self) -> Gauge | None:
        row = self.snapshot
        if row is None or row.balance_remaining is None or not row.balance_total:
            return None
        return gauge(row.balance_remaining, row.balance_total)

    @property
    def spent(self) -> float | None:
        row = self.snapshot
        if row is None or row.balance_remaining is None or row.balance_total is None:
            return None
        return max(0.0, row.balance_total - row.balance_remaining)

    @property
    def rate(self) -> Gauge | None:
        return part(self.snapshot, "rate_remaining", "rate_limit")

    @property
    def daily(self) -> Gauge | None:
        return part(self.snapshot, "daily_remaining", "daily_limit")

    @property
    def legacy(self) -> Gauge | None:
        return part(self.snapshot, "legacy_remaining", "legacy_limit")

    @property
    def blocks(self) -> list[Block]:
        given = self.snapshot.blocks if self.snapshot else []
        rows = [
            Block(
                number(block.get("currentBalance")),
                number(block.get("originalBalance")),
                moment(block.get("effectiveDate")),
                moment(block.get("expirationDate")),
            )
            for block in given
            if isinstance(block, dict)
        ]
        far = timezone.now() + timedelta(days=36500)
        return sorted(rows, key=lambda block: block.expires or far)

    @property
    def cycle(self) -> dict[str, Any] | None:
        """The billing cycle as a line from start to end with today on it."""
        row = self.snapshot
        if row is None or row.cycle_start is None or row.cycle_end is None:
            return None
        whole = (row.cycle_end - row.cycle_start).total_seconds()
        gone = (timezone.now() - row.cycle_start).total_seconds()
        return {
            "start": row.cycle_start,
            "end": row.cycle_end,
            "gone": max(0.0, min(gone, whole)),
            "whole": max(whole, 1.0),
            "day": int(max(0.0, min(gone, whole)) // 86400) + 1,
            "days": max(1, round(whole / 86400)),
            "over": gone > whole,
        }

    @property
    def outlook(self) -> str:
        """Whether the balance lasts to the end of the cycle at the pace so far."""
        cycle, spent, row = self.cycle, self.spent, self.snapshot
        if cycle is None or not spent or row is None or cycle["gone"] < 86400 or cycle["over"]:
            return ""
        left = row.balance_remaining or 0.0
        per_day = spent / (cycle["gone"] / 86400)
        days, needed = left / per_day, (cycle["whole"] - cycle["gone"]) / 86400
        pace = f"At {money(per_day)} a day"
        if days >= needed:
            return f"{pace} the balance lasts beyond this cycle."
        return f"{pace} the balance runs out in {max(1, int(days))} d, before the cycle ends."


def part(row: Snapshot | None, remaining: str, limit: str) -> Gauge | None:
    if row is None or getattr(row, remaining) is None or not getattr(row, limit):
        return None
    return gauge(getattr(row, remaining), getattr(row, limit))


def history_chart(rows: QuerySet[Snapshot], days: int) -> Chart | None:
    """The balance at the end of each day, and the on-demand credit where there ever was any.

    None as long as there are not two days to draw a line between.
    """
    today = timezone.localdate()
    labels = [today - timedelta(days=back) for back in range(days, -1, -1)]
    balance: dict[date, float | None] = {}
    demand: dict[date, float | None] = {}
    fields = ("balance_remaining", "legacy_remaining", "on_demand_balance")
    last = rows.annotate(day=TruncDate("taken_at")).order_by("day", "-taken_at").distinct("day")
    for day, left, legacy, extra in last.values_list("day", *fields):
        balance[day] = legacy if left is None else left
        demand[day] = extra
    if sum(value is not None for value in balance.values()) < 2:
        return None
    series = [Series("Balance", [balance.get(day) for day in labels])]
    if any(demand.values()):
        series.append(Series("On-demand credits", [demand.get(day) for day in labels]))
    return lines(labels, series, unit=lambda value: money(float(value)), height=240)
