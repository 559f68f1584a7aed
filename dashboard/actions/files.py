"""Files of a chat's newest version: writing, adding, deleting and locking them. What changed in v0
since somebody began to edit is never overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from dashboard import access, channels
from dashboard.actions import Invalid, acting, history
from dashboard.actions.archives import is_inside
from dashboard.models import Chat, Key, Membership, Version
from dashboard.sync.mirror import mirror_chat
from dashboard.sync.store import store_chat
from dashboard.sync.versions import content_of
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord, FileRecord

LONGEST_PATH = 500
MOST_TEXT = 400_000  # characters; with their escapes they fit into one request
SECONDS_BETWEEN = 60  # a dead process frees the chat after this long
WRITING = "v0 is writing in this chat. Wait until it has finished, then try again."
NONE_YET = "This chat has no files yet."


class Conflict(Exception):
    """The file is not what the edit began with. `theirs` is its text in v0 now; None if it is gone
    or is no text."""

    def __init__(self, theirs: str | None, name: str) -> None:
        super().__init__("The file was changed in v0 since you opened it.")
        self.theirs = theirs
        self.name = name  # SHA-256 of the content, "" where it is gone


@dataclass(frozen=True)
class Newest:
    """The newest version of a chat as v0 has it now, for a member who changes it. What it has is
    stored here before anything is changed."""

    member: Membership
    chat: Chat
    key: Key
    remote: Remote
    record: ChatRecord
    version_id: str
    files: Mapping[str, FileRecord]
    former: int  # how many states it had before

    def write(self, changes: Mapping[str, FileRecord | None]) -> None:
        """The new files by path, None for what is deleted. Where v0's answer is lost it is looked
        at, and nothing is sent again. Raises Refused."""
        ids = self.record.id, self.version_id
        texts = {path: file for path, file in changes.items() if file is not None}
        surplus = {path: None for path, file in changes.items() if file is None}
        try:
            if texts:
                self.surely(texts, lambda: self.remote.write_files(*ids, list(texts.values())))
            if surplus:
                self.surely(surplus, lambda: self.remote.delete_files(*ids, list(surplus)))
        except Refused as refusal:
            if refusal.kind in acting.UNCLEAR or (texts and surplus):  # some of it may be written
                self.mirror()
            raise

    def surely(self, wanted: Mapping[str, FileRecord | None], ask: Callable[[], None]) -> None:
        try:
            ask()
        except Refused as refusal:
            if refusal.kind not in acting.UNCLEAR or not self.has(wanted):
                raise

    def has(self, wanted: Mapping[str, FileRecord | None]) -> bool:
        """Whether v0 has these files now; what is None it must not have."""
        try:
            present = self.present()
        except Refused:
            return False
        return all(name_of(present.get(path)) == name_of(file) for path, file in wanted.items())

    def present(self) -> dict[str, FileRecord]:
        """What v0 has now by path, also where the change made a new version. Raises Refused."""
        record = self.remote.chat(self.record.id)
        files = record.latest_files
        if files is None:
            files = self.remote.files(record.id, record.latest.id if record.latest else "")
        return {file.path: file for file in files}

    def mirror(self) -> None:
        """Brings home what became of it, and notes whose edit ended the state before."""
        # It is read again though its time may be the same, and though another is the newest now.
        written = Version.objects.filter(chat=self.chat, upstream_id=self.version_id[:100])
        written.update(listing_digest="")
        mirrored(self.key, self.remote, self.chat)
        ended = Version.states.filter(
            former_of__chat=self.chat,
            former_of__upstream_id=self.version_id[:100],
            edition=self.former + 1,
        )
        ended.filter(replaced_by=None).update(replaced_by=self.member.user_id)


def write_file(*, member: Membership, version: Version, path: str, text: str, began: str) -> Chat:
    """Replaces a text file in the chat's newest version, or adds one.

    `began` names the content that the edit began with, by SHA-256; "" is for a new file.
    """
    access.require(member, "file-change")
    path, text = checked_path(path), checked_source(text)
    with newest(member, version.chat) as found:
        theirs = found.files.get(path)
        if theirs is not None and "\r\n" in theirs.text:
            text = text.replace("\n", "\r\n")
        mine = FileRecord(path, text, theirs.locked if theirs else False)
        if name_of(mine) == name_of(theirs):  # a second click, or the same edit
            return version.chat
        expect(theirs, began)
        found.write({path: mine})
        lines = {"lines": line_count(text)}
        before = {"lines": line_count(theirs.text)} if theirs else {}
        return kept(found, "file.edit" if theirs else "file.add", path, before, lines)


def delete_file(*, member: Membership, version: Version, path: str, began: str) -> Chat:
    """Deletes a file from the chat's newest version."""
    access.require(member, "file-change")
    with newest(member, version.chat) as found:
        theirs = found.files.get(path)
        if theirs is None:
            raise Invalid("file", f"{path} is not in the newest version any more.")
        expect(theirs, began)
        if len(found.files) == 1:
            raise Invalid("file", "This is the only file; a version needs at least one.")
        found.write({path: None})
        return kept(found, "file.delete", path)


