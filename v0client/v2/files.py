"""The present files of a chat: reading, changing, downloading, and going back to earlier ones."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Required, TypedDict

from v0client.calls import Call, M, Resource, download, operation
from v0client.shapes import Shape
from v0client.v2.chats import CHAT
from v0client.v2.messages import RecordedMessages


class File(Shape):
    """A file. `encoding`: utf8, or base64 for what is not text."""

    path: str
    content: str
    encoding: str

    @property
    def data(self) -> bytes:
        """The content itself."""
        if self.encoding == "base64":
            return base64.b64decode(self.content)
        return self.content.encode()


class Files(Shape):
    """All source files of a chat."""

    files: list[File]


class FileChange(TypedDict):
    """The new content of the file at `path`, such as app/page.tsx; None deletes it."""

    path: Required[str]
    content: Required[str | None]


class FileOperations(Resource[M]):
    """The part of `client.v2.chats` that is about files."""

    _name = "v2.chats"

    @operation
    def get_files(self, chat_id: str) -> Call[Files]:
        """All source files."""
        return Call("GET", f"{CHAT}/files", Files, {"chat_id": chat_id})

    @operation
    def update_files(self, chat_id: str, *, files: Sequence[FileChange]) -> Call[RecordedMessages]:
        """Create, replace or delete files: at least one, each path once.

        The chat's preview has to be running, see `get_preview`. A 422 for contents that v0 does
        not take names each of them in `issues`.
        """
        body = {"files": files}
        return Call("PATCH", f"{CHAT}/files", RecordedMessages, {"chat_id": chat_id}, body=body)

    @operation
    def restore_message(self, chat_id: str, *, message_id: str) -> Call[RecordedMessages]:
        """Bring back the files of a message that is `restorable`."""
        ids = {"chat_id": chat_id}
        body = {"message_id": message_id}
        return Call("POST", f"{CHAT}/restore-message", RecordedMessages, ids, body=body)

    @download
    def download_files(self, chat_id: str) -> Call[bytes]:
        """All source files as a ZIP archive."""
        return Call("GET", f"{CHAT}/files/download", bytes, {"chat_id": chat_id}, slow=True)
