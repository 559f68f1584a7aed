"""What changes and brings home the files of a chat in v2 of the API, which has the present ones
alone: whoever names a version knows that it is the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from dashboard.upstream.downloads import opened
from dashboard.upstream.errors import NotOffered, Refused
from dashboard.upstream.records import ArchiveRecord, FileRecord
from dashboard.upstream.remote import Remote

STARTING = (
    "v0 takes changes of files only while the chat's preview runs, and it is starting now. "
    "Try again in about ten seconds."
)


class FilesV2(Remote):
    def write_files(self, chat_id: str, version_id: str, files: Sequence[FileRecord]) -> None:
        self.change_files(chat_id, {file.path: file.text for file in files})

    def delete_files(self, chat_id: str, version_id: str, paths: Sequence[str]) -> None:
        self.change_files(chat_id, dict.fromkeys(paths))

    def change_files(self, chat_id: str, changes: Mapping[str, str | None]) -> None:
        """New contents by path, None for what is deleted. Asking for the preview starts it."""
        if self.read(self._client.v2.chats.get_preview, chat_id) is None:
            raise Refused(STARTING, kind="conflict")
        files = [{"path": path, "content": content} for path, content in changes.items()]
        self.write(self._client.v2.chats.update_files, chat_id, files=files)

    def restore(self, chat_id: str, version_id: str) -> None:
        self.write(self._client.v2.chats.restore_message, chat_id, message_id=version_id)

    def download(
        self, chat_id: str, version_id: str, form: str = "zip", *, whole: bool = False
    ) -> AbstractContextManager[ArchiveRecord]:
        if form != "zip":
            raise NotOffered("v2 packs ZIP archives only. The stored copy comes as a tarball, too.")
        return opened(self, self._client.v2.chats.download_files(chat_id))
