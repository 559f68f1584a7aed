"""A chat as a file to keep: Markdown, JSON, or an HTML page that needs nothing else.

Only what the mirror has is read, so it also works when v0 has deleted the chat.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db.models import F, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, get_chat, member
from dashboard.markup import as_markdown as markdown_of
from dashboard.markup import fenced
from dashboard.models import Chat, Message, Version
from dashboard.templatetags.ui import PRIVACY, money
from dashboard.texts import hard_breaks
from dashboard.views.conversation import Said, conversation, words_of
from dashboard.views.parts import Part

STYLES = ("css/tokens.css", "css/export.css")
FORMS = {
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "json": ("json", "application/json"),
    "html": ("html", "text/html; charset=utf-8"),
}


@require_GET
@member()
def chat_export(request: TeamRequest, chat: str) -> HttpResponse:
    row, form = get_chat(request, chat), request.GET.get("form", "")
    if form not in FORMS:
        raise Http404("A chat is exported as markdown, json or html.")
    ending, content_type = FORMS[form]
    write = {"markdown": as_markdown, "json": as_json, "html": as_html}[form]
    response = HttpResponse(write(row), content_type=content_type)
    name = f"{slugify(row.label)[:60] or 'chat'}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # What comes from a chat is never a page of this origin, even if a browser would show it.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def versions_of(chat: Chat) -> list[Version]:
    """The versions, oldest first, each after what it was before it was edited."""
    rows = Version.states.filter(chat=chat).select_related("replaced_by")
    return list(rows.order_by("number", F("former_of").asc(nulls_last=True), "edition"))


def dated(version: Version) -> str:
    """When it was made, or how long a former state was there."""
    told = moment(version.created_at)
    return f"{told} to {moment(version.replaced_at)}" if version.replaced_at else told


def facts(chat: Chat) -> list[tuple[str, str]]:
    """What stands above a conversation, in words."""
    found = [
        ("Chat", f"{chat.upstream_id} (API {chat.generation})"),
        ("Privacy", PRIVACY[chat.privacy][0] if chat.privacy in PRIVACY else chat.privacy),
        ("Author", str(chat.author) if chat.author else ""),
        ("Project", chat.project.name if chat.project else ""),
        ("Started", moment(chat.created_at)),
        ("Changed", moment(chat.updated_at)),
        ("In v0", chat.web_url),
    ]
    return [(name, value) for name, value in found if value]


def moment(at: datetime) -> str:
    """7 Sep 2026, 16:38 UTC."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def as_markdown(chat: Chat) -> str:
    said, _ = conversation(chat, whole=True, is_running=False)
    lines = [f"# {one_line(chat.label)}", ""]
    lines += [f"- {name}: {one_line(value)}" for name, value in facts(chat)]
    for message in said:
        lines += [
            "",
            "---",
            "",
            f"## {one_line(message.person)}, {moment(message.when)}",
        ]
        lines += [line for part in message.parts for line in part_lines(part)]
        lines += [line for line in message_lines(message) if line]
    versions = versions_of(chat)
    if versions:
        lines += ["", "---", "", "## Versions", ""]
        lines += [f"- {one_line(str(one))}, {one.status}, {dated(one)}" for one in versions]
    return "\n".join(lines) + "\n"


def one_line(text: str) -> str:
    return " ".join(text.split())


def part_lines(part: Part) -> Iterator[str]:
    """A text as it is; a step as a line with what belongs to it below."""
    yield ""
    if part.is_text:
        prose = hard_breaks(part.prose) if part.is_typed else part.prose
        yield prose.strip() or markdown_of(str(part.html))
        return
    code = f" `{one_line(part.code)}`" if part.code else ""
    yield f"**{one_line(part.title)}**{code}"
    if part.prose:
        yield ""
        yield from (f"> {line}" for line in part.prose.strip().splitlines())
    if part.lines:
        yield ""
    for line in part.lines:
        code = f"`{one_line(line.code)}`" if line.code else ""
        answer = f"**{one_line(line.answer)}**" if line.answer else ""
        yield " ".join(filter(None, ("-", one_line(line.text), code, answer)))
    for text in (part.given, part.output):
        if text:
            yield from ("", *fenced(text))


def message_lines(message: Said) -> Iterator[str]:
    """What stands below a message: attachments, how it ended, what it took and cost."""
    for attachment in message.attachments:
        yield f"- Attached: {one_line(attachment.name)} {attachment.url}".rstrip()
    if message.ending:
        yield f"\n_{message.ending}_"
    if message.error:
        yield from ("", *fenced(message.error))
    if message.cost:
        yield f"\n_Cost: {money(message.cost)}_"


def as_json(chat: Chat) -> str:
    """Everything that is stored of the conversation, as it came, but for the number of a version
    that was restored; files by their SHA-256."""
    messages = chat.messages.select_related("author").order_by("created_at", "id")
    rows = versions_of(chat)
    prefetch_related_objects(rows, "files")
    found = {
        "id": chat.upstream_id,
        "generation": chat.generation,
        "name": chat.name,
        "privacy": chat.privacy,
        "author": str(chat.author) if chat.author else None,
        "project": chat.project.name if chat.project else None,
        "metadata": chat.metadata,
        "createdAt": chat.created_at.isoformat(),
        "updatedAt": chat.updated_at.isoformat(),
        "deletedAt": chat.gone_at.isoformat() if chat.gone_at else None,
        "messages": [message_json(chat, one) for one in messages],
        "versions": [version_json(one, rows) for one in rows if not one.is_former],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def message_json(chat: Chat, message: Message) -> dict[str, Any]:
    return {
        "id": message.upstream_id,
        "role": message.role,
        "type": message.kind,
        "author": str(message.author) if message.author else None,
        "createdAt": message.created_at.isoformat(),
        "content": words_of(chat, message),
        "parts": message.parts,
        "attachments": message.attachments,
        "finishReason": message.finish_reason or None,
        "error": message.error or None,
        "model": message.model or None,
        "cost": None if message.cost is None else str(message.cost),
        "tokens": message.tokens,
    }


def version_json(version: Version, states: Iterable[Version]) -> dict[str, Any]:
    """A version with its files, and with those that it had before each edit, the oldest first."""
    former = [one for one in states if one.former_of_id == version.pk]
    return {
        "id": version.upstream_id,
        "number": version.number,
        "status": version.status,
        "createdAt": version.created_at.isoformat(),
        "files": files_json(version),
        "before": [
            {
                "editedAt": one.replaced_at.isoformat() if one.replaced_at else None,
                "editedBy": one.replaced_by.label if one.replaced_by else None,
                "files": files_json(one),
            }
            for one in former
        ],
    }


def files_json(version: Version) -> list[dict[str, str]]:
    files = sorted((one.path, one.content_id) for one in version.files.all())
    return [{"path": path, "sha256": name} for path, name in files]


def as_html(chat: Chat) -> str:
    """A page by itself: no script, no request, and a policy of its own that forbids both."""
    said, _ = conversation(chat, whole=True, is_running=False)
    context = {
        "chat": chat,
        "facts": facts(chat),
        "messages": said,
        "versions": versions_of(chat),
        "style": style(),
    }
    return render_to_string("exports/chat.html", context)


@cache
def style() -> SafeString:
    """The look of exported pages, to stand inside of them."""
    texts = [Path(str(finders.find(name))).read_text() for name in STYLES]
    return format_html("<style>{}</style>", mark_safe("\n".join(texts)))  # noqa: S308
