"""Versions and their files; each distinct content is stored once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.sync.bundles import PENDING
from dashboard.sync.values import clean, copy_rows, fit, sha256, version_digest
from dashboard.upstream.records import FileRecord, VersionRecord

VERSION_FIELDS = [
    "number", "status", "demo_url", "screenshot_url", "dark_screenshot_url", "created_at",
    "updated_at", "files_at", "listing_digest",
]  # fmt: skip
LONGEST_PATH = 1000
Files = Mapping[str, tuple[FileRecord, ...]]
Told = tuple[Chat, list[VersionRecord], bool, Files]
Existing = dict[int, dict[str, Version]]


@dataclass
class Saved:
    """The versions that were told, by their chat's key; how many of them were new or changed."""

    by_chat: dict[int, list[Version]] = field(default_factory=dict)
    created: int = 0
    changed: int = 0


def save_versions(told: list[Told]) -> Saved:
    """For each chat: its versions, whether that is all of them, and fetched files."""
    existing: Existing = {chat.pk: {} for chat, *_ in told}
    for row in Version.objects.filter(chat__in=existing):
        existing[row.chat_id][row.upstream_id] = row
    saved = Saved()
    for chat, records, complete, files in told:
        rows = saved.by_chat[chat.pk] = []
        known = existing[chat.pk]
        for place, record in enumerate(records, 1):
            before = known.get(record.id[:100])
            number = place if complete else before.number if before else len(known) + 1
            rows.append(version_row(chat, record, number, before, files))
    write_versions(saved, existing)
    save_fetched_files(told, saved, existing)
    return saved


def write_versions(saved: Saved, existing: Existing) -> None:
    """Writes the rows that are new or differ, and gives every row its key."""
    rows = [row for rows in saved.by_chat.values() for row in rows]
    for row in rows:
        before = existing[row.chat_id].get(row.upstream_id)
        row.pk = before.pk if before else None
    new = [row for row in rows if row.pk is None]
    changed = [row for row in rows if row.pk and differs(row, existing[row.chat_id])]
    Version.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["chat", "upstream_id"],
        update_fields=VERSION_FIELDS,
    )
    Version.objects.bulk_update(changed, VERSION_FIELDS)
    saved.created, saved.changed = len(new), len(changed)


def version_row(
    chat: Chat, record: VersionRecord, number: int, before: Version | None, files: Files
) -> Version:
    """The row as it is to be; a pending version's files come later, a known one's stay."""
    digest = version_digest(record)
    files_at = before.files_at if before else None
    if record.id in files:
        files_at = timezone.now()
    complete = record.status == PENDING or record.id in files
    same = before is not None and before.listing_digest == digest
    dark = record.dark_screenshot_url
    if not dark and before is not None and before.screenshot_url == record.screenshot_url:
        dark = before.dark_screenshot_url  # only the list of chats tells it
    row = Version(
        chat=chat,
        upstream_id=record.id,
        number=number,
        status=record.status,
        demo_url=record.demo_url,
        screenshot_url=record.screenshot_url,
        dark_screenshot_url=dark,
        created_at=record.created_at,
        updated_at=record.updated_at or record.created_at,
        files_at=files_at,
        listing_digest=digest if complete or same else "",
    )
    fit(row)
    return row


def differs(row: Version, known: Mapping[str, Version]) -> bool:
    before = known[row.upstream_id]
    return any(getattr(row, name) != getattr(before, name) for name in VERSION_FIELDS)


def save_fetched_files(told: list[Told], saved: Saved, existing: Existing) -> None:
    fetched: dict[int, tuple[FileRecord, ...]] = {}
    replace: set[int] = set()
    for chat, _, _, files in told:
        ids = {row.upstream_id: row.pk for row in saved.by_chat[chat.pk]}
        for version_id, records in files.items():
            pk = ids.get(version_id[:100])
            if pk is not None:
                fetched[pk] = records
                if version_id[:100] in existing[chat.pk]:
                    replace.add(pk)
    save_files(fetched, replace=replace)


def save_files(fetched: Mapping[int, tuple[FileRecord, ...]], *, replace: set[int]) -> None:
    """The files of versions, by their keys; those in `replace` may have had other ones."""
    rows: dict[tuple[int, str], tuple[str, bool]] = {}
    contents: dict[str, Content] = {}
    for version_id, records in fetched.items():
        for record in records:
            content = content_of(record)
            contents[content.sha256] = content
            path = clean(record.path)[:LONGEST_PATH]
            rows[version_id, path] = content.sha256, record.locked
    save_contents(contents)
    VersionFile.objects.filter(version__in=replace).delete()
    copy_rows(
        VersionFile,
        ["version_id", "path", "content_id", "locked"],
        ((*place, *value) for place, value in rows.items()),
    )


def content_of(record: FileRecord) -> Content:
    """The content of a file, called by its bytes. What claims to be base64 and is not, is text."""
    text = clean(record.text)
    if record.encoding == "base64":
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            pass
        else:
            name = hashlib.sha256(data).hexdigest()
            return Content(sha256=name, text=text, is_binary=True, size=len(data))
    return Content(sha256=sha256(text), text=text, size=len(text.encode()))


def save_contents(contents: Mapping[str, Content]) -> None:
    """Contents by their names; those that are stored already are not sent again."""
    known = set(Content.objects.filter(pk__in=contents.keys()).values_list("pk", flat=True))
    Content.objects.bulk_create(
        [contents[name] for name in sorted(contents.keys() - known)], ignore_conflicts=True
    )
