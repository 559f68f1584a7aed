"""What differs between files and texts: lines, renames, whitespace, and bounded work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard import diffs

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  a"]), max_size=12)


def longest_common(old: list[str], new: list[str]) -> int:
    """The slow and sure way."""
    row = [0] * (len(new) + 1)
    for one in old:
        before = row
        row = [0]
        for place, other in enumerate(new):
            row.append(before[place] + 1 if one == other else max(before[place + 1], row[place]))
    return row[-1]


def sides(difference: diffs.Difference) -> tuple[list[str], list[str]]:
    old = [row.old.text for row in difference.rows if row.old]
    new = [row.new.text for row in difference.rows if row.new]
    return old, new


@given(LINES, LINES)
def test_what_stays_is_the_most_that_can_stay(old: list[str], new: list[str]) -> None:
    pairs = diffs.matches(old, new)
    assert all(old[at] == new[to] for at, to in pairs)
    assert pairs == sorted(set(pairs))
    assert len({at for at, _ in pairs}) == len({to for _, to in pairs}) == len(pairs)
    assert len(pairs) == longest_common(old, new)


@given(LINES, LINES)
def test_both_texts_can_be_read_off_the_rows(old: list[str], new: list[str]) -> None:
    before, after = "".join(f"{line}\n" for line in old), "".join(f"{line}\n" for line in new)
    difference = diffs.compare(before, after)
    assert sides(difference) == (old, new)
    changed = [row for row in difference.rows if row.kind == "changed"]
    assert difference.removed == sum(row.old is not None for row in changed)
    assert difference.added == sum(row.new is not None for row in changed)


def test_lines_carry_the_numbers_of_their_own_side() -> None:
    rows = diffs.compare("a\nb\nc", "a\nx\ny\nc").rows
    numbers = [(row.old and row.old.number, row.new and row.new.number) for row in rows]
    assert numbers == [(1, 1), (2, 2), (None, 3), (3, 4)]


def test_a_change_within_a_line_is_marked_to_the_character() -> None:
    (row,) = diffs.compare("const size = 12;", "const size = 240;").rows
    assert row.old is not None
    assert row.new is not None
    assert row.old.text[row.old.begin : row.old.end] == "12"
    assert row.new.text[row.new.begin : row.new.end] == "240"
    (row,) = diffs.compare("alpha", "omega!").rows
    assert row.old is not None
    assert row.old.begin == row.old.end  # nothing in common: the whole line has changed


def test_blanks_count_unless_they_are_to_be_ignored() -> None:
    old, new = "if x:\n  go()\n", "if  x:\n\tgo()  \n"
    assert diffs.compare(old, new).added == 2
    ignoring = diffs.compare(old, new, ignore_space=True)
    assert (ignoring.added, ignoring.removed) == (0, 0)
    assert sides(ignoring)[1] == ["if  x:", "\tgo()  "]
    assert diffs.compare("a\nb", "a\r\nb\r\n").rows == diffs.compare("a\nb", "a\nb").rows


def test_two_large_texts_without_order_are_compared_with_bounded_work() -> None:
    old = "\n".join(str(number * 7919 % 10) for number in range(20_000))
    new = "\n".join(str(number * 104_729 % 13 % 10) for number in range(20_000))
    difference = diffs.compare(old, new)
    assert sides(difference) == (old.split("\n"), new.split("\n"))


def test_far_lines_are_folded_and_near_ones_are_not() -> None:
    old = [str(number) for number in range(40)]
    new = [*old[:20], "new", *old[20:]]
    found = diffs.stretches(diffs.compare("\n".join(old), "\n".join(new)).rows)
    assert [(len(one.rows), one.folded) for one in found] == [(17, True), (7, False), (17, True)]
    short = diffs.stretches(diffs.compare("a\nb\nc\nd\ne\nf", "a\nb\nc\nd\ne\nx").rows)
    assert not any(one.folded for one in short)


TEXTS = {
    "page": "\n".join(f"line {number}" for number in range(10)),
    "page edited": "\n".join(f"line {number}" for number in range(9)),
    "tea": "Tea",
    "coffee": "Coffee",
}


def test_files_are_added_removed_changed_and_renamed() -> None:
    before = {"a.tsx": "page", "b.md": "tea", "c.css": "coffee", "gone.ts": "coffee"}
    after = {"lib/a.tsx": "page edited", "b.md": "coffee", "c.css": "coffee", "come.ts": "tea"}
    found = {change.path: change for change in diffs.changes(before, after, TEXTS.get)}
    assert {path: change.kind for path, change in found.items()} == {
        "b.md": "changed", "c.css": "same", "come.ts": "added", "gone.ts": "removed",
        "lib/a.tsx": "renamed",
    }  # fmt: skip
    assert (found["lib/a.tsx"].former, found["lib/a.tsx"].old) == ("a.tsx", "page")
    assert [*found] == sorted(found)


def test_a_file_whose_content_moved_unchanged_keeps_its_name_first() -> None:
    before = {"a/index.ts": "tea", "b/main.ts": "tea"}
    after = {"c/main.ts": "tea", "c/index.ts": "tea"}
    found = {change.path: change.former for change in diffs.changes(before, after, TEXTS.get)}
    assert found == {"c/index.ts": "a/index.ts", "c/main.ts": "b/main.ts"}


def test_a_great_move_is_found_by_equal_contents_alone() -> None:
    before = {f"old/{number}.ts": f"content {number}" for number in range(100)}
    after = {f"new/{number}.ts": f"content {number}" for number in range(100)}

    def read(name: str) -> str:
        raise AssertionError(name)

    found = diffs.changes(before, after, read)
    assert {change.kind for change in found} == {"renamed"}
    assert all(change.path[4:] == change.former[4:] for change in found)


def test_binary_files_are_renamed_only_when_they_are_the_same() -> None:
    found = diffs.changes({"a.png": "x", "b.png": "y"}, {"c.png": "x", "d.png": "z"}, TEXTS.get)
    assert [(change.path, change.kind) for change in found] == [
        ("b.png", "removed"), ("c.png", "renamed"), ("d.png", "added"),
    ]  # fmt: skip
