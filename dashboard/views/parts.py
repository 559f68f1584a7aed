"""What a message is made of, as pages show it: texts and steps, with their outcome and duration.

How each generation of the API tells them is in parts_v1.py and parts_v2.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from dashboard.models import Chat
from dashboard.texts import markdown_html

KEPT_SECONDS = 7 * 24 * 3600
LONGEST = 20_000  # characters of an output that are shown
EDITS = {  # what was done to a file, in v0's word and ours
    "create": "Created", "update": "Edited", "patch": "Edited", "delete": "Deleted",
    "rename": "Renamed", "move": "Moved",
}  # fmt: skip


@dataclass
class Line:
    """One of several things that a step was about, such as a file; `diff_url` leads to what was
    changed in it."""

    text: str
    code: str = ""
    url: str = ""
    diff_url: str = ""
    answer: str = ""  # to what the text asks


@dataclass
class Part:
    """A text (Markdown in `prose`, or `html`), or a step: a title, what it was about, and below it
    thoughts or a plan in `prose`, `lines`, and what went in and came out."""

    title: str = ""
    icon: str = "wand"
    code: str = ""
    seconds: float | None = None
    is_running: bool = False
    note: str = ""
    tone: str = ""
    danger: str = ""  # why it is marked as dangerous
    prose: str = ""
    html: SafeString | str = ""
    lines: list[Line] = field(default_factory=list)
    given: str = ""
    output: str = ""
    url: str = ""
    diff_url: str = ""
    id: str = ""
    asks: str = ""  # which kind of answer v0 waited for in this step
    is_typed: bool = False  # by somebody, whose lines are kept

    @property
    def is_text(self) -> bool:
        return not self.title

    @property
    def is_folded(self) -> bool:
        """Whether there is more than its line says."""
        return bool(self.html or self.lines or self.given or self.output or self.diff_url)


@dataclass(frozen=True)
class Links:
    """Where the things of a message are found in the chat's pages."""

    base: str
    message_id: str

    @classmethod
    def of(cls, chat: Chat, message_id: str) -> Links:
        return cls(reverse("chat", args=[chat.team.slug, chat.upstream_id]), message_id)

    def file(self, path: str) -> str:
        """The file as the message left it; which version that is becomes known later."""
        asked = {"tab": "files", "message": self.message_id, "file": path}
        return f"{self.base}?{urlencode(asked)}"

    def diff(self, path: str) -> str:
        return f"{self.base}edit/?{urlencode({'message': self.message_id, 'file': path})}"


def edited(operation: str) -> str:
    """What was done to a file, as the first word of a line."""
    return EDITS.get(operation, operation.replace("-", " ").capitalize())


def as_json(value: Any) -> str:
    """JSON for people, or nothing where there is nothing. The database keeps no order of names."""
    if value is None or value in ({}, [], ""):
        return ""
    if isinstance(value, str):
        return shortened(value)
    told = json.dumps(value, indent=2, ensure_ascii=False, default=str, sort_keys=True)
    return shortened(told)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n…"


def between(begin: datetime | None, end: datetime | None) -> float | None:
    """Seconds."""
    return (end - begin).total_seconds() if begin and end else None


def fill(parts: Iterable[Part], *, keep: bool) -> None:
    """Gives each part with prose its HTML. What is finished is kept, for it is shown again."""
    wanting = [part for part in parts if part.prose]
    for is_typed in (False, True):
        alike = [part for part in wanting if part.is_typed is is_typed]
        found = rendered([part.prose for part in alike], is_typed=is_typed, keep=keep)
        for part, html in zip(alike, found, strict=True):
            part.html = html


def rendered(texts: list[str], *, is_typed: bool, keep: bool) -> list[SafeString]:
    """Each Markdown text as HTML, kept by its content if it is to be."""
    if not keep or not texts:
        return [markdown_html(text, is_typed=is_typed) for text in texts]
    kind = "typed" if is_typed else "markdown"
    names = [f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}" for text in texts]
    kept = cache.get_many(set(names))
    fresh = {name: str(markdown_html(text, is_typed=is_typed))
             for name, text in zip(names, texts, strict=True) if name not in kept}  # fmt: skip
    if fresh:
        cache.set_many(fresh, KEPT_SECONDS)
    pages = {**kept, **fresh}
    return [mark_safe(pages[name]) for name in names]  # noqa: S308