def lock_file(*, member: Membership, version: Version, path: str, locked: bool) -> Chat:
    """Whether v0 has to leave the file as it is when it goes on."""
    access.require(member, "file-change")
    with newest(member, version.chat) as found:
        theirs = found.files.get(path)
        if theirs is None:
            raise Invalid("file", f"{path} is not in the newest version any more.")
        if theirs.encoding != "utf8":
            raise Invalid("file", "Only text files can be locked.")
        file = FileRecord(path, theirs.text, locked)
        found.remote.lock_file(version.chat.upstream_id, found.version_id, file)
        return kept(found, "file.lock" if locked else "file.unlock", path)


def expect(theirs: FileRecord | None, began: str) -> None:
    """Raises Conflict where the file is not what somebody saw."""
    name = name_of(theirs)
    if name != began:
        is_text = theirs is not None and theirs.encoding == "utf8"
        raise Conflict(theirs.text if theirs and is_text else None, name)


def name_of(file: FileRecord | None) -> str:
    return content_of(file).sha256 if file else ""


def line_count(text: str) -> int:
    return len(text.splitlines())


def checked_path(path: str) -> str:
    path = path.strip()
    if not path:
        raise Invalid("path", "The path is missing. Give one such as app/page.tsx.")
    if len(path) > LONGEST_PATH:
        raise Invalid("path", f"The path is too long; the most is {LONGEST_PATH} characters.")
    steps = path.split("/")
    if not is_inside(path) or "" in steps or "." in steps or not path.isprintable():
        raise Invalid("path", "Give a path inside the project, such as app/page.tsx.")
    return path


def checked_source(text: str) -> str:
    if "\0" in text:
        raise Invalid("text", "The text contains a NUL character, which v0 does not take.")
    if len(text) > MOST_TEXT:
        raise Invalid("text", f"The file is too large; the most is {MOST_TEXT:,} characters.")
    return text.replace("\r\n", "\n")  # as browsers send it


@contextmanager
def newest(member: Membership, chat: Chat) -> Iterator[Newest]:
    """v0, with the chat's newest version and its files as they are now. They are kept here first:
    v0 forgets what an edit replaces."""
    with acting.remote_of_chat(member, chat, to_write=True) as (key, remote), one_at_a_time(chat):
        record = remote.chat(chat.upstream_id)
        if record.is_running:
            raise Refused(WRITING, kind="conflict")
        if record.latest is None:
            raise Refused(NONE_YET, kind="conflict")
        files = record.latest_files
        if files is None:
            files = remote.files(chat.upstream_id, record.latest.id)
        store_chat(key, replace(record, latest_files=files))
        states = Version.states.filter(
            former_of__chat=chat, former_of__upstream_id=record.latest.id[:100]
        )
        by_path = {file.path: file for file in files}
        yield Newest(member, chat, key, remote, record, record.latest.id, by_path, states.count())


@contextmanager
def one_at_a_time(chat: Chat) -> Iterator[None]:
    """Between looking at v0 and writing there, nobody else here writes."""
    name = f"files:{chat.pk}"
    if not cache.add(name, 1, timeout=SECONDS_BETWEEN):
        raise Refused(
            "Somebody else is saving files of this chat. Try again in a moment.", kind="conflict"
        )
    try:
        yield
    finally:
        cache.delete(name)


def kept(
    found: Newest,
    verb: str,
    path: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Chat:
    """Writes the history and mirrors the chat; it is changed whatever becomes of that."""
    chat = found.chat
    target = f"{path} of {chat.label}"
    history.record(
        found.member, verb, target=target, chat=chat, key=found.key, before=before, after=after
    )
    found.mirror()
    return chat


def mirrored(key: Key, remote: Remote, chat: Chat) -> None:
    """The chat as it is in v0 now, also on the pages of those who have it open; where v0 does not
    tell, it is looked at again soon."""
    try:
        mirror_chat(remote, key, chat.upstream_id)
    except Refused:
        Chat.objects.filter(pk=chat.pk).update(follow_at=timezone.now())
    chat.refresh_from_db()
    channels.look(chat.pk)
