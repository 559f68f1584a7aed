"""Small pictures beside a number, as SVG geometry: a gauge of what is left, a line of what was.
Pure; templates draw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.charts import Number, path, percent, plain, short


@dataclass(frozen=True)
class Spark:
    points: str
    area: str
    last: str


@dataclass(frozen=True)
class Gauge:
    """A half circle; `filled` and `rest` are a dash pattern on a path of length 100."""

    filled: str
    rest: str
    percent: str
    tone: str


def spark(values: Sequence[Number], *, unit: Callable[[Number], str] = plain) -> Spark | None:
    """A line of a tile in a viewBox of 100 by 32; None where there is nothing to compare."""
    if len(values) < 2:
        return None
    numbers = [float(value) for value in values]
    low, high = min(0.0, *numbers), max(numbers)
    reach = (high - low) or 1.0
    steps = len(numbers) - 1
    points = [(100 * at / steps, 30 - 28 * (one - low) / reach) for at, one in enumerate(numbers)]
    drawn = path(points, 32, 1, "")
    return Spark(drawn.points, drawn.area, unit(values[-1]))


def gauge(value: Number, whole: Number, *, warn: float = 0.25, bad: float = 0.1) -> Gauge:
    """How much is left of a whole; the tone follows from the share that is left."""
    filled = percent(float(value), float(whole))
    left = float(filled) / 100
    tone = "bad" if left <= bad else "warn" if left <= warn else "ok"
    return Gauge(filled, short(100 - float(filled)), f"{float(filled):.0f} %", tone)
