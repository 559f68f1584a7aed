"""What somebody may do with a version and its files, and why not, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.access import TeamRequest
from dashboard.actions import acting
from dashboard.actions.acting import Standing
from dashboard.actions.downloads import EDITED, ONLY_NEWEST
from dashboard.actions.files import MOST_TEXT
from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.upstream import can as offers
from dashboard.views.controls import NEWEST, Control
from dashboard.views.reasons import WRITING, chat_bars, is_writing

BINARY = "Binary files cannot be edited here."
TOO_LARGE = f"Files of more than {MOST_TEXT:,} characters cannot be edited here."
NOT_STORED = "The files of this version are not stored here."
ONLY_HERE = "Only the newest version can be changed. Restore this one first."
GONE = "This chat was deleted in v0. The stored copy is still here."


@dataclass
class VersionTools:
    """What can be done with the whole version. Each `why` is empty where it can."""

    add: Control
    restore: Control
    denied: str  # nothing can be changed in this chat
    why: str  # files of this version cannot be changed
    is_newest: bool
    downloads: list[Control]


@dataclass
class FileTools:
    """What can be done with one file. Each `why` is empty where it can."""

    edit: Control
    delete: Control
    lock: Control  # posts; `path` and `locked` say what
    path: str
    locked: bool


def version_tools(
    request: TeamRequest, version: Version, own: Standing | None = None
) -> VersionTools:
    """`own`: what the person can do in the chat, where it is known already."""
    chat = version.chat
    args = [request.team.slug, chat.upstream_id, version.upstream_id]
    is_newest = version.number >= chat.version_count and not version.is_former
    denied = why_not_in(request, chat, own)
    if not denied and version.status != Version.Status.COMPLETED:
        denied = "This version is not finished."
    why = denied or ("" if is_newest else ONLY_HERE)
    why_restore = denied or (NEWEST if is_newest else "")
    add, restore = reverse("file-edit", args=args), reverse("version-restore", args=args)
    return VersionTools(
        add=Control("add", "New file", "plus", add, why, way="page"),
        restore=Control("restore", "Restore", "history", restore, why_restore),
        denied=denied,
        why=why,
        is_newest=is_newest,
        downloads=downloads(version, reverse("version-archive", args=args), is_newest=is_newest),
    )


def file_tools(
    request: TeamRequest, version: Version, row: VersionFile, content: Content, why: str
) -> FileTools:
    """`why`: why files of this version cannot be changed at all."""
    args = [request.team.slug, version.chat.upstream_id, version.upstream_id]
    query = urlencode({"file": row.path})
    unfit = BINARY if content.is_binary else TOO_LARGE if content.size > MOST_TEXT else ""
    edit = f"{reverse('file-edit', args=args)}?{query}"
    delete = f"{reverse('file-delete', args=args)}?{query}"
    why_lock = offers(version.chat.generation, "lock_files") or why or unfit
    word = "Unlock" if row.locked else "Lock"
    return FileTools(
        edit=Control("edit", "Edit", "edit", edit, why or unfit, way="page"),
        delete=Control("delete", "Delete…", "trash", delete, why, tone="bad"),
        lock=Control("lock", word, "lock", reverse("file-lock", args=args), why_lock),
        path=row.path,
        locked=row.locked,
    )


def why_not_in(request: TeamRequest, chat: Chat, own: Standing | None = None) -> str:
    """Why the person cannot change anything in this chat; "" if they can."""
    if chat.gone_at is not None:
        return "This chat was deleted in v0, so its files are read-only."
    own = own or acting.standing(request.member, chat)
    barred = chat_bars(request.member, chat, own, permission="file-change", doing="change files")
    return barred or (WRITING if is_writing(chat) else "")


def downloads(version: Version, url: str, *, is_newest: bool) -> list[Control]:
    """Archives of the stored copy, and of v0 itself."""
    chat = version.chat
    is_v2 = chat.generation == "v2"
    stored = "" if version.files_at else NOT_STORED
    away = GONE if chat.gone_at else EDITED if version.is_former else ""
    away = away or (ONLY_NEWEST if is_v2 and not is_newest else "")
    no_tarball = away or ("v2 packs ZIP archives only." if is_v2 else "")
    kinds = (
        ("zip", "ZIP", "form=zip", stored),
        ("tarball", "Tarball", "form=tarball", stored),
        ("zip-of-v0", "ZIP packed by v0", "form=zip&of=v0", away),
        ("tarball-of-v0", "Tarball packed by v0", "form=tarball&of=v0", no_tarball),
    )
    return [
        Control(name, label, "download", f"{url}?{query}", why, "download")
        for name, label, query, why in kinds
    ]
