"""What is fetched, as a table of rows before and listings now."""

from __future__ import annotations

import pytest

from dashboard.sync.diff import Changes, Mirrored, diff

CASES = {
    "nothing anywhere": ({}, {}, Changes()),
    "a new one": ({}, {"a": "1"}, Changes(fetch=["a"])),
    "an unchanged one": ({"a": Mirrored("1")}, {"a": "1"}, Changes()),
    "a changed one": ({"a": Mirrored("1")}, {"a": "2"}, Changes(fetch=["a"])),
    "one whose detail never came": ({"a": Mirrored("")}, {"a": "1"}, Changes(fetch=["a"])),
    "one stored with another key": (
        {"a": Mirrored("1", seen=False)},
        {"a": "1"},
        Changes(sight=["a"]),
    ),
    "one of another key that changed": (
        {"a": Mirrored("1", seen=False)},
        {"a": "2"},
        Changes(fetch=["a"]),
    ),
    "one that is not listed": ({"a": Mirrored("1")}, {}, Changes(look=["a"])),
    "one that this key never saw": ({"a": Mirrored("1", seen=False)}, {}, Changes()),
    "one that is gone": ({"a": Mirrored("1", gone=True)}, {}, Changes()),
    "one that comes back": ({"a": Mirrored("1", gone=True)}, {"a": "1"}, Changes(fetch=["a"])),
}


@pytest.mark.parametrize(("mirrored", "listed", "expected"), CASES.values(), ids=CASES.keys())
def test_diff(mirrored: dict[str, Mirrored], listed: dict[str, str], expected: Changes) -> None:
    assert diff(mirrored, listed) == expected
