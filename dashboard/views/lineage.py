"""The fork tree: which chats were made from which, of one chat's family or of the whole team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dashboard import trees
from dashboard.access import TeamRequest, get_chat, member
from dashboard.htmx import render_page
from dashboard.models import Chat

MOST_CHATS = 150  # drawn at once
MOST_READ = 5_000  # chats that were forked, or are forks


@dataclass
class Kin:
    """A chat of a family: the row, how far it is from its first ancestor, and its parent."""

    chat: Chat
    depth: int
    parent: Chat | None
    url: str


@require_GET
@member()
def lineage(request: TeamRequest) -> HttpResponse:
    """All families of the team, those with the latest changes first."""
    rows = related(request)
    roots = sorted(
        {root_of(row, rows).pk: root_of(row, rows) for row in rows.values()}.values(),
        key=lambda root: latest(root, rows), reverse=True,
    )  # fmt: skip
    return drawn(request, rows, roots, None)


@require_GET
@member()
def chat_lineage(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    rows = related(request)
    rows.setdefault(row.pk, row)
    return drawn(request, rows, [root_of(rows[row.pk], rows)], row)


def related(request: TeamRequest) -> dict[int, Chat]:
    """The chats that the person sees and that were forked or are forks, the oldest first."""
    seen = Chat.objects.visible_to(request.member)
    forks = Chat.objects.filter(forked_from=OuterRef("pk"))
    rows = seen.filter(Q(forked_from__isnull=False) | Exists(forks))
    rows = rows.select_related("forked_from_version__replaced_by", "author").defer("metadata")
    return {row.pk: row for row in rows.order_by("created_at", "pk")[:MOST_READ]}


def root_of(row: Chat, rows: Mapping[int, Chat]) -> Chat:
    """The first ancestor that the person sees; a circle ends where it began."""
    seen = {row.pk}
    while (parent := rows.get(row.forked_from_id or 0)) is not None and parent.pk not in seen:
        row = parent
        seen.add(row.pk)
    return row


def family(root: Chat, rows: Mapping[int, Chat]) -> list[tuple[Chat, int]]:
    """The chat and all that came of it with their depths, each child behind its parent."""
    children: dict[int, list[Chat]] = {}
    for row in rows.values():
        children.setdefault(row.forked_from_id or 0, []).append(row)
    found: dict[int, tuple[Chat, int]] = {}
    pending = [(root, 0)]
    while pending:
        row, depth = pending.pop()
        if row.pk not in found:
            found[row.pk] = row, depth
            pending.extend((child, depth + 1) for child in reversed(children.get(row.pk, [])))
    return list(found.values())


def latest(root: Chat, rows: Mapping[int, Chat]) -> datetime:
    return max(row.updated_at for row, _ in family(root, rows))


def drawn(
    request: TeamRequest, rows: Mapping[int, Chat], roots: Iterable[Chat], current: Chat | None
) -> HttpResponse:
    """The picture with the table behind it."""
    kin = []
    for root in roots:
        for row, depth in family(root, rows):
            url = reverse("chat", args=[request.team.slug, row.upstream_id])
            kin.append(Kin(row, depth, rows.get(row.forked_from_id or 0), url))
    shown = kin[:MOST_CHATS]
    leaves = {
        one.chat.pk: trees.Leaf(
            one.chat.forked_from_id, one.chat.label, note(one.chat), one.url,
            current=one.chat == current,
        )
        for one in shown
    }  # fmt: skip
    context = {
        "chat": current,
        "kin": shown,
        "hidden": len(kin) - len(shown),
        "tree": trees.tree(leaves),
    }
    page = cast(HttpRequest, request)
    return render_page(page, "lineage/lineage.html", context)


def note(row: Chat) -> str:
    """The small line of a box: which API, and the version it began with."""
    origin = row.forked_from_version
    begun = f", from {origin.name}" if origin else ""
    gone = ", deleted" if row.gone_at else ""
    return f"API {row.generation}{begun}{gone}"
