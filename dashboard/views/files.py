"""The files of a version: their tree with what changed since the version before, one of them open,
and what is found in them. Changing files is in file_edits.py, sending them in downloads.py."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from django.core.cache import cache
from django.db.models import Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions.acting import Standing
from dashboard.htmx import render_page
from dashboard.models import Content, Version, VersionFile
from dashboard.models.versions import left_nothing
from dashboard.texts import highlight_source, markdown_html
from dashboard.views.downloads import IMAGES
from dashboard.views.file_tools import FileTools, VersionTools, file_tools, version_tools
from dashboard.views.finding import Found, find
from dashboard.views.versions import compare_url, get_version

BIG = 400_000  # bytes; a larger file is described, not shown
ALL_OPEN = 80  # files; of a larger tree only the folders that matter are open
KEPT_SECONDS = 7 * 24 * 3600
MARKS = {"added": "ok", "changed": "warn", "removed": "bad"}
PROSE = ("md", "markdown")
FIRST = ("app/page.tsx", "pages/index.tsx", "src/App.tsx", "index.html", "README.md")
Address = Callable[..., str]


@dataclass
class TreeFile:
    """One line of the tree."""

    name: str
    path: str
    url: str = ""
    current: bool = False
    locked: bool = False
    mark: str = ""  # added, changed or removed since the version before
    tone: str = ""


@dataclass
class Folder:
    """A folder with what is in it; the tree's root has no name."""

    name: str = ""
    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[TreeFile] = field(default_factory=list)
    is_open: bool = False


@dataclass
class OpenFile:
    """The file that is shown: in colours or rendered (`html`), as an image, or as words (`why`)."""

    name: str
    size: int
    lines: int = 0
    source: str = ""
    html: SafeString | None = None
    is_prose: bool = False
    is_image: bool = False
    why: str = ""
    raw_url: str = ""
    views: list[dict[str, object]] = field(default_factory=list)  # label, url, current
    tools: FileTools | None = None


@dataclass
class FilePane:
    """What templates/versions/pane.html shows."""

    version: Version
    lines: list[TreeFile]
    tools: VersionTools
    address: str
    total: int
    compared_with: int = 0  # the number of the version before
    compare_url: str = ""
    shown: OpenFile | None = None
    missing: str = ""  # the path that was asked for and is not in this version
    start: tuple[str, str] = ("", "")  # where to begin instead: the path, and its address
    found: Found | None = None
    kept: dict[str, str] = field(default_factory=dict)  # what a search keeps in the address

    @property
    def tree(self) -> Folder:
        return tree_of(self.lines, all_open=len(self.lines) <= ALL_OPEN)

    @property
    def marked(self) -> int:
        """How many files differ from the version before."""
        return sum(bool(line.mark) for line in self.lines)


def file_pane(
    request: TeamRequest, version: Version, address: Address, own: Standing | None = None
) -> FilePane:
    """The files of a version, one of them open, or what is looked for in them. `own`: what the
    person can do in the chat, where it is known already."""
    here, before = rows_of(version)
    asked, words = request.GET.get("file", ""), request.GET.get("find", "").strip()
    path = asked or start_of(here)
    lines = [
        tree_file(name, here.get(name), before, address(file=name), current=name == path)
        for name in sorted({*here, *before} if here else (), key=order)
    ]
    pane = FilePane(version, lines, version_tools(request, version, own), address(), len(here))
    if before:
        since = next(iter(before.values())).version
        pane.compared_with, pane.compare_url = since.number, compare_url(request, since, version)
    pane.kept = kept_of(request, version)
    if words:
        pane.found = find(version, words, partial(found_at, address, version))
    elif path in here:
        content = Content.objects.get(pk=here[path].content_id)
        pane.shown = open_file(request, version, here[path], content, address)
        pane.shown.tools = file_tools(request, version, here[path], content, pane.tools.why)
    elif here:
        pane.missing, start = path, start_of(here)
        pane.start = start, address(file=start)
    return pane


def kept_of(request: TeamRequest, version: Version) -> dict[str, str]:
    """What a search keeps of the address. Of a message, it is the version that is shown for it."""
    kept = {name: request.GET[name] for name in ("tab", "version") if name in request.GET}
    return kept | ({"version": version.place} if "message" in request.GET else {})


def found_at(address: Address, version: Version, path: str, line: int = 0) -> str:
    """Where a file of the version is shown, or a line of it, which its source alone has."""
    if not line:
        return address(file=path, version=version.place)
    view = {"view": "source"} if ending(path) in (*PROSE, "svg") else {}
    return f"{address(file=path, version=version.place, **view)}#L{line}"


def rows_of(version: Version) -> tuple[dict[str, VersionFile], dict[str, VersionFile]]:
    """The files of a state, and of the version before its version, by their paths. A version that
    failed and left none is passed over."""
    earlier = Version.objects.filter(~left_nothing(), chat=version.chat_id)
    before = earlier.filter(number__lt=version.number).order_by("-number").values("pk")[:1]
    rows = VersionFile.objects.filter(Q(version=version) | Q(version=Subquery(before)))
    found = list(rows.select_related("version").only(
        "path", "locked", "content_id", "version__number", "version__upstream_id"
    ))  # fmt: skip
    here = {row.path: row for row in found if row.version_id == version.pk}
    return here, {row.path: row for row in found if row.version_id != version.pk}


