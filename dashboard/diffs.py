"""What differs between two sets of files and between two texts. Pure: no database, no requests.

Texts are compared line by line with Myers' algorithm; its work is bounded, so that no pair of
files can hold a page up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

MOST_EDITS = 800  # beyond that, what stands between the equal ends counts as replaced
MOST_RENAMES = 400  # pairs of texts that are looked at for likeness
ALIKE = 0.6  # the share of lines that a renamed file keeps at least
CONTEXT = 3  # unchanged lines shown around a change
LONGEST_LINE = 2_000  # characters; within longer ones nothing is marked

Read = Callable[[str], str | None]  # a content's text by its name; None where there is none


@dataclass(frozen=True)
class Change:
    """What became of a file. `old` and `new` name contents, `former` is the path before."""

    path: str
    kind: str  # added, removed, changed, renamed or same
    old: str = ""
    new: str = ""
    former: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a side. `begin` and `end` mark the characters that differ from the other side."""

    number: int
    text: str
    begin: int = 0
    end: int = 0


@dataclass(frozen=True)
class Row:
    """Two lines side by side; a side is None where the other one has more."""

    kind: str  # same or changed
    old: Line | None
    new: Line | None


@dataclass
class Stretch:
    """Rows in a row. Folded ones are far from any change."""

    rows: list[Row] = field(default_factory=list)
    folded: bool = False


@dataclass(frozen=True)
class Difference:
    """Two texts compared: all rows, and how many lines came and went."""

    rows: list[Row]
    added: int
    removed: int


def changes(before: Mapping[str, str], after: Mapping[str, str], read: Read) -> list[Change]:
    """Every path of two sets of files (path to the name of its content), by path.

    A removed and an added file with the same content, or with much the same lines, are one that
    was renamed.
    """
    gone = {path: name for path, name in before.items() if path not in after}
    come = {path: name for path, name in after.items() if path not in before}
    found = [
        Change(path, "same" if before[path] == name else "changed", before[path], name)
        for path, name in after.items()
        if path in before
    ]
    for path, former in renames(gone, come, read):
        found.append(Change(path, "renamed", gone.pop(former), come.pop(path), former))
    found += [Change(path, "added", new=name) for path, name in come.items()]
    found += [Change(path, "removed", old=name) for path, name in gone.items()]
    return sorted(found, key=lambda change: change.path)


def renames(
    gone: Mapping[str, str], come: Mapping[str, str], read: Read
) -> Iterator[tuple[str, str]]:
    """Pairs of the new and the former path, the likest first; each path is in one pair."""
    pairs = [
        (1.0 if gone[former] == come[path] else 0.0, path.split("/")[-1] == former.split("/")[-1],
         path, former)
        for path in come for former in gone
    ]  # fmt: skip
    if len(pairs) <= MOST_RENAMES:
        pairs = [
            (same or likeness(read(gone[former]), read(come[path])), is_named_so, path, former)
            for same, is_named_so, path, former in pairs
        ]
    used: set[tuple[str, str]] = set()
    for share, _, path, former in sorted(pairs, key=lambda pair: (-pair[0], not pair[1], pair[2:])):
        if share < ALIKE:
            return
        if not used & {("new", path), ("old", former)}:
            used |= {("new", path), ("old", former)}
            yield path, former


def likeness(old: str | None, new: str | None) -> float:
    """The share of lines, blank ones aside, that two texts have in common; 0 to 1."""
    if old is None or new is None:
        return 0.0
    left, right = counted(old), counted(new)
    whole = max(sum(left.values()), sum(right.values()))
    shared = sum(min(number, right.get(line, 0)) for line, number in left.items())
    return shared / whole if whole else 0.0


