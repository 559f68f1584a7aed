"""Numbers to SVG geometry: charts of lines. Pure; templates draw them.
Positions are percentages across, so that charts fit any width, and pixels from the top down.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Number = int | float | Decimal
Label = str | dt.date
SERIES = 6  # colours; further series share the last one
DATES = 6  # labels below a chart, at most
TOP = 10.0
FOOT = 22.0
SMALLEST = 1e-9  # less is nothing, in any unit that people read


@dataclass(frozen=True)
class Series:
    """One row of numbers with a name; None is a day without a value."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Tick:
    """A line across the plot, or a label below it."""

    at: str
    label: str
    anchor: str = "end"


@dataclass(frozen=True)
class Path:
    """A line of a chart; points are for a viewBox of 100 by the chart's height."""

    points: str
    area: str
    color: int
    name: str


@dataclass(frozen=True)
class Chart:
    """What components/lines.html draws, with the table behind it."""

    height: str
    ticks: Sequence[Tick]
    dates: Sequence[Tick]
    legend: Sequence[tuple[str, int]]
    table: Sequence[tuple[str, Sequence[str]]]
    paths: Sequence[Path]


def short(value: float) -> str:
    """A coordinate for SVG: at most two decimals, never in exponents."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(value: float, whole: float) -> str:
    if whole <= 0 or not math.isfinite(value):
        return "0"
    return short(max(0.0, min(100.0, 100 * value / whole)))


def plain(value: Number) -> str:
    """A number as text where no unit is given."""
    return f"{float(value):,.2f}".rstrip("0").rstrip(".")


def scale(highest: float, steps: int = 4) -> list[float]:
    """Round values from 0 to at least the highest, about so many steps apart: 0, 20, 40, 60."""
    if highest < SMALLEST or not math.isfinite(highest):
        return [0.0, 1.0]
    rough = highest / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * nice for nice in (1, 2, 2.5, 5) if power * nice >= rough), power * 10)
    return [step * at for at in range(math.ceil(highest / step - 1e-9) + 1)]


def day_name(label: Label) -> str:
    return f"{label.day} {label:%b}" if isinstance(label, dt.date) else label


def date_ticks(labels: Sequence[Label], place: Callable[[int], float]) -> list[Tick]:
    """Evenly spread labels, the first and the last kept inside of the plot."""
    last = len(labels) - 1
    if last < 0:
        return []
    chosen = sorted({round(last * step / (DATES - 1)) for step in range(DATES)})
    ticks = []
    for at in chosen:
        anchor = "start" if at == 0 and last else "end" if at == last and last else "middle"
        ticks.append(Tick(f"{short(place(at))}%", day_name(labels[at]), anchor))
    return ticks


@dataclass
class Frame:
    """The vertical scale of a chart."""

    height: float
    highest: float
    marks: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.marks = scale(self.highest)

    @property
    def base(self) -> float:
        return self.height - FOOT

    def y(self, value: float) -> float:
        return self.base - (self.base - TOP) * max(0.0, value) / self.marks[-1]

    def ticks(self, unit: Callable[[Number], str]) -> list[Tick]:
        labels = [unit(mark) for mark in self.marks]
        if all(label.endswith(".00") for label in labels):
            labels = [label[:-3] for label in labels]
        pairs = zip(self.marks, labels, strict=True)
        return [Tick(short(self.y(mark)), label) for mark, label in pairs]


def color_of(index: int) -> int:
    return min(index + 1, SERIES)


def table_of(
    labels: Sequence[Label], series: Sequence[Series], unit: Callable[[Number], str]
) -> list[tuple[str, list[str]]]:
    return [
        (day_name(label), [told(one.values[at], unit) for one in series])
        for at, label in enumerate(labels)
    ]


def told(value: Number | None, unit: Callable[[Number], str]) -> str:
    return "—" if value is None else unit(value)


def lines(
    labels: Sequence[Label],
    series: Sequence[Series],
    *,
    unit: Callable[[Number], str] = plain,
    height: float = 220,
) -> Chart:
    """One line per series; days without a value are skipped, not drawn as nought."""
    values = [float(value) for one in series for value in one.values if value is not None]
    frame = Frame(height, max(values, default=0))
    steps = max(1, len(labels) - 1)
    paths = []
    for index, one in enumerate(series):
        points = [
            (100 * at / steps, frame.y(float(value)))
            for at, value in enumerate(one.values)
            if value is not None
        ]
        paths.append(path(points, frame.base, color_of(index), one.name))
    return Chart(
        height=short(height),
        ticks=frame.ticks(unit),
        dates=date_ticks(labels, lambda at: 100 * at / steps),
        legend=[(one.name, color_of(index)) for index, one in enumerate(series)],
        table=table_of(labels, series, unit),
        paths=paths,
    )


def path(points: Sequence[tuple[float, float]], base: float, color: int, name: str) -> Path:
    # A line of one point is drawn as a dot: a stroke of no length with round ends.
    shown = points if len(points) > 1 else [*points, *points]
    drawn = " ".join(f"{short(x)},{short(y)}" for x, y in shown)
    if not points:
        return Path("", "", color, name)
    first, last = short(points[0][0]), short(points[-1][0])
    return Path(drawn, f"{first},{short(base)} {drawn} {last},{short(base)}", color, name)
