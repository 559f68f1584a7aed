"""Finding words in the files of a version: where they are, and the lines around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.models import Version

MOST_FILES, MOST_HITS = 100, 300
BEFORE, AFTER = 60, 140  # characters of a long line around what was found
SHORTEST = 2


@dataclass
class Hit:
    number: int  # of the line, from 1
    url: str
    html: SafeString


@dataclass
class FoundFile:
    path: str
    url: str
    hits: list[Hit]


@dataclass
class Found:
    """What was found. `more`: there is more than is shown."""

    words: str
    files: list[FoundFile] = field(default_factory=list)
    total: int = 0
    more: bool = False
    why: str = ""  # why nothing was looked for


def find(version: Version, words: str, address: Callable[..., str]) -> Found:
    """Where the words stand in text files, whatever their case, or in the files' paths. `address`
    tells where a path is shown, and with a number that line of it."""
    found = Found(words)
    if len(words) < SHORTEST:
        found.why = f"Give at least {SHORTEST} characters."
        return found
    rows = version.files.filter(content__is_binary=False)
    rows = rows.filter(content__text__icontains=words) | rows.filter(path__icontains=words)
    pairs = list(rows.order_by("path").values_list("path", "content__text")[: MOST_FILES + 1])
    found.more = len(pairs) > MOST_FILES
    for path, text in pairs[:MOST_FILES]:
        room = MOST_HITS - found.total
        hits = [Hit(at, address(path, at), html) for at, html in lines(text, words, room)]
        found.more = found.more or len(hits) > room
        found.files.append(FoundFile(path, address(path), hits[:room]))
        found.total += len(hits[:room])
    return found


def lines(text: str, words: str, most: int) -> Iterator[tuple[int, SafeString]]:
    """The lines with the words in them, numbered; one beyond `most` tells that there are more."""
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    told = 0
    for number, line in enumerate(text.split("\n"), 1):
        if match := pattern.search(line):
            start = max(0, match.start() - BEFORE)
            piece = line[start : match.end() + AFTER]
            dots = ("…" if start else "", "…" if match.end() + AFTER < len(line) else "")
            yield number, format_html("{}{}{}", dots[0], marked(piece, pattern), dots[1])
            told += 1
            if told > most:
                return


def marked(line: str, pattern: re.Pattern[str]) -> SafeString:
    """The line as HTML with what was found marked."""
    pieces, at = [], 0
    for match in pattern.finditer(line):
        pieces.append((line[at : match.start()], match[0]))
        at = match.end()
    head = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", head, line[at:])
