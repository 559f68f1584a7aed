"""Versions of a chat: their files with what changed since the version before, fork and deploy."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.deployments import deploy_version
from dashboard.actions.versions import fork_version
from dashboard.htmx import answer, render_page
from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.texts import highlight_source
from dashboard.upstream.errors import Refused
from dashboard.views.changes import ask, posted
from dashboard.views.refusals import explain
from dashboard.views.submissions import OFFERED_PRIVACY

BIG = 400_000  # bytes; a larger file is described, not shown
KEPT_SECONDS = 7 * 24 * 3600
MARKS = {"added": "ok", "changed": "warn", "removed": "bad"}
FIRST = ("app/page.tsx", "pages/index.tsx", "src/App.tsx", "index.html", "README.md")


@dataclass
class TreeFile:
    """One line of the tree."""

    name: str
    url: str
    folder: str
    current: bool = False
    locked: bool = False
    mark: str = ""  # added, changed or removed since the version before
    tone: str = ""


@dataclass
class OpenFile:
    """The file that is shown. Without html it is shown as words only: `why`."""

    name: str
    size: int
    lines: int
    source: str
    html: SafeString | None
    why: str = ""


@dataclass
class FilePane:
    """What templates/versions/pane.html shows."""

    version: Version
    files: list[TreeFile]
    shown: OpenFile | None
    compared_with: int = 0  # the number of the version before
    total: int = 0

    @property
    def marked(self) -> int:
        """How many files differ from the version before."""
        return sum(bool(file.mark) for file in self.files)


def file_pane(version: Version, path: str, address: Callable[[str], str]) -> FilePane:
    """The files of a version, one of them open. Three queries, the last only for a new content."""
    rows = VersionFile.objects.filter(
        version__chat=version.chat_id, version__number__in=(version.number, version.number - 1)
    ).order_by("path")
    found = list(rows.select_related("version").only(
        "path", "locked", "content_id", "version__number"
    ))  # fmt: skip
    here = {row.path: row for row in found if row.version.number == version.number}
    before = {row.path: row for row in found if row.version.number < version.number}
    path = path if path in here else start_of(here)
    files = [
        tree_file(name, here.get(name), before, address(name), current=name == path)
        for name in sorted({*here, *before} if here else (), key=order)
    ]
    return FilePane(
        version=version,
        files=files,
        shown=open_file(here[path]) if path in here else None,
        compared_with=version.number - 1 if before else 0,
        total=len(here),
    )


def order(path: str) -> tuple[tuple[bool, str], ...]:
    """Folders before files, each by name."""
    *folders, name = path.split("/")
    return (*((False, folder.lower()) for folder in folders), (True, name.lower()))


def start_of(files: dict[str, VersionFile]) -> str:
    return next((path for path in FIRST if path in files), min(files, default="", key=order))


def tree_file(
    name: str,
    row: VersionFile | None,
    before: dict[str, VersionFile],
    url: str,
    *,
    current: bool,
) -> TreeFile:
    folder, former = name.rpartition("/")[0], before.get(name)
    if row is None:
        return TreeFile(name, "", folder, mark="removed", tone=MARKS["removed"])
    mark = ""
    if before and former is None:
        mark = "added"
    elif former is not None and former.content_id != row.content_id:
        mark = "changed"
    return TreeFile(name, url, folder, current, row.locked, mark, MARKS.get(mark, ""))


def open_file(row: VersionFile) -> OpenFile:
    content = Content.objects.get(pk=row.content_id)
    lines = content.text.count("\n") + 1
    if content.size > BIG:
        why = "This file is too large to show here. You can copy it."
        return OpenFile(row.path, content.size, lines, content.text, None, why)
    if "\0" in content.text or content.text.startswith("data:"):
        why = "This is not a text file."
        return OpenFile(row.path, content.size, 0, "", None, why)
    return OpenFile(row.path, content.size, lines, content.text, highlighted(row.path, content))


def highlighted(path: str, content: Content) -> SafeString:
    """The source in colours, kept by content and by the ending that chose the language."""
    ending = hashlib.sha256(path.rpartition("/")[2].encode()).hexdigest()[:16]
    name = f"source:{content.sha256}:{ending}"
    html: str | None = cache.get(name)
    if html is None:
        html = str(highlight_source(path, content.text))
        cache.set(name, html, KEPT_SECONDS)
    return mark_safe(html)  # noqa: S308


def get_version(chat: Chat, version: str) -> Version:
    found = get_object_or_404(chat.versions.all(), upstream_id=version)
    found.chat = chat
    return found


@require_GET
@member()
def files(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    shown = get_chat(request, chat)
    opened = get_version(shown, version)
    path = request.path
    pane = file_pane(
        opened, request.GET.get("file", ""), lambda name: f"{path}?{urlencode({'file': name})}"
    )
    context = {"chat": shown, "version": opened, "pane": pane, "target": "files"}
    return render_page(
        cast(HttpRequest, request), "versions/files.html", context, fragments=("files",)
    )


class ForkForm(forms.Form):
    nonce = forms.UUIDField(required=False, widget=forms.HiddenInput)
    privacy = forms.ChoiceField(
        label="Who can see the new chat", choices=OFFERED_PRIVACY, initial="private"
    )


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def fork(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    begun = get_version(source, version)
    form = ForkForm(posted(request), initial={"privacy": "private", "nonce": uuid.uuid4()})
    if form.is_bound and form.is_valid():
        nonce = form.cleaned_data["nonce"] or uuid.uuid4()
        privacy = form.cleaned_data["privacy"]
        try:
            made = fork_version(member=request.member, version=begun, nonce=nonce, privacy=privacy)
        except (Refused, Invalid) as error:
            explain(form, error)
        else:
            url = reverse("chat", args=[request.team.slug, made.upstream_id])
            return answer(cast(HttpRequest, request), url, f"Forked version {begun.number}.")
    return ask(
        request, source, form, title=f"Fork version {begun.number}", action="Fork",
        text="Creates a new chat that starts from this version. This chat stays as it is.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@member(can="deploy")
def deploy(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    chosen = get_version(source, version)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = deploy_version(member=request.member, version=chosen)
        except (Refused, Invalid) as error:
            explain(form, error)
        else:
            url = reverse("deployment", args=[request.team.slug, made.upstream_id])
            return answer(cast(HttpRequest, request), url, f"Version {chosen.number} is building.")
    return ask(
        request, source, form, title=f"Deploy version {chosen.number}", action="Deploy",
        text="v0 publishes this version to the web at its own URL. You can watch the build.",
    )  # fmt: skip
