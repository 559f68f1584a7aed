"""Going back to an earlier state of a chat: by v0 itself, or by writing the stored files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboard import access
from dashboard.actions import history
from dashboard.actions.files import Newest, name_of, newest
from dashboard.models import Chat, Membership, Version, VersionFile
from dashboard.sync.values import digest
from dashboard.sync.versions import content_of
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import FileRecord

ALREADY = "The chat has the files of this version already."
NOT_FINISHED = "Only a finished version can be restored."
NAMED = 5  # paths, of those that a restore changes
NOT_RESTORABLE = ("conflict", "gone", "invalid")  # what v0 says of a state it cannot bring back


class Newer(Exception):
    """The newest version is not what somebody saw when they decided. `began` names what it is."""

    def __init__(self, began: str, paths: list[str]) -> None:
        super().__init__("The newest version was changed in v0 since you looked.")
        self.began = began
        self.paths = paths  # those that a restore replaces or deletes


def restore_version(*, member: Membership, version: Version, began: str = "") -> Chat:
    """Makes the files of this version the chat's present ones: as a new version, which v0 makes.

    v0 does not have a former state, so its stored files are written into the newest version.
    `began` names the files that somebody saw there (`state_name`); Newer where they are others.
    """
    access.require(member, "file-change")
    chat = version.chat
    if version.status != Version.Status.COMPLETED:
        raise Refused(NOT_FINISHED, kind="conflict")
    with newest(member, chat) as found:
        if version.is_former:
            expect(found, version, began)
            rewrite(found, version)
        elif found.version_id == version.upstream_id or is_there(found, version):
            raise Refused(ALREADY, kind="conflict")
        else:
            restored(found, version)
        after = {"version": place(version)}
        history.record(
            member, "version.restore", target=chat, chat=chat, key=found.key, after=after
        )
        found.mirror()
    return chat


def restored(found: Newest, version: Version) -> None:
    """By v0; where it cannot and keeps no versions, the stored files are written there."""
    try:
        found.remote.restore(found.record.id, version.upstream_id)
    except Refused as refusal:
        is_lost = refusal.kind in NOT_RESTORABLE and not found.remote.keeps_versions
        if not is_lost or version.files_at is None:
            raise
        rewrite(found, version)


def expect(found: Newest, version: Version, began: str) -> None:
    """Raises Newer where the newest version is not as somebody saw it."""
    present = hashes(found)
    name = state_name(present.items())
    if name != began:
        stored = dict(version.files.values_list("path", "content_id"))
        raise Newer(name, differing(present, stored))


def hashes(found: Newest) -> dict[str, str]:
    """The names of the newest version's contents, by path."""
    return {path: content_of(file).sha256 for path, file in found.files.items()}


def is_there(found: Newest, version: Version) -> bool:
    """Whether the newest version has the files of this one: the same restore came before."""
    stored = dict(version.files.values_list("path", "content_id"))
    return version.files_at is not None and hashes(found) == stored


def state_name(files: Iterable[tuple[str, str]]) -> str:
    """The same for the same files: of pairs of paths and names of contents."""
    return digest(sorted(files))


def differing(present: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """The paths whose contents are not the same in both."""
    paths = sorted({*present, *wanted})
    return [path for path in paths if present.get(path) != wanted.get(path)]


def rewrite(found: Newest, version: Version) -> None:
    """Makes the present files those that are stored of the version."""
    stored = {row.path: row for row in version.files.select_related("content")}
    present = hashes(found)
    paths = differing(present, {path: row.content_id for path, row in stored.items()})
    if not paths:
        raise Refused(ALREADY, kind="conflict")
    if binary := [path for path in paths if path in stored and stored[path].content.is_binary]:
        raise Refused(
            f"v0 has other files in place of these, and takes no binary files ({binary[0]}). "
            "Fork the stored files into a new chat instead.",
            kind="invalid",
        )
    changes = {path: wanted(found, stored.get(path)) for path in paths}
    try:
        found.write(changes)
    except Refused as refusal:
        raise broken_off(found, version, changes, refusal) from None


def broken_off(
    found: Newest, version: Version, changes: Mapping[str, FileRecord | None], refusal: Refused
) -> Refused:
    """The refusal, with what is written all the same, which the history tells, too."""
    try:
        present = found.present()
    except Refused:
        done, told = [], {"written": "not known"}
    else:
        done = [
            path for path, file in changes.items() if name_of(file) == name_of(present.get(path))
        ]
        if not done:
            return refusal
        rest = [path for path in changes if path not in done]
        told = {"written": listed(done), "not_written": listed(rest)}
    after = {"version": place(version), **told}
    chat = found.chat
    history.record(
        found.member, "version.restore_part", target=chat, chat=chat, key=found.key, after=after
    )
    if not done:
        return refusal
    sentence = (
        f"{refusal.sentence} Written before that: {listed(done)}. Restore again for the rest."
    )
    return Refused(sentence, kind=refusal.kind, retry_after=refusal.retry_after)


def listed(paths: list[str]) -> str:
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more} more" if more > 0 else "")


def place(version: Version) -> str | int:
    """Which state it is, for the history."""
    return f"{version.number} {version.when}" if version.when else version.number


def wanted(found: Newest, row: VersionFile | None) -> FileRecord | None:
    """The file as it is to be written; one that is there keeps its mark."""
    if row is None:
        return None
    theirs = found.files.get(row.path)
    return FileRecord(row.path, row.content.text, theirs.locked if theirs else row.locked)
