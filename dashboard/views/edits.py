"""What a step of a message changed in a file, against the version before, if both are stored."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from dashboard import diffs
from dashboard.access import TeamRequest, get_chat, member
from dashboard.htmx import details, render_page
from dashboard.models import Chat, Content, Message, Version, VersionFile
from dashboard.views.compare_rows import DrawnFile, draw


@require_GET
@member()
def chat_edit(request: TeamRequest, chat: str) -> HttpResponse:
    """The changed lines alone for a page that unfolds a step, else the page that compares."""
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    message = get_object_or_404(row.messages, upstream_id=request.GET.get("message", ""))
    path, made = request.GET.get("file", ""), as_made(version_of(row, message))
    compare_url = reverse("chat-compare", args=[request.team.slug, row.upstream_id])
    if made is not None:
        compare_url += "?" + urlencode({"to": made.upstream_id, "file": path})
    if not details(page):
        return redirect(compare_url)
    context = {"file": changed(made, path) if made else None, "compare_url": compare_url}
    return render_page(page, "chats/edit.html", context)


def version_of(chat: Chat, message: Message) -> Version | None:
    """The version that came of a message. v1 does not say which; it begins with the answer."""
    if chat.generation == "v2":
        return chat.versions.filter(upstream_id=message.upstream_id).first()
    later = chat.messages.filter(role="user", created_at__gt=message.created_at)
    until = later.order_by("created_at").values_list("created_at", flat=True).first()
    found = chat.versions.filter(created_at__gte=message.created_at)
    return (found.filter(created_at__lt=until) if until else found).order_by("number").first()


def as_made(version: Version | None) -> Version | None:
    """The version as it was before anybody edited it."""
    if version is None:
        return None
    first = Version.states.filter(former_of=version).order_by("edition").first()
    return first or version


def changed(made: Version, path: str) -> DrawnFile | None:
    """The file's lines as they were and are; None where one of the two states is not stored."""
    before = made.chat.versions.filter(number=made.number - 1).first()
    if made.files_at is None or (before is not None and before.files_at is None):
        return None
    both = {made.pk, before.pk if before else made.pk}
    rows = VersionFile.objects.filter(version__in=both, path=path)
    names = dict(rows.values_list("version_id", "content_id"))
    new, old = names.get(made.pk, ""), names.get(before.pk, "") if before else ""
    if not old and not new:
        return None
    kind = "changed" if old and new else "added" if new else "removed"
    contents = Content.objects.in_bulk([name for name in (old, new) if name])
    return draw(diffs.Change(path, kind, old=old, new=new), contents, {"view": "inline"})
