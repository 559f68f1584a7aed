"""What changes and brings home the files of a version in v1 of the API."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from dashboard.upstream.downloads import opened
from dashboard.upstream.records import ArchiveRecord, FileRecord
from dashboard.upstream.remote import Remote


class FilesV1(Remote):
    def write_files(self, chat_id: str, version_id: str, files: Sequence[FileRecord]) -> None:
        self.write(
            self._client.v1.chats.update_version,
            chat_id,
            version_id,
            files=[
                {"name": file.path, "content": file.text, "locked": file.locked} for file in files
            ],
        )

    def delete_files(self, chat_id: str, version_id: str, paths: Sequence[str]) -> None:
        delete = self._client.v1.chats.delete_version_files
        self.write(delete, chat_id, version_id, file_paths=list(paths))

    def lock_file(self, chat_id: str, version_id: str, file: FileRecord) -> None:
        self.write_files(chat_id, version_id, [file])

    def restore(self, chat_id: str, version_id: str) -> None:
        self.write(self._client.v1.chats.restore, chat_id, version_id)

    def download(
        self, chat_id: str, version_id: str, form: str = "zip", *, whole: bool = False
    ) -> AbstractContextManager[ArchiveRecord]:
        download, more = self._client.v1.chats.download_version, whole or None
        file = download(chat_id, version_id, format=form, include_default_files=more)
        return opened(self, file)