def counted(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in text.splitlines():
        if line.strip():
            found[line.strip()] = found.get(line.strip(), 0) + 1
    return found


def compare(old: str, new: str, *, ignore_space: bool = False) -> Difference:
    """Two texts line by line. `ignore_space`: lines that differ only in blanks are the same."""
    left, right = lines_of(old), lines_of(new)
    keys = (" ".join(line.split()) if ignore_space else line for line in (*left, *right))
    whole = list(keys)
    rows: list[Row] = []
    added = removed = at = to = 0
    pairs = matches(whole[: len(left)], whole[len(left) :])
    for old_place, new_place in [*pairs, (len(left), len(right))]:
        removed += old_place - at
        added += new_place - to
        rows += replaced(left, right, range(at, old_place), range(to, new_place))
        if old_place < len(left):
            old_line = Line(old_place + 1, left[old_place])
            rows.append(Row("same", old_line, Line(new_place + 1, right[new_place])))
        at, to = old_place + 1, new_place + 1
    return Difference(rows, added, removed)


def lines_of(text: str) -> list[str]:
    """The lines as editors count them: a form feed ends none, and a last newline begins none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def replaced(left: Sequence[str], right: Sequence[str], gone: range, come: range) -> Iterator[Row]:
    """The rows of a changed stretch; lines beside each other are marked where they differ."""
    for old, new in zip_longest(gone, come):
        if old is None:
            yield Row("changed", None, Line(new + 1, right[new]))
        elif new is None:
            yield Row("changed", Line(old + 1, left[old]), None)
        else:
            begin, behind = ends(left[old], right[new])
            yield Row(
                "changed",
                Line(old + 1, left[old], begin, len(left[old]) - behind if behind >= 0 else 0),
                Line(new + 1, right[new], begin, len(right[new]) - behind if behind >= 0 else 0),
            )


def ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two lines share at their beginning and their end; (0, -1) where that is
    too little to speak of a change within the line."""
    shorter = min(len(old), len(new))
    if max(len(old), len(new)) > LONGEST_LINE:
        return 0, -1
    begin = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - begin
    behind = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    blank = len(old) - len(old.lstrip())
    if begin + behind - min(blank, begin) < shorter / 3:
        return 0, -1
    return begin, behind


def matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places with equal lines, both growing: what stays. Lines that only one side has
    cannot stay, and are left out before the search."""
    begin = 0
    while begin < min(len(old), len(new)) and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    left_known, right_known = set(old[begin : len(old) - end]), set(new[begin : len(new) - end])
    left = [at for at in range(begin, len(old) - end) if old[at] in right_known]
    right = [at for at in range(begin, len(new) - end) if new[at] in left_known]
    between = search([old[at] for at in left], [new[at] for at in right])
    return [
        *((at, at) for at in range(begin)),
        *((left[at], right[to]) for at, to in between),
        *((len(old) - end + at, len(new) - end + at) for at in range(end)),
    ]


def search(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Myers: the longest way of equal lines; nothing where it would need more than MOST_EDITS."""
    furthest, history = {1: 0}, []
    for edits in range(min(len(old) + len(new), MOST_EDITS) + 1):
        history.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            at, _ = step(furthest, diagonal, edits)
            to = at - diagonal
            while at < len(old) and to < len(new) and old[at] == new[to]:
                at, to = at + 1, to + 1
            furthest[diagonal] = at
            if at >= len(old) and to >= len(new):
                return back(history, len(old), len(new))
    return []


def step(furthest: Mapping[int, int], diagonal: int, edits: int) -> tuple[int, bool]:
    """The place in the old text after one more edit, and whether that edit adds a line."""
    adds, takes = furthest.get(diagonal + 1, -1), furthest.get(diagonal - 1, -1)
    if diagonal == -edits or (diagonal != edits and takes < adds):
        return adds, True
    return takes + 1, False


def back(history: list[dict[int, int]], at: int, to: int) -> list[tuple[int, int]]:
    """The equal lines along the way that was found, in their order."""
    found = []
    for edits in range(len(history) - 1, -1, -1):
        begin, adds = step(history[edits], at - to, edits)
        begin_to = begin - (at - to)
        while at > begin and to > begin_to:
            at, to = at - 1, to - 1
            found.append((at, to))
        at, to = (at, to - 1) if adds else (at - 1, to)
    return found[::-1]


def stretches(rows: Sequence[Row]) -> list[Stretch]:
    """The rows with what is far from any change in stretches of its own."""
    near = [False] * len(rows)
    for place, row in enumerate(rows):
        if row.kind == "changed":
            low, high = max(0, place - CONTEXT), min(len(rows), place + CONTEXT + 1)
            near[low:high] = [True] * (high - low)
    found: list[Stretch] = []
    for row, is_near in zip(rows, near, strict=True):
        if not found or found[-1].folded == is_near:
            found.append(Stretch(folded=not is_near))
        found[-1].rows.append(row)
    for stretch in found:
        stretch.folded = stretch.folded and len(stretch.rows) > 2 * CONTEXT
    return found
