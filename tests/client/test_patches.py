"""Deltas of streams. patch_cases.json was written by the JavaScript package jsondiffpatch 0.7.3:
random values, random changes (with texts, moves, nested lists), and what it made of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v0client.patches import PatchFailed, patched

CASES = json.loads((Path(__file__).parent / "patch_cases.json").read_text())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_deltas_do_what_they_do_in_javascript(number: int) -> None:
    before, delta, after = copy.deepcopy(CASES[number])
    assert patched(before, delta) == after


@given(before=JSON, after=JSON)
def test_a_value_can_be_replaced_and_removed_whole(before: Any, after: Any) -> None:
    assert patched(copy.deepcopy(before), [after]) == after
    assert patched(copy.deepcopy(before), [before, after]) == after
    assert patched({"a": before}, {"a": [before, 0, 0]}) == {}
    assert patched([before], {"_t": "a", "_0": [before, 0, 0]}) == []
    assert patched([before], {"_t": "a", "1": [after]}) == [before, after]
    assert patched(copy.deepcopy(before), None) == before


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ([["a", "b"]], [0, 1, "!"], [["a", "b!"]]),
        ([{"parts": ["a"]}], [0, "parts", 0, "!"], [{"parts": ["a!"]}]),
        ([{"text": "a"}], ["0", "text", "!"], [{"text": "a!"}]),
        ([["a", "b"]], [0, 0, 5, "!"], [["a!", "b"]]),
        (["🎉"], [0, "日本"], ["🎉日本"]),
    ],
)
def test_text_is_appended_at_the_first_text_on_the_way(before: Any, path: Any, after: Any) -> None:
    assert patched(before, [path, 9, 9]) == after


@pytest.mark.parametrize(
    ("value", "delta"),
    [
        ([], [[0, "x"], 9, 9]),
        ([[1]], [[0, 0, "x"], 9, 9]),
        ({"a": 1}, {"_t": "a", "0": [1]}),
        ([1], {"a": [1]}),
        ([1], {"_t": "a", "_5": ["", 0, 0]}),
        ([1], {"_t": "a", "_0": ["", 0, 7]}),
        ([1], {"_t": "a", "x": [1]}),
        ({"a": "b"}, {"a": ["@@ -1 +1 @@\n-c\n+d\n", 0, 2]}),
        ({"a": 1}, {"a": ["@@ -1 +1 @@\n-c\n+d\n", 0, 2]}),
        ({"a": "b"}, {"a": ["nonsense", 0, 2]}),
        ("a", "b"),
        ("a", [1, 2, 3]),
        ("a", []),
        ("a", 7),
    ],
)
def test_a_delta_that_does_not_fit_is_an_error(value: Any, delta: Any) -> None:
    with pytest.raises(PatchFailed):
        patched(value, delta)


@given(value=JSON, delta=JSON)
def test_no_delta_breaks_anything_in_another_way(value: Any, delta: Any) -> None:
    try:
        patched(value, delta)
    except PatchFailed as failure:
        assert str(failure)  # noqa: PT017


def test_what_a_delta_inserts_is_not_shared_with_it() -> None:
    delta = [[["a"]]]
    value = patched(None, delta)
    patched(value, [[0, 0, "!"], 9, 9])
    assert delta == [[["a"]]]