def order(path: str) -> tuple[tuple[bool, str], ...]:
    """Folders before files, each by name."""
    *folders, name = path.split("/")
    return (*((False, folder.lower()) for folder in folders), (True, name.lower()))


def start_of(files: dict[str, VersionFile]) -> str:
    return next((path for path in FIRST if path in files), min(files, default="", key=order))


def tree_file(
    path: str,
    row: VersionFile | None,
    before: dict[str, VersionFile],
    url: str,
    *,
    current: bool,
) -> TreeFile:
    name, former = path.rpartition("/")[2], before.get(path)
    if row is None:
        return TreeFile(name, path, mark="removed", tone=MARKS["removed"])
    mark = ""
    if before and former is None:
        mark = "added"
    elif former is not None and former.content_id != row.content_id:
        mark = "changed"
    return TreeFile(name, path, url, current, row.locked, mark, MARKS.get(mark, ""))


def tree_of(lines: Iterable[TreeFile], *, all_open: bool) -> Folder:
    """The lines in their folders; open are those with something that matters. A folder with
    nothing but another stands in one line with it: app/shop/cart."""
    root = Folder()
    for line in lines:
        folder = root
        for step in line.path.split("/")[:-1]:
            folder = folder.folders.setdefault(step, Folder(step))
            folder.is_open = folder.is_open or all_open or line.current or bool(line.mark)
        folder.files.append(line)
    return joined(root)


def joined(folder: Folder) -> Folder:
    """The same folder, in which chains of folders are one folder each."""
    inner = [joined(one) for one in folder.folders.values()]
    if folder.name and len(inner) == 1 and not folder.files:
        return replace(inner[0], name=f"{folder.name}/{inner[0].name}")
    return replace(folder, folders={one.name: one for one in inner})


def open_file(
    request: TeamRequest, version: Version, row: VersionFile, content: Content, address: Address
) -> OpenFile:
    args = [request.team.slug, version.chat.upstream_id, version.upstream_id]
    raw = f"{reverse('version-raw', args=args)}?{urlencode({'file': row.path})}"
    file = OpenFile(row.path, content.size, raw_url=raw)
    rendered = rendered_as(row.path, content)
    view = "source" if request.GET.get("view") == "source" or not rendered else rendered
    if rendered and not content.is_binary:
        source = address(file=row.path, view="source")
        file.views = [
            {"label": "Rendered", "url": address(file=row.path), "current": view == rendered},
            {"label": "Source", "url": source, "current": view == "source"},
        ]
    if not content.is_binary:
        file.lines = content.text.count("\n") + (not content.text.endswith("\n"))
        file.source = content.text
    file.is_image = view == "image"
    if not file.is_image:
        show_text(file, content, as_prose=view == "prose")
    if file.html and not file.is_prose:
        chosen = {"view": "source"} if request.GET.get("view") == "source" else {}
        file.html = placed(file.html, address(file=row.path, version=version.place, **chosen))
    return file


def placed(html: SafeString, address: str) -> SafeString:
    """The source with lines whose links last: they name the version."""
    return mark_safe(html.replace('href="#L', f'href="{escape(address)}#L'))  # noqa: S308


def rendered_as(path: str, content: Content) -> str:
    """What a file is besides its source: image, prose, or nothing."""
    kind = ending(path)
    if kind == "svg" or (content.is_binary and kind in IMAGES):
        return "image"
    return "prose" if kind in PROSE and not content.is_binary else ""


def ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def show_text(file: OpenFile, content: Content, *, as_prose: bool) -> None:
    if content.is_binary or "\0" in content.text:
        file.why, file.lines, file.source = "This is not a text file. You can download it.", 0, ""
    elif content.size > BIG:
        file.why = "This file is too large to show here. You can copy or download it."
    elif as_prose:
        file.is_prose = True
        file.html = remembered(f"prose:{content.sha256}", lambda: markdown_html(content.text))
    else:
        file.html = highlighted(file.name, content)


def highlighted(path: str, content: Content) -> SafeString:
    """The source in colours, kept by content and by the name that chose the language."""
    name = hashlib.sha256(path.rpartition("/")[2].encode()).hexdigest()[:16]
    return remembered(
        f"source:{content.sha256}:{name}", lambda: highlight_source(path, content.text)
    )


def remembered(name: str, make: Callable[[], SafeString]) -> SafeString:
    html: str | None = cache.get(name)
    if html is None:
        html = str(make())
        cache.set(name, html, KEPT_SECONDS)
    return mark_safe(html)  # noqa: S308


@require_GET
@member()
def files(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    shown = get_chat(request, chat)
    opened = get_version(shown, version)

    def address(*, version: str = "", **named: str) -> str:  # the path names it
        return f"{request.path}?{urlencode(named)}" if named else request.path

    context = {"chat": shown, "version": opened, "pane": file_pane(request, opened, address)}
    page = cast(HttpRequest, request)
    return render_page(page, "versions/files.html", context, fragments=("files",))
