"""The picture beside a number, as SVG geometry: a gauge of what is left.

Pure; templates draw it. Charts are in charts.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts import Number, percent, short


@dataclass(frozen=True)
class Gauge:
    """A half circle; `filled` and `rest` are a dash pattern on a path of length 100."""

    filled: str
    rest: str
    percent: str
    tone: str


def gauge(value: Number, whole: Number, *, warn: float = 0.25, bad: float = 0.1) -> Gauge:
    """How much is left of a whole; the tone follows from the share that is left."""
    filled = percent(float(value), float(whole))
    left = float(filled) / 100
    tone = "bad" if left <= bad else "warn" if left <= warn else "ok"
    return Gauge(filled, short(100 - float(filled)), f"{float(filled):.0f} %", tone)
