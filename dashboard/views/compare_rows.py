"""One file of a comparison as it is drawn: coloured lines beside or below each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dashboard import diffs
from dashboard.models import Content
from dashboard.texts import HIGHLIGHT_LIMIT, colored_lines, lexer_for
from dashboard.views.compare_sides import Side

BIG = 400_000  # bytes; larger files are not compared line by line
MOST_ROWS = 3_000
LONGEST_FOLD = 400  # rows; a longer unchanged stretch is drawn when the address asks for it
LONGEST_UNFOLDED = 10_000
KEPT_SECONDS = 7 * 24 * 3600
PIECES = re.compile(r"<[^>]*>|&[#\w]+;|[^<&]")


@dataclass
class Cell:
    """One line of one side. `id` is what links to it name; without a line there is no number."""

    number: int | None = None
    id: str = ""
    sign: str = ""  # where the line came or went
    html: SafeString = field(default_factory=SafeString)

    @property
    def tone(self) -> str:
        return "ok" if self.sign == "+" else "bad"


@dataclass
class DrawnRow:
    """Side by side: both cells. Below each other: the one that has the text comes second."""

    old: Cell
    new: Cell

    @property
    def cells(self) -> tuple[Cell, Cell]:
        return self.old, self.new


@dataclass
class Block:
    """Rows in a row; `folded` ones open on a click, and without rows they are only counted.
    `wanted` ones are open already; `rest` of their rows are too many."""

    rows: list[DrawnRow]
    folded: bool = False
    count: int = 0
    wanted: bool = False
    rest: int = 0


@dataclass
class DrawnFile:
    """The open file of a comparison."""

    path: str
    former: str
    kind: str
    added: int = 0
    removed: int = 0
    blocks: list[Block] = field(default_factory=list)
    hidden: int = 0  # rows beyond MOST_ROWS
    why: str = ""  # it is not shown
    inline: bool = False  # what went stands above what came
    here: str = ""  # the address that its lines' addresses begin with
    folds: str = ""  # the address that, with the number of a block, shows that one unfolded
    sides: list[Side] = field(default_factory=list)


def is_text(content: Content) -> bool:
    """v1 tells binary files as data URLs."""
    return not (content.is_binary or "\0" in content.text or content.text.startswith("data:"))


def draw(
    change: diffs.Change, contents: Mapping[str, Content], asked: Mapping[str, str]
) -> DrawnFile:
    """The lines of a file on both sides, as the address asks for them."""
    old, new = contents.get(change.old), contents.get(change.new)
    shown = DrawnFile(change.path, change.former, change.kind)
    shown.why = why_not(change, old, new)
    if shown.why:
        return shown
    # A file that one side lacks has nothing to stand beside.
    inline = shown.inline = asked.get("view") == "inline" or not (change.old and change.new)
    before, after = old.text if old else "", new.text if new else ""
    found = diffs.compare(before, after, ignore_space="space" in asked)
    shown.added, shown.removed = found.added, found.removed
    colors = colored(change.former or change.path, old), colored(change.path, new)
    left = MOST_ROWS
    for stretch in diffs.stretches(found.rows):
        count, wanted = len(stretch.rows), asked.get("unfold") == str(len(shown.blocks))
        if stretch.folded:
            is_drawn = wanted or (count <= LONGEST_FOLD and left > 0)
            rows = stretch.rows[: LONGEST_UNFOLDED if is_drawn else 0]
            drawn = [*cells(rows, colors, inline)]
            rest = count - len(rows) if wanted else 0
            shown.blocks.append(Block(drawn, True, count, wanted, rest))
            continue
        rows = stretch.rows[: max(left, 0)]
        shown.hidden += count - len(rows)
        left -= len(rows)
        shown.blocks.append(Block([*cells(rows, colors, inline)]))
    return shown


def why_not(change: diffs.Change, old: Content | None, new: Content | None) -> str:
    """Why the lines cannot be compared, in words; "" where they can. Contents that were too much
    to read are missing."""
    wanted = [(change.old, old), (change.new, new)]
    present = [content for name, content in wanted if name and content is not None]
    if not all(is_text(content) for content in present):
        sizes = " and ".join(dict.fromkeys(f"{content.size:,} bytes" for content in present))
        return f"This is not a text file ({sizes}), so there are no lines to compare."
    if len(present) < sum(bool(name) for name, _ in wanted) or any(c.size > BIG for c in present):
        return "This file is too large to compare line by line."
    return ""


Colors = tuple[list[str], list[str]]


def cells(rows: Iterable[diffs.Row], colors: Colors, inline: bool) -> Iterator[DrawnRow]:
    """Side by side, or what went above what came."""
    come: list[DrawnRow] = []
    for row in rows:
        is_same = row.kind == "same"
        old = cell(row.old, colors[0], "o", "" if is_same else "−")
        new = cell(row.new, colors[1], "n", "" if is_same else "+")
        if not inline:
            yield DrawnRow(old, new)
        elif is_same:
            yield from come
            come = []
            yield DrawnRow(Cell(old.number, old.id), new)
        else:
            if row.new:
                come.append(DrawnRow(Cell(), new))
            if row.old:
                yield DrawnRow(old, Cell(sign=old.sign, html=old.html))
    yield from come


def cell(line: diffs.Line | None, colors: list[str], side: str, sign: str) -> Cell:
    if line is None:
        return Cell()
    at = line.number - 1
    html = colors[at] if at < len(colors) else escape(line.text)
    if line.end > line.begin:
        html = marked(html, line.begin, line.end)
    return Cell(line.number, f"{side}{line.number}", sign, mark_safe(html))  # noqa: S308


def marked(html: str, begin: int, end: int) -> str:
    """Coloured source with <mark> around the characters from begin to end, never across a tag."""
    pieces, at, is_open = [], 0, False
    for piece in PIECES.findall(html):
        is_tag = piece.startswith("<")
        inside = not is_tag and begin <= at < end
        if is_open and not inside:
            pieces.append("</mark>")
        if inside and not is_open:
            pieces.append("<mark>")
        is_open = inside
        pieces.append(piece)
        at += not is_tag
    return "".join(pieces) + ("</mark>" if is_open else "")


def colored(path: str, content: Content | None) -> list[str]:
    """The lines of a content in colours, kept by content and by what chose the language."""
    if content is None or len(content.text) > HIGHLIGHT_LIMIT:
        return []
    ending = hashlib.sha256(path.rpartition("/")[2].encode()).hexdigest()[:16]
    name = f"lines:{content.sha256}:{ending}"
    lines: list[str] | None = cache.get(name)
    if lines is None:
        lines = [str(line) for line in colored_lines(lexer_for(path), content.text)]
        cache.set(name, lines, KEPT_SECONDS)
    return lines
