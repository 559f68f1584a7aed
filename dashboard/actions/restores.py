"""Going back to an earlier version of a chat: by v0 itself, or by writing the stored files."""

from __future__ import annotations

from dashboard import access
from dashboard.actions import acting, history
from dashboard.actions.files import WRITING, mirrored, one_at_a_time
from dashboard.models import Chat, Membership, Version
from dashboard.sync.versions import content_of
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord, FileRecord

ALREADY = "The chat has the files of this version already."
NOT_FINISHED = "Only a finished version can be restored."
NOT_RESTORABLE = ("conflict", "gone", "invalid")  # what v0 says of a state it cannot bring back


def restore_version(*, member: Membership, version: Version) -> Chat:
    """Makes the files of this version the chat's present ones, as a new version."""
    access.require(member, "file-change")
    chat = version.chat
    if version.status != Version.Status.COMPLETED:
        raise Refused(NOT_FINISHED, kind="conflict")
    with acting.remote_of_chat(member, chat, to_write=True) as (key, remote), one_at_a_time(chat):
        record = remote.chat(chat.upstream_id)
        if record.is_running:
            raise Refused(WRITING, kind="conflict")
        if record.latest is not None and record.latest.id == version.upstream_id:
            raise Refused(ALREADY, kind="conflict")
        restored(remote, record, version)
        after = {"version": version.number}
        history.record(member, "version.restore", target=chat, chat=chat, key=key, after=after)
        mirrored(key, remote, chat)
    return chat


def restored(remote: Remote, record: ChatRecord, version: Version) -> None:
    """By v0; where it cannot and keeps no versions, the stored files are written there."""
    try:
        remote.restore(record.id, version.upstream_id)
    except Refused as refusal:
        is_lost = refusal.kind in NOT_RESTORABLE and not remote.keeps_versions
        if not is_lost or version.files_at is None or record.latest is None:
            raise
        rewrite(remote, record.id, record.latest.id, version)


def rewrite(remote: Remote, chat_id: str, newest_id: str, version: Version) -> None:
    """Makes the present files those that are stored of the version."""
    present = {file.path: file for file in remote.files(chat_id, newest_id)}
    stored = {row.path: row for row in version.files.select_related("content")}
    names = {path: content_of(file).sha256 for path, file in present.items()}
    differing = [row for path, row in stored.items() if names.get(path) != row.content_id]
    surplus = sorted(present.keys() - stored.keys())
    if not differing and not surplus:
        raise Refused(ALREADY, kind="conflict")
    if binary := [row.path for row in differing if row.content.is_binary]:
        raise Refused(
            f"v0 cannot restore this version any more, and takes no binary files ({binary[0]}). "
            "Fork the stored version into a new chat instead.",
            kind="invalid",
        )
    if differing:
        files = [FileRecord(row.path, row.content.text, row.locked) for row in differing]
        remote.write_files(chat_id, newest_id, files)
    if surplus:
        remote.delete_files(chat_id, newest_id, surplus)
