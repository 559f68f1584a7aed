"""What a step of a message changed in a file, against the version before, if both are stored; and
the version in which the files of a step are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from dashboard import diffs
from dashboard.access import TeamRequest, get_chat, member
from dashboard.htmx import details, render_page
from dashboard.models import Chat, Content, Message, Version, VersionFile
from dashboard.models.versions import left_nothing
from dashboard.views.compare_rows import DrawnFile, draw
from dashboard.views.reasons import is_writing

NOT_STORED = "The file before and after this step is not stored, so its changes cannot be shown."
NOT_YET = "v0 is still writing. What changed here can be shown when it has finished."
NO_VERSION = "No version came of this answer, so there is nothing to compare."
FAILED = "v0 kept no files of this answer, for it failed."
IN_NEITHER = "When v0 had finished the answer, this file was gone again or had another name."
LOST = "This answer is not stored here any more. The file is shown as it is now."
SAME = "When v0 had finished the answer, this file was as it had been before."


def state_of(chat: Chat, message_id: str) -> tuple[str, str]:
    """The place of the version, or of its former state, in which the files of a message's steps are
    as the message left them; "" for the newest. And what has to be said of it, if anything."""
    message = chat.messages.filter(upstream_id=message_id).first()
    if message is None:
        return "", LOST
    made = as_made(version_of(chat, message))
    if made is not None:
        return made.place, ""
    is_open = is_writing(chat) and not message.finish_reason
    why = "v0 is still writing this answer" if is_open else "No version came of this answer"
    began = as_it_was(chat, message.created_at)
    if began is None:
        return "", f"{why}. The file is shown as it is now."
    return began.place, f"{why}. This is {began.name}, with which it began."


@require_GET
@member()
def chat_edit(request: TeamRequest, chat: str) -> HttpResponse:
    """The changed lines alone for a page that unfolds a step, else the page that shows them all."""
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    message = get_object_or_404(row.messages, upstream_id=request.GET.get("message", ""))
    path, made = request.GET.get("file", ""), as_made(version_of(row, message))
    before = version_before(made) if made else None
    whole = whole_of(row, made, before, path)
    if not details(page):
        return redirect(whole.url)
    shown = changed(row, message, made, before, path)
    context = {
        "file": shown if isinstance(shown, DrawnFile) else None,
        "why": shown if isinstance(shown, str) else "",
        "is_writing": shown == NOT_YET,
        "again": page.get_full_path(),
        "whole": whole,
    }
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


def as_it_was(chat: Chat, when: datetime) -> Version | None:
    """The newest version of that time, before anybody edited it later; None if there was none."""
    newest = usable(chat.versions.filter(created_at__lt=when))
    if newest is None:
        return None
    since = Version.states.filter(former_of=newest, replaced_at__gt=when)
    return since.order_by("edition").first() or newest


def usable(versions: QuerySet[Version]) -> Version | None:
    """The newest of these that has something to show: a failed one without files has not."""
    return versions.exclude(left_nothing()).order_by("-number").first()


def version_before(made: Version) -> Version | None:
    """The version that an answer began with."""
    return usable(made.chat.versions.filter(number__lt=made.number))


@dataclass(frozen=True)
class Whole:
    """Where all of a version's changes are seen, and the words of the link to it; `is_beside` where
    that is beside the conversation."""

    url: str
    label: str = "Compare the whole version"
    is_beside: bool = False


def whole_of(chat: Chat, made: Version | None, before: Version | None, path: str) -> Whole:
    """The comparison with the version before; of the first one its files, for all of them came."""
    args = [chat.team.slug, chat.upstream_id]
    if made is not None and before is None:
        asked = {"tab": "files", "version": made.place, "file": path}
        url = f"{reverse('chat', args=args)}?{urlencode(asked)}"
        return Whole(url, f"All files of {made.name}", is_beside=True)
    asked = {"to": made.upstream_id, "file": path} if made else {}
    return Whole(reverse("chat-compare", args=args) + (f"?{urlencode(asked)}" if asked else ""))


def changed(
    chat: Chat, message: Message, made: Version | None, before: Version | None, path: str
) -> DrawnFile | str:
    """The file's lines as they were and are; or why there are none, in words."""
    is_open = is_writing(chat) and not message.finish_reason
    if made is None:
        return NOT_YET if is_open else NO_VERSION
    if made.files_at is None or (before is not None and before.files_at is None):
        return NOT_YET if is_open or made.status == "pending" else NOT_STORED
    if made.status == "failed" and not made.files.exists():
        return FAILED
    both = {made.pk, before.pk if before else made.pk}
    rows = VersionFile.objects.filter(version__in=both, path=path)
    names = dict(rows.values_list("version_id", "content_id"))
    new, old = names.get(made.pk, ""), names.get(before.pk, "") if before else ""
    if old == new:
        return SAME if new else IN_NEITHER
    kind = "changed" if old and new else "added" if new else "removed"
    contents = Content.objects.in_bulk([name for name in (old, new) if name])
    return draw(diffs.Change(path, kind, old=old, new=new), contents, {"view": "inline"})
