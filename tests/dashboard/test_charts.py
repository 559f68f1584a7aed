"""The geometry of charts and fork trees: what stands where, and what odd numbers do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import charts, gauges, trees
from dashboard.charts import Series
from dashboard.trees import Leaf

DAYS = [dt.date(2026, 3, 1) + dt.timedelta(days=at) for at in range(30)]
amounts = st.one_of(st.none(), st.decimals(0, 10**6, places=2), st.floats(0, 1e9))


def dollars(value: charts.Number) -> str:
    return f"${float(value):,.2f}"


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (48, [0, 20, 40, 60]),
        (0.07, [0, 0.02, 0.04, 0.06, 0.08]),
        (1000, [0, 250, 500, 750, 1000]),
    ],
)
def test_a_scale_has_few_round_marks_and_reaches_the_highest(
    highest: float, marks: list[float]
) -> None:
    assert charts.scale(highest) == pytest.approx(marks)


@given(st.floats(1e-6, 1e12))
def test_a_scale_always_covers_its_highest_in_at_most_six_marks(highest: float) -> None:
    marks = charts.scale(highest)
    assert marks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(marks) <= 6


def test_dates_are_few_and_stay_inside_of_the_plot() -> None:
    chart = charts.lines(DAYS, [Series("A", [1] * 30)])
    assert len(chart.dates) == 6
    assert (chart.dates[0].at, chart.dates[0].anchor) == ("0%", "start")
    assert (chart.dates[-1].at, chart.dates[-1].anchor) == ("100%", "end")
    assert (chart.dates[0].label, chart.dates[-1].label) == ("1 Mar", "30 Mar")


def test_whole_amounts_drop_their_cents_on_the_axis_but_not_in_the_table() -> None:
    chart = charts.lines(DAYS[:1], [Series("A", [48])], unit=dollars)
    assert [tick.label for tick in chart.ticks] == ["$0", "$20", "$40", "$60"]
    assert chart.table == [("1 Mar", ["$48.00"])]


def test_a_chart_of_no_days_is_empty_and_does_not_fail() -> None:
    assert not charts.lines([], []).table
    assert not charts.lines([], [Series("A", [])]).table


def test_a_line_skips_days_without_a_value() -> None:
    chart = charts.lines(DAYS[:3], [Series("A", [1, None, 3])])
    assert chart.table[1] == ("2 Mar", ["—"])
    points = chart.paths[0].points.split()
    assert [point.partition(",")[0] for point in points] == ["0", "100"]


def test_a_single_value_is_drawn_as_a_dot() -> None:
    chart = charts.lines(DAYS[:3], [Series("A", [None, 5, None])])
    one, other = chart.paths[0].points.split()
    assert one == other


def test_more_series_than_colours_share_the_last_one() -> None:
    chart = charts.lines(DAYS[:1], [Series(str(at), [1]) for at in range(9)])
    assert [color for _, color in chart.legend] == [1, 2, 3, 4, 5, 6, 6, 6, 6]


@given(st.lists(amounts, min_size=1, max_size=40))
def test_every_point_lies_within_the_plot(values: list[charts.Number | None]) -> None:
    names = [str(at) for at in range(len(values))]
    for point in charts.lines(names, [Series("A", values)]).paths[0].points.split():
        x, y = (float(part) for part in point.split(","))
        assert 0 <= x <= 100
        assert 0 <= y <= 198


@pytest.mark.parametrize(
    ("left", "whole", "filled", "tone"),
    [
        (900, 1000, "90", "ok"),
        (200, 1000, "20", "warn"),
        (Decimal("50"), Decimal("1000"), "5", "bad"),
        (5000, 1000, "100", "ok"),
        (-3, 1000, "0", "bad"),
        (5, 0, "0", "bad"),
    ],
)
def test_a_gauge_is_filled_by_what_is_left(
    left: charts.Number, whole: charts.Number, filled: str, tone: str
) -> None:
    gauge = gauges.gauge(left, whole)
    assert (gauge.filled, gauge.tone) == (filled, tone)
    assert float(gauge.filled) + float(gauge.rest) == 100


def test_coordinates_are_short_and_never_in_exponents() -> None:
    assert charts.short(0.00001) == "0"
    assert charts.short(-0.001) == "0"
    assert charts.short(1 / 3) == "0.33"
    assert charts.short(100.0) == "100"


def test_forks_stand_to_the_right_of_what_they_came_from() -> None:
    tree = trees.tree({"a": Leaf(None, "A"), "b": Leaf("a", "B"), "c": Leaf("b", "C")})
    assert [node.depth for node in tree.nodes] == [0, 1, 2]
    assert len(tree.edges) == 2
    assert len({node.y for node in tree.nodes}) == 1


def test_siblings_get_rows_of_their_own_in_the_given_order() -> None:
    tree = trees.tree({"a": Leaf(None, "A"), "b": Leaf("a", "B"), "c": Leaf("a", "C")})
    rows = {node.leaf.title: float(node.y) for node in tree.nodes}
    assert rows["A"] == rows["B"] < rows["C"]


def test_a_fork_of_something_unknown_is_a_root() -> None:
    tree = trees.tree({"b": Leaf("gone", "B")})
    assert [node.depth for node in tree.nodes] == [0]
    assert not tree.edges


def test_a_circle_of_forks_is_cut_and_loses_nobody() -> None:
    tree = trees.tree({"a": Leaf("c", "A"), "b": Leaf("a", "B"), "c": Leaf("b", "C")})
    assert sorted(node.leaf.title for node in tree.nodes) == ["A", "B", "C"]
    assert len(tree.edges) == 2


def test_an_empty_tree_has_no_nodes() -> None:
    assert not trees.tree({}).nodes


@given(st.lists(st.integers(0, 30), max_size=30))
def test_no_two_nodes_of_a_tree_share_a_place(parents: list[int]) -> None:
    leaves = {at: Leaf(min(parent, at - 1), str(at)) for at, parent in enumerate(parents)}
    nodes = trees.tree(leaves).nodes
    assert len({(node.x, node.y) for node in nodes}) == len(parents)
