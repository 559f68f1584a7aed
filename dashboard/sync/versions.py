"""Versions and their files; each distinct content is stored once. What a version had before it was
edited in place is kept as a former state; see states.py."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from dashboard.models import Chat, Content, Version, VersionFile
from dashboard.sync.bundles import PENDING
from dashboard.sync.states import Edit, keep_former, renumber
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
Stored = dict[int, dict[str, tuple[str, bool]]]  # by version and path: the content, locked


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
    renumber(row for row in changed if row.number != existing[row.chat_id][row.upstream_id].number)
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
    known: dict[int, Edit] = {}
    for chat, _, _, files in told:
        rows = {row.upstream_id: row for row in saved.by_chat[chat.pk]}
        for version_id, records in files.items():
            row = rows.get(version_id[:100])
            if row is not None:
                fetched[row.pk] = records
                before = existing[chat.pk].get(row.upstream_id)
                if before is not None:
                    known[row.pk] = Edit(before, row)
    save_files(fetched, known)


def save_files(fetched: Mapping[int, tuple[FileRecord, ...]], known: Mapping[int, Edit]) -> None:
    """The files of versions, by their keys; those that are known may have had other ones."""
    rows: Stored = {version_id: {} for version_id in fetched}
    contents: dict[str, Content] = {}
    for version_id, records in fetched.items():
        for record in records:
            content = content_of(record)
            contents[content.sha256] = content
            path = clean(record.path)[:LONGEST_PATH]
            rows[version_id][path] = content.sha256, record.locked
    before = stored_files(known)
    same = {version_id for version_id in known if rows[version_id] == before[version_id]}
    changed = known.keys() - same
    save_contents(contents)
    # A mark is no content: a version that is locked is still in the same state.
    keep_former(
        [known[pk] for pk in sorted(changed) if names(before[pk]) not in ({}, names(rows[pk]))]
    )
    VersionFile.objects.filter(version__in=changed).delete()
    copy_rows(
        VersionFile,
        ["version_id", "path", "content_id", "locked"],
        (
            (version_id, path, *value)
            for version_id, files in rows.items()
            if version_id not in same
            for path, value in files.items()
        ),
    )


def stored_files(versions: Iterable[int]) -> Stored:
    """The files that versions have here, by their keys."""
    found: Stored = {version_id: {} for version_id in versions}
    rows = VersionFile.objects.filter(version__in=found.keys())
    for version_id, path, name, locked in rows.values_list(
        "version_id", "path", "content_id", "locked"
    ):
        found[version_id][path] = name, locked
    return found


def names(files: Mapping[str, tuple[str, bool]]) -> dict[str, str]:
    """The names of the contents by path."""
    return {path: name for path, (name, _) in files.items()}


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
