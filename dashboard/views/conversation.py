"""A chat's messages as the page shows them: sanitised Markdown, v0's steps, attachments.

v0 does not promise the form of a message's parts, so what is not understood is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

from dashboard.models import Chat, Message
from dashboard.texts import markdown_html

SHOWN = 60  # messages before “earlier messages” has to be pressed
LONG = 1500  # characters of a prompt that are folded away
GLIMPSE = 280
KEPT_SECONDS = 7 * 24 * 3600
THINKING = re.compile(r"<Thinking>.*?(?:</Thinking>|\Z)", re.DOTALL | re.IGNORECASE)
STEP_ICONS = {
    "task-thinking": "sparkles",
    "task-search": "search",
    "task-read-file": "eye",
    "task-coding": "code",
    "task-generate-design": "wand",
    "task-diagnostics": "check",
}
ENDINGS = {
    "length": "v0 stopped here: the answer reached its greatest length.",
    "content-filter": "v0 stopped here: its content filter stepped in.",
    "error": "v0 ended this answer with an error.",
}
NOT_PLAIN = {  # v0's message type in words; other types are shown as their own words
    "message": "",
    "forked-block": "forked from another version",
    "forked-chat": "forked from another chat",
    "fix-with-v0": "asked v0 to fix an error",
    "auto-fix-with-v0": "v0 fixed an error by itself",
}


@dataclass
class Step:
    """One thing v0 did on the way to an answer."""

    icon: str
    text: str
    seconds: float | None = None
    lines: list[str] = field(default_factory=list)


@dataclass
class Attachment:
    name: str
    url: str


@dataclass
class Said:
    """One message, ready to be shown."""

    id: str
    person: str
    is_ask: bool
    when: Any
    kind: str
    html: SafeString
    glimpse: str = ""  # the first words of a prompt whose whole text is folded away
    length: int = 0
    ending: str = ""
    steps: list[Step] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def conversation(chat: Chat, *, whole: bool) -> tuple[list[Said], bool]:
    """The messages in order, the last SHOWN unless all are wanted; and whether there are more."""
    rows = chat.messages.select_related("author").order_by("-created_at", "-id")
    found = list(rows if whole else rows[: SHOWN + 1])
    hidden = not whole and len(found) > SHOWN
    messages = found[:SHOWN][::-1] if hidden else found[::-1]
    pages = rendered([THINKING.sub("", message.content).strip() for message in messages])
    return [said(message, html) for message, html in zip(messages, pages, strict=True)], hidden


def rendered(texts: list[str]) -> list[SafeString]:
    """Each Markdown text as HTML. A running chat is shown every two seconds, so it is kept."""
    names = ["markdown:" + hashlib.sha256(text.encode()).hexdigest() for text in texts]
    kept = cache.get_many(set(names))
    fresh = {name: str(markdown_html(text)) for name, text in zip(names, texts, strict=True)
             if name not in kept}  # fmt: skip
    if fresh:
        cache.set_many(fresh, KEPT_SECONDS)
    pages = {**kept, **fresh}
    return [mark_safe(pages[name]) for name in names]  # noqa: S308


def said(message: Message, html: SafeString) -> Said:
    is_ask = message.role == "user"
    is_long = is_ask and len(message.content) > LONG
    return Said(
        id=message.upstream_id,
        person=str(message.author) if message.author else "Somebody" if is_ask else "v0",
        is_ask=is_ask,
        when=message.created_at,
        kind=NOT_PLAIN.get(message.kind, message.kind.replace("-", " ")),
        html=html,
        glimpse=message.content[:GLIMPSE].rstrip() + "…" if is_long else "",
        length=len(message.content),
        ending=ENDINGS.get(message.finish_reason, ""),
        steps=[] if is_ask else list(steps(message.parts)),
        attachments=list(attachments(message.attachments)),
    )


def steps(parts: Any) -> Iterator[Step]:
    """The tasks in v0's parts: [[0, [["AssistantMessageContentPart", {"part": {…}}], …]], …]."""
    for block in parts if isinstance(parts, list) else []:
        nodes = block[1] if isinstance(block, list) and len(block) > 1 else []
        for node in nodes if isinstance(nodes, list) else []:
            attributes = node[1] if isinstance(node, list) and len(node) > 1 else None
            task = attributes.get("part") if isinstance(attributes, dict) else None
            if isinstance(task, dict) and str(task.get("type", "")).startswith("task-"):
                yield step(task)


def step(task: dict[str, Any]) -> Step:
    kind, seconds = str(task["type"]), task.get("finishedIn")
    taken = float(seconds) if isinstance(seconds, int | float) else None
    name = task.get("taskNameActive" if taken is None else "taskNameComplete")
    icon = next((icon for start, icon in STEP_ICONS.items() if kind.startswith(start)), "wand")
    inner = task.get("parts")
    return Step(
        icon=icon,
        text=str(name or kind.removeprefix("task-").removesuffix("-v1").replace("-", " ")),
        seconds=taken,
        lines=[line for part in (inner if isinstance(inner, list) else []) if (line := told(part))],
    )


def told(part: Any) -> str:
    """One line about a part of a task; nothing where the part says nothing that is known."""
    if not isinstance(part, dict):
        return ""
    for name in ("thought", "path", "query", "text"):
        if isinstance(part.get(name), str):
            operation = part.get("operation")
            return f"{operation} {part[name]}" if isinstance(operation, str) else part[name]
    return ""


def attachments(values: Any) -> Iterator[Attachment]:
    for value in values if isinstance(values, list) else []:
        url = value.get("url") if isinstance(value, dict) else None
        if not isinstance(url, str):
            continue
        name = value.get("name") or url.rpartition("/")[2] or url
        is_link = url.startswith(("https://", "http://"))
        shown = urlsplit(url).path.rpartition("/")[2] if is_link and not value.get("name") else name
        yield Attachment(name=str(shown or url)[:80], url=url if is_link else "")
