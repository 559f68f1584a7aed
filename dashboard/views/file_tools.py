"""What somebody may do with a version and its files, and why not, in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.access import TeamRequest, can
from dashboard.actions import acting
from dashboard.actions.downloads import EDITED, ONLY_NEWEST
from dashboard.actions.files import MOST_TEXT
from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.upstream import can as offers

BINARY = "Binary files cannot be edited here."
TOO_LARGE = f"Files of more than {MOST_TEXT:,} characters cannot be edited here."
NOT_STORED = "The files of this version are not stored here."
GONE = "This chat was deleted in v0. The stored copy is still here."


@dataclass
class Download:
    """One way to take the files along; `why` is why it cannot be had."""

    label: str
    url: str
    why: str = ""


@dataclass
class VersionTools:
    """What can be done with the whole version. Each `why` is empty where it can."""

    add_url: str
    restore_url: str
    denied: str  # nothing can be changed in this chat
    why: str  # files of this version cannot be changed
    why_restore: str
    is_newest: bool
    downloads: list[Download] = field(default_factory=list)


@dataclass
class FileTools:
    """What can be done with one file. Each `why` is empty where it can."""

    edit_url: str
    delete_url: str
    lock_url: str
    path: str
    locked: bool
    why: str
    why_edit: str
    why_lock: str


def version_tools(request: TeamRequest, version: Version) -> VersionTools:
    chat = version.chat
    args = [request.team.slug, chat.upstream_id, version.upstream_id]
    is_newest = version.number >= chat.version_count and not version.is_former
    denied = why_not_in(request, chat)
    if not denied and version.status != Version.Status.COMPLETED:
        denied = "This version is not finished."
    old = "" if is_newest else "Only the newest version can be changed. Restore this one first."
    return VersionTools(
        add_url=reverse("file-edit", args=args),
        restore_url=reverse("version-restore", args=args),
        denied=denied,
        why=denied or old,
        why_restore=denied or ("This is the newest version." if is_newest else ""),
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
    return FileTools(
        edit_url=f"{reverse('file-edit', args=args)}?{query}",
        delete_url=f"{reverse('file-delete', args=args)}?{query}",
        lock_url=reverse("file-lock", args=args),
        path=row.path,
        locked=row.locked,
        why=why,
        why_edit=why or unfit,
        why_lock=offers(version.chat.generation, "lock_files") or why or unfit,
    )


def why_not_in(request: TeamRequest, chat: Chat) -> str:
    """Why the person cannot change anything in this chat; "" if they can."""
    if chat.gone_at is not None:
        return "This chat was deleted in v0, so its files are read-only."
    if not can(request.member, "file-change"):
        return f"Your role is {request.member.role}. Members and above can change files."
    # What v0 told the last key; the person's own ones may do more.
    if not chat.can_write and not acting.standing(request.member, chat).may_write:
        return "The team's keys can read this chat but not change it. Fork it to continue."
    if chat.status == Chat.Status.RUNNING and not chat.is_stalled:
        return "v0 is writing in this chat. Wait until it has finished."
    return ""


def downloads(version: Version, url: str, *, is_newest: bool) -> list[Download]:
    """Archives of the stored copy, and of v0 itself."""
    chat = version.chat
    is_v2 = chat.generation == "v2"
    stored = "" if version.files_at else NOT_STORED
    away = GONE if chat.gone_at else EDITED if version.is_former else ""
    away = away or (ONLY_NEWEST if is_v2 and not is_newest else "")
    return [
        Download("ZIP", f"{url}?form=zip", stored),
        Download("Tarball", f"{url}?form=tarball", stored),
        Download("ZIP packed by v0", f"{url}?form=zip&of=v0", away),
        Download(
            "Tarball packed by v0",
            f"{url}?form=tarball&of=v0",
            away or ("v2 packs ZIP archives only." if is_v2 else ""),
        ),
    ]
