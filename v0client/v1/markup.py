"""`content` of a message, which is Markdown with code and tags of v0's own among it, as nodes.

Only what begins a line counts: fenced code becomes the Codeblock that it is in
`experimental_content`, too, and `<Thinking>` or `<CodeProject …>` an element around its text. The
Markdown between them stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from v0client.v1.contents import DEEPEST, Element, Node

FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<told>[^`]*)$")
BEGIN = re.compile(r"<(?P<name>[A-Z]\w*)(?P<told>(?:\s[^<>]*)?)>(?P<rest>.*)$")
END = re.compile(r"(?P<rest>.*)</(?P<name>[A-Z]\w*)>\s*$")
ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\}|([^\s"'{}]+))""")
WRITTEN_LAST = {"Thinking", "CodeProject"}  # lack their end while they are written


@dataclass(slots=True)
class Open:
    """An element before its end has come; the outermost has no tag and no end."""

    name: str = ""
    told: str = ""
    tag: str = ""
    lines: list[str | Element] = field(default_factory=list)

    def element(self) -> Element:
        """The element, with its end here."""
        return Element(self.name, attributes(self.told), tuple(self.nodes()))

    def nodes(self) -> list[Node]:
        """The lines between two elements as one text, without empty ones around it."""
        found: list[Node] = []
        text: list[str] = []
        for line in [*self.lines, None]:
            if isinstance(line, str):
                text.append(line)
                continue
            if whole := "\n".join(text).strip("\n").rstrip():
                found.append(whole)
            if line is not None:
                found.append(line)
            text = []
        return found


def blocks(content: str) -> list[Node]:
    """Markdown, and what is set off from it, in order. A tag without an end is text."""
    begun = [Open()]
    lines = iter(content.splitlines())
    for line in lines:
        if fence := FENCE.match(line):
            code = "\n".join(fenced(lines, fence["marks"]))
            begun[-1].lines.append(Element("Codeblock", described(fence["told"]), (code,)))
        elif not (tag := BEGIN.match(line)) or len(begun) > DEEPEST:
            read(line, begun)
        elif tag["told"].endswith("/"):
            begun[-1].lines += [Element(tag["name"], attributes(tag["told"])), tag["rest"]]
        else:
            begun.append(Open(tag["name"], tag["told"], line.removesuffix(tag["rest"])))
            read(tag["rest"], begun)
    while len(begun) > 1:
        drop(begun)
    return begun[0].nodes()


def fenced(lines: Iterator[str], marks: str) -> Iterator[str]:
    """The lines up to the one that ends the code, which is used up, too."""
    end = re.compile(rf" {{0,3}}{marks}+\s*$")
    return takewhile(lambda line: end.match(line) is None, lines)


def read(line: str, begun: list[Open]) -> None:
    """A line of text, which may end an element that has begun."""
    end = END.match(line)
    if end is None or all(one.name != end["name"] for one in begun):
        begun[-1].lines.append(line)
        return
    begun[-1].lines.append(end["rest"])
    while begun[-1].name != end["name"]:
        drop(begun)
    whole = begun.pop().element()
    begun[-1].lines.append(whole)


def drop(begun: list[Open]) -> None:
    """Give up waiting for the end of the innermost element."""
    last = begun.pop()
    if last.name in WRITTEN_LAST:
        begun[-1].lines.append(last.element())
    else:
        rest, *further = last.lines  # the first line goes on behind the tag
        begun[-1].lines += [f"{last.tag}{rest}", *further]


def described(told: str) -> dict[str, str]:
    """The language of a block of code, and its attributes, such as `file`."""
    first = told.split(maxsplit=1)[0] if told.strip() else ""
    return {"lang": "" if "=" in first else first, **attributes(told)}


def attributes(told: str) -> dict[str, str]:
    """Attributes as texts; what stands in braces stays code."""
    return {name: next(filter(None, values), "") for name, *values in ATTRIBUTE.findall(told)}
