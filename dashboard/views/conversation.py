"""A chat's messages as the page shows them: who said what, with which steps, how long, how dear.

What a message is made of is in parts.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from dashboard.models import Chat, Message
from dashboard.sync.usage import LATE
from dashboard.templatetags.chats import web_address
from dashboard.templatetags.ui import filesize
from dashboard.views import parts_v1, parts_v2
from dashboard.views.parts import Links, Part, between, fill
from dashboard.views.parts_asked import recall

SHOWN = 60  # messages before “earlier messages” has to be pressed
LONG = 1500  # characters of a prompt that are folded away
GLIMPSE = 280
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|avif);base64,")
LARGEST_PICTURE = 200_000  # characters of its address, which stands in the page
KINDS = {"application/zip": "ZIP archive", "application/octet-stream": "Figma file"}
THINKING = re.compile(r"<Thinking>.*?(?:</Thinking>|\Z)", re.DOTALL | re.IGNORECASE)
STOPPED = "This answer was stopped before its end."
ENDINGS = {
    "length": "v0 stopped here: the answer reached its greatest length.",
    "content-filter": "v0 stopped here: its content filter stepped in.",
    "error": "v0 ended this answer with an error.",
    "other": STOPPED,
}
BROKEN_OFF = ("error", "other", "length", "content-filter")
NOT_PLAIN = {  # v0's message type in words; other types are shown as their own words
    "message": "",
    "forked-block": "forked from another version",
    "forked-chat": "forked from another chat",
    "fix-with-v0": "asked v0 to fix an error",
    "auto-fix-with-v0": "v0 fixed an error by itself",
    "reverted-block": "restored an earlier version",
}
NAMED_VERSION = re.compile(r"\bversion ([\w-]{8,})")  # by v0's id, which says nothing to people
EMPTY = "v0 ended this answer without saying anything."


@dataclass
class Attachment:
    name: str
    url: str  # "" for a file without an address
    picture: str = ""


@dataclass
class Said:
    """One message, ready to be shown."""

    id: str
    person: str
    is_ask: bool
    when: Any
    kind: str
    parts: list[Part] = field(default_factory=list)
    glimpse: str = ""  # the first words of a prompt whose whole text is folded away
    length: int = 0
    source: str = ""  # its text as it was written
    ending: str = ""
    error: str = ""  # v0's own words where it broke the answer off
    seconds: float | None = None  # that the whole answer took
    cost: Decimal | None = None
    is_unpaid: bool = False  # v0 has not told yet what it cost
    tokens: int | None = None
    attachments: list[Attachment] = field(default_factory=list)


def conversation(chat: Chat, *, whole: bool, is_running: bool) -> tuple[list[Said], bool]:
    """The messages in order, the last SHOWN unless all are wanted; and whether there are more."""
    rows = chat.messages.select_related("author").order_by("-created_at", "-id")
    found = list(rows if whole else rows[: SHOWN + 1])
    hidden = not whole and len(found) > SHOWN
    messages = found[:SHOWN][::-1] if hidden else found[::-1]
    shown = [
        said(chat, message, is_open=is_running and message is messages[-1]) for message in messages
    ]
    recall(chat, shown)
    fill((part for one in shown for part in one.parts), keep=True)
    return shown, hidden


def said(chat: Chat, message: Message, *, is_open: bool) -> Said:
    """A message whose parts have yet to be filled with HTML."""
    is_ask = message.role == "user"
    is_open = is_open and not message.finish_reason
    words = words_of(chat, message)
    typed = Part(prose=words, is_typed=True)
    made = [typed] if is_ask else answered(chat, message, is_open=is_open)
    for place, part in enumerate(made):
        part.id = f"part-{message.upstream_id}-{place}"
    is_long = is_ask and len(message.content) > LONG
    shown = Said(
        id=message.upstream_id,
        person=str(message.author) if message.author else "Somebody" if is_ask else "v0",
        is_ask=is_ask,
        when=message.created_at,
        kind=NOT_PLAIN.get(message.kind, message.kind.replace("-", " ")),
        parts=made,
        glimpse=message.content[:GLIMPSE].rstrip() + "…" if is_long else "",
        length=len(message.content),
        source=THINKING.sub("", words).strip(),
        error=message.error,
        attachments=list(attachments(message.attachments)),
    )
    if not is_ask and not is_open:
        outcome(shown, message)
    return shown


def words_of(chat: Chat, message: Message) -> str:
    """What a message says; where that is which version was restored, with its number."""
    found = NAMED_VERSION.search(message.content) if message.kind == "reverted-block" else None
    if found is None:
        return message.content
    number = chat.versions.filter(upstream_id=found[1]).values_list("number", flat=True).first()
    name = f"version {number}" if number else "an earlier version"
    return message.content.replace(found[0], name)


def answered(chat: Chat, message: Message, *, is_open: bool) -> list[Part]:
    """The parts of an answer. Where they tell no text, the message's own text comes last."""
    links = Links.of(chat, message.upstream_id)
    if chat.generation == "v1":
        is_whole = message.finish_reason not in BROKEN_OFF
        found = parts_v1.parts(message.parts, links, is_open=is_open, is_whole=is_whole)
    else:
        found = parts_v2.parts(message.parts, links, is_open=is_open)
    text = THINKING.sub("", words_of(chat, message)).strip()
    if text and not any(part.is_text for part in found):
        found.append(Part(prose=text))
    return found


def outcome(shown: Said, message: Message) -> None:
    """How a finished answer ended, what it took and what it cost."""
    shown.ending = ENDINGS.get(message.finish_reason, "")
    if not shown.parts and not shown.ending:
        shown.ending = EMPTY
    seconds = between(message.created_at, message.updated_at)
    shown.seconds = seconds if message.finish_reason and seconds and seconds > 0 else None
    shown.cost = message.cost or None
    is_fresh = message.updated_at > timezone.now() - LATE
    shown.is_unpaid = bool(message.cost is None and message.finish_reason and is_fresh)
    total = message.tokens.get("total") if isinstance(message.tokens, dict) else None
    shown.tokens = total if isinstance(total, int) and total else None


def attachments(values: Any) -> Iterator[Attachment]:
    for value in values if isinstance(values, list) else []:
        url = value.get("url") if isinstance(value, dict) else None
        if not isinstance(url, str):
            continue
        link = web_address(url)
        name = value.get("name") or (kind_of(url) if url.startswith("data:") else "")
        if not name:
            name = (urlsplit(url).path if link else url).rpartition("/")[2] or url
        picture = url if PICTURE.match(url) and len(url) <= LARGEST_PICTURE else ""
        yield Attachment(name=str(name)[:80], url=link, picture=picture)


def kind_of(url: str) -> str:
    """A file that its address holds, in words: v0 forgets what it was called."""
    head, _, content = url.partition(",")
    kind = head.removeprefix("data:").partition(";")[0]
    noun = "Picture" if kind.startswith("image/") else KINDS.get(kind, "File")
    return f"{noun}, {filesize(len(content) * 3 // 4)}"
