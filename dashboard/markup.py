"""HTML as our pages show texts of others, written back as Markdown. Pure.

Only the tags that texts.py lets through are known; what else there is, is read for its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr"}
AROUND = {"strong": "**", "em": "*", "s": "~~"}
# What Markdown would take for a mark of its own; "_" inside of a word is none.
MARKS = re.compile(r"[\\`*\[\]<~]|&(?=[#\w]+;)|(?<!\w)_|_(?!\w)")
BEGINS = re.compile(r"^(\d*)([-#+>.)])", re.MULTILINE)
LISTS = re.compile(r"- |\d+\. ")


@dataclass
class Element:
    tag: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)


class Reader(HTMLParser):
    """Builds the tree; a closing tag without an opening one is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def as_markdown(html: str) -> str:
    """The same text with the same emphasis, lists, tables, links and code."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(blocks(reader.open[0].children))


def blocks(children: Iterable[Element | str]) -> Iterator[str]:
    """Paragraphs, lists and the like; what stands between them is a paragraph of its own."""
    beside: list[Element | str] = []
    for child in [*children, Element("p")]:
        write = WRITERS.get(child.tag) if isinstance(child, Element) else None
        if write is None or isinstance(child, str):
            beside.append(child)
            continue
        yield from filter(None, (paragraph(beside), write(child)))
        beside = []


def paragraph(children: Iterable[Element | str]) -> str:
    return BEGINS.sub(r"\1\\\2", inline(children).strip())


def inline(children: Iterable[Element | str]) -> str:
    return "".join(
        re.sub(r"\s+", " ", MARKS.sub(r"\\\g<0>", one)) if isinstance(one, str) else spoken(one)
        for one in children
    )


def spoken(one: Element) -> str:
    """An element within a line."""
    if one.tag == "br":
        return "\\\n"
    if one.tag == "code":
        return code(one.text)
    said = inline(one.children)
    if one.tag == "a" and (address := one.attributes.get("href")):
        return f"[{said}](<{re.sub('[<>]', '', address)}>)"
    mark = AROUND.get(one.tag, "")
    return f"{mark}{said}{mark}" if said.strip() else said


def code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark, space = "`" * (longest + 1), " " if longest else ""
    return f"{mark}{space}{' '.join(text.split())}{space}{mark}"


def fenced(text: str) -> tuple[str, str, str]:
    """A code block that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return fence, text.rstrip("\n"), fence


def heading_or_paragraph(one: Element) -> str:
    level = re.search(r"\bh([1-6])\b", one.attributes.get("class", ""))
    said = paragraph(one.children)
    return f"{'#' * int(level[1])} {said}" if level and said else said


def items(one: Element) -> str:
    """A list; what follows in an item stands below its first line."""
    lines = []
    start = one.attributes.get("start", "")
    number = int(start) if start.isascii() and start.isdigit() else 1
    for item in (child for child in one.children if isinstance(child, Element)):
        mark = f"{number}. " if one.tag == "ol" else "- "
        first, *more = [*blocks(item.children)] or [""]
        text = first + "".join(("\n" if LISTS.match(one) else "\n\n") + one for one in more)
        lines.append(mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text))
        number += 1
    return "\n".join(lines)


def quoted(one: Element) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks(one.children)).split("\n"))


def table(one: Element) -> str:
    rows = [
        [inline(cell.children).strip().replace("|", "\\|") for cell in found(row, "th", "td")]
        for row in found(one, "tr")
    ]
    if not rows:
        return ""
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))


def found(one: Element, *tags: str) -> Iterator[Element]:
    for child in one.children:
        if isinstance(child, Element):
            if child.tag in tags:
                yield child
            else:
                yield from found(child, *tags)


WRITERS: dict[str, Callable[[Element], str]] = {
    "p": heading_or_paragraph,
    "div": lambda one: "\n\n".join(blocks(one.children)),
    "ul": items,
    "ol": items,
    "pre": lambda one: "\n".join(fenced(one.text)),
    "blockquote": quoted,
    "hr": lambda one: "---",
    "table": table,
}
