"""Two states side by side: versions of one chat and what they were before they were edited,
versions of a chat and its fork, or of any two chats that the person sees. Which two is chosen in
compare_choice.py; what differs is found in dashboard/diffs.py, drawn by compare_rows.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from dashboard import diffs
from dashboard.access import TeamRequest, get_chat, member
from dashboard.htmx import render_page
from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.models.chats import begins_word
from dashboard.views.compare_choice import Sides, candidates, chosen, found, groups, others
from dashboard.views.compare_rows import BIG, DrawnFile, draw, is_text
from dashboard.views.compare_sides import sides

MOST_READ = 4_000_000  # bytes of contents that are compared for one page
MOST_COUNTED = 40  # changed files whose lines are counted
TONES = {"added": "ok", "changed": "warn", "renamed": "warn", "removed": "bad", "same": ""}
KEPT = ("from", "to", "file", "view", "space", "all", "with", "unfold")


@dataclass
class Listed:
    """A file in the list of a comparison."""

    path: str
    former: str
    kind: str
    tone: str
    url: str
    current: bool
    added: int | None = None
    removed: int | None = None


@dataclass
class Comparison:
    """What templates/compare/compare.html shows of two states."""

    old: Version
    new: Version
    files: list[Listed]
    differing: int
    same: int
    shown: DrawnFile | None


@require_GET
@member()
def compare(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    versions = candidates(request, row)
    old, new = chosen(request, row, versions)
    asked = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    context: dict[str, Any] = {
        "chat": row,
        "groups": groups(row, versions),
        "old": old, "new": new,
        "inline": asked.get("view") == "inline",
        "ignores_space": "space" in asked,
        "shows_all": "all" in asked,
        "beside": asked.get("with", ""),
    } | searched(request, row, asked, (old, new))  # fmt: skip
    if old and new:
        both = {**asked, "from": old.upstream_id, "to": new.upstream_id}
        context |= addresses(both)
        context["comparison"] = comparison(old, new, both, request.team.slug)
    elif new:
        context["others"] = others(row, versions, new)
    page = cast(HttpRequest, request)
    return render_page(page, "compare/compare.html", context, fragments=("compare",))


def searched(request: TeamRequest, row: Chat, asked: dict[str, str], two: Sides) -> dict[str, Any]:
    """What is looked for among other chats, and those that are found."""
    words = request.GET.get("q", "").strip()
    if not words:
        return {"q": ""}
    chats = found(request, row, words, asked, two)
    return {"q": words, "found": chats, "only_beginnings": begins_word(words)}


def addresses(asked: dict[str, str]) -> dict[str, str]:
    """Where the page's switches lead."""
    without = {name: value for name, value in asked.items() if name != "view"}
    swapped = {**asked, "from": asked["to"], "to": asked["from"]}
    for name in ("file", "unfold"):
        swapped.pop(name, None)
    return {
        "side_url": f"?{urlencode(without)}",
        "inline_url": f"?{urlencode({**without, 'view': 'inline'})}",
        "swap_url": f"?{urlencode(swapped)}",
    }


def comparison(old: Version, new: Version, asked: dict[str, str], team: str) -> Comparison:
    """Two queries: the files of both, and the contents that are compared."""
    rows = VersionFile.objects.filter(version__in={old.pk, new.pk}).order_by("path")
    files: dict[int, dict[str, str]] = {old.pk: {}, new.pk: {}}
    sizes: dict[str, int] = {}
    for version, path, name, size in rows.values_list(
        "version_id", "path", "content_id", "content__size"
    ):
        files[version][path], sizes[name] = name, size
    before, after = files[old.pk], files[new.pk]
    texts = read(before, after, sizes, asked.get("file", ""))

    def text(name: str) -> str | None:
        content = texts.get(name)
        return content.text if content and content.size <= BIG and is_text(content) else None

    changes = diffs.changes(before, after, text)
    same = sum(change.kind == "same" for change in changes)
    wanted = [one for one in changes if "all" in asked or one.kind != "same"]
    opened = next((one for one in wanted if one.path == asked.get("file")), None)
    for kinds in (("changed", "renamed", "added"), ("removed",)):
        opened = opened or next((one for one in wanted if one.kind in kinds), None)
    is_few = len(changes) - same <= MOST_COUNTED
    listed = [line(change, asked, opened, text if is_few else None) for change in wanted]
    shown = draw(opened, texts, asked) if opened else None
    if opened and shown:
        shown.folds, shown.sides = here(opened, asked), sides(team, old, new, opened)
        unfolded = f"&{urlencode({'unfold': asked['unfold']})}" if "unfold" in asked else ""
        shown.here = shown.folds + unfolded
    return Comparison(old, new, listed, len(changes) - same, same, shown)


def read(
    before: dict[str, str], after: dict[str, str], sizes: dict[str, int], opened: str
) -> dict[str, Content]:
    """The contents that one side alone has at a path, and those of the open file, small ones
    first, as far as a page may read."""
    needed = {files[opened]: 0 for files in (before, after) if opened in files}
    for path in {*before, *after}:
        if before.get(path) != after.get(path):
            for files in (before, after):
                if path in files:
                    needed.setdefault(files[path], sizes[files[path]])
    names, left = [], MOST_READ
    for name in sorted(needed, key=lambda name: needed[name]):
        left -= sizes[name]
        if left >= 0 or not needed[name]:
            names.append(name)
    return Content.objects.in_bulk(names)


def line(
    change: diffs.Change,
    asked: dict[str, str],
    opened: diffs.Change | None,
    text: diffs.Read | None,
) -> Listed:
    """A file of the list; with `text` its lines are counted."""
    listed = Listed(
        path=change.path, former=change.former, kind=change.kind, tone=TONES[change.kind],
        url=here(change, asked), current=change == opened,
    )  # fmt: skip
    if text is None or change.kind == "same":
        return listed
    old, new = (text(name) if name else "" for name in (change.old, change.new))
    if old is not None and new is not None:
        counted = diffs.compare(old, new, ignore_space="space" in asked)
        listed.added, listed.removed = counted.added, counted.removed
        if change.kind == "changed" and not counted.added and not counted.removed:
            listed.kind = "blanks only" if "space" in asked else "line ends only"
    return listed


def here(change: diffs.Change, asked: dict[str, str]) -> str:
    """The lasting address of a file of this comparison, folded as it is at first."""
    kept = {name: value for name, value in asked.items() if name != "unfold"}
    return f"?{urlencode({**kept, 'file': change.path})}"
