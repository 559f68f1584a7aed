"""Changes to JSON values, compared with both versions of jsondiffpatch (the newest, and the one
inside v0's SDK) and with what that SDK does with the append form."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.sdk.conftest import Node
from v0client.patches import PatchFailed, patched

SEED, DOCUMENTS = 20_260, 12_000
KINDS = {"_t": "list", "3]": "move", "0, 2]": "text", "9, 9]": "append", "0, 0]": "removal"}


def written(value: Any) -> str:
    """JSON in which 1, 1.0 and true differ and the order of fields does not count."""
    return json.dumps(value, sort_keys=True)


def applied(before: Any, delta: Any) -> Any:
    """What v0's SDK makes of a change: one that does not fit leaves everything as it was."""
    try:
        return patched(before, delta)
    except PatchFailed:
        assert delta[1:] == [9, 9], f"{written(delta)} was refused"
        return before


@pytest.fixture(scope="module")
def cases(node: Node) -> list[Any]:
    """[before, delta, after] of many random documents."""
    printed = node.run("patches.mjs", given=f"{SEED} {DOCUMENTS}")
    return [json.loads(line) for line in printed.rstrip().split("\n")]


def test_every_delta_does_what_it_does_in_javascript(cases: list[Any]) -> None:
    assert len(cases) > 10_000
    for before, delta, after in cases:
        as_it_was = written(before)
        assert written(applied(before, delta)) == written(after), (before, delta)
        assert written(before) == as_it_was


def test_the_cases_are_of_every_kind(cases: list[Any]) -> None:
    deltas = [json.dumps(delta) for _, delta, _ in cases]
    counts = Counter(kind for delta in deltas for mark, kind in KINDS.items() if mark in delta)
    assert min(counts[kind] for kind in KINDS.values()) > 300, counts
    assert sum("%F0%9F" in delta for delta in deltas) > 100  # beyond the first 65,536 characters
