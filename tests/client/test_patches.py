"""Changes to JSON values. Where Node.js is, tests/sdk compares them with jsondiffpatch itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v0client.patches import PatchFailed, patched

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
# Deltas that look right: mostly of fields and places that are there.
CHANGES: st.SearchStrategy[Any] = st.recursive(
    st.builds(lambda new: [new], JSON)
    | st.builds(lambda old: [old, 0, 0], JSON)
    | st.builds(lambda to: ["", to, 3], st.integers(-1, 3))
    | st.builds(lambda text: [f"@@ -1 +1 @@\n-{text}\n+!\n", 0, 2], st.text(max_size=2)),
    lambda inner: (
        st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0", "1", "_0", "_1", "2"]), inner, max_size=3).map(
            lambda changes: {**changes, "_t": "a"}
        )
    ),
    max_leaves=6,
)
APPENDS = st.builds(
    lambda path, text: [[*path, text], 9, 9], st.lists(st.integers(-1, 3)), st.text(max_size=3)
)


@pytest.mark.parametrize(
    ("before", "delta", "after"),
    [
        ({"a": 1}, {"b": [2]}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": [1, 0, 0]}, {"b": 2}),
        ({"a": {"b": None}}, {"a": {"b": [None, 0.5]}}, {"a": {"b": 0.5}}),
        ({"_t": "x"}, {"_t": ["x", "y"]}, {"_t": "y"}),
        ([1, 2, 3], {"_t": "a", "_0": [1, 0, 0], "_2": [3, 0, 0]}, [2]),
        ([1, 2, 3], {"_t": "a", "_2": ["", 0, 3]}, [3, 1, 2]),
        (
            [{"id": 1}],
            {"_t": "a", "0": [{"id": 0}], "1": {"n": [7]}},
            [{"id": 0}, {"id": 1, "n": 7}],
        ),
        ([[1], [2]], {"_t": "a", "_1": ["", 0, 3], "1": {"_t": "a", "1": [9]}}, [[2], [1, 9]]),
        ("one two", ["@@ -1,7 +1,9 @@\n one \n-two\n+three\n", 0, 2], "one three"),
        ("🎉 é", ["@@ -1,4 +1,6 @@\n %F0%9F%8E%89 \n-%C3%A9\n+%2520\n", 0, 2], "🎉 %20"),
        ("", ["@@ -0,0 +1,2 @@\n+a%0A\n", 0, 2], "a\n"),
        ("a\n", ["@@ -1,2 +0,0 @@\n-a%0A\n", 0, 2], ""),
        ("text", None, "text"),
    ],
)
def test_deltas_do_what_jsondiffpatch_says(before: Any, delta: Any, after: Any) -> None:
    assert patched(before, delta) == after


@given(before=JSON, after=JSON)
def test_a_value_can_be_replaced_and_removed_whole(before: Any, after: Any) -> None:
    assert patched(before, [after]) == after
    assert patched(before, [before, after]) == after
    assert patched({"a": before}, {"a": [before, 0, 0]}) == {}
    assert patched([before], {"_t": "a", "_0": [before, 0, 0]}) == []
    assert patched([before], {"_t": "a", "1": [after]}) == [before, after]
    assert patched(before, None) == before


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ([["a", "b"]], [0, 1, "!"], [["a", "b!"]]),
        ([{"parts": ["a"]}], [0, "parts", 0, "!"], [{"parts": ["a!"]}]),
        ([{"text": "a"}], ["0", "text", "!"], [{"text": "a!"}]),
        ([["a", "b"]], [0, 0, 5, "!"], [["a!", "b"]]),
        (["🎉"], [0, "日本"], ["🎉日本"]),
        ("a", ["!"], "a!"),
    ],
)
def test_text_is_appended_at_the_first_text_on_the_way(before: Any, path: Any, after: Any) -> None:
    assert patched(before, [path, 9, 9]) == after


@pytest.mark.parametrize(
    ("value", "delta"),
    [
        ([], [[0, "x"], 9, 9]),
        (["a"], [[-1, "x"], 9, 9]),
        ({"a": "b"}, ["ac", 9, 9]),
        ([], [["x"], 9, 9]),
        ([[1]], [[0, 0, "x"], 9, 9]),
        ({"a": 1}, {"_t": "a", "0": [1]}),
        ([1], {"a": [1]}),
        ([1], {"_t": "a", "_5": ["", 0, 0]}),
        ([1], {"_t": "a", "_0": ["", 0, 7]}),
        ([1], {"_t": "a", "x": [1]}),
        ([1, 2], {"_t": "a", "_-1": ["", 0, 0]}),
        ({"a": "b"}, {"a": ["@@ -1 +1 @@\n-c\n+d\n", 0, 2]}),
        ({"a": 1}, {"a": ["@@ -1 +1 @@\n-c\n+d\n", 0, 2]}),
        ({"a": "b"}, {"a": ["nonsense", 0, 2]}),
        ("a", ["@@ -9,0 +10 @@\n+b\n", 0, 2]),
        ("a", ["@@ -0 +0 @@\n-a\n+b\n", 0, 2]),
        ("a", ["@@ -1 +1 @@\n-%ED%A0%80\n", 0, 2]),
        ("a", "b"),
        ("a", [1, 2, 3]),
        ("a", []),
        ("a", 7),
    ],
)
def test_a_delta_that_does_not_fit_is_an_error(value: Any, delta: Any) -> None:
    with pytest.raises(PatchFailed):
        patched(value, delta)


@given(value=JSON, delta=JSON | CHANGES | APPENDS)
def test_no_delta_changes_the_value_or_fails_in_another_way(value: Any, delta: Any) -> None:
    before, change = copy.deepcopy(value), copy.deepcopy(delta)
    try:
        patched(value, delta)
    except PatchFailed as failure:
        assert str(failure)  # noqa: PT017
    assert (value, delta) == (before, change)


def test_a_value_too_deep_to_follow_is_an_error() -> None:
    value: Any = {}
    delta: Any = [1]
    for _ in range(10_000):
        value, delta = {"a": value}, {"a": delta}
    with pytest.raises(PatchFailed, match="RecursionError"):
        patched(value, delta)


def test_a_state_that_was_kept_stays_as_it_was() -> None:
    states = [[{"text": "a"}]]
    for text in "bcd":
        states.append(patched(states[-1], [[0, "text", text], 9, 9]))
    assert [state[0]["text"] for state in states] == ["a", "ab", "abc", "abcd"]


def test_what_did_not_change_is_not_copied() -> None:
    value = [["long"], ["a"]]
    assert patched(value, [[1, 0, "b"], 9, 9])[0] is value[0]
