"""Chats that begin with files instead of a prompt: given ones, a ZIP archive, a repository."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NotRequired, Required, TypedDict, Unpack

from v0client.calls import Call, M, Resource, given, operation, typed
from v0client.v2.chats import ChatWithUsage


class SourceFile(TypedDict):
    """A text file to begin with; `name` is its path in the project."""

    name: Required[str]
    content: Required[str]


class Repository(TypedDict):
    """A GitHub repository, public or connected through Vercel. `branch` has at most 250
    characters, and is the repository's own default if not given."""

    url: Required[str]
    branch: NotRequired[str]


class NewImport(TypedDict, total=False):
    """What a chat that begins with files may carry. Metadata keys have 1 to 40 characters, values
    at most 500."""

    privacy: str | None
    title: str | None
    metadata: Mapping[str, str] | None


Archive = str | Path | bytes | IO[bytes]


def address(archive: Archive) -> str:
    """The address itself, or the content of a local archive as a data: URL."""
    if isinstance(archive, str):
        return archive
    if isinstance(archive, Path):
        content = archive.read_bytes()
    else:
        content = archive if isinstance(archive, bytes) else archive.read()
    return f"data:application/zip;base64,{base64.b64encode(content).decode()}"


class SourceOperations(Resource[M]):
    """The part of `client.v2.chats` that begins chats with files. No prompt is answered."""

    _name = "v2.chats"

    @operation
    def create_from_files(
        self, *, files: Sequence[SourceFile], **chat: Unpack[NewImport]
    ) -> Call[ChatWithUsage]:
        """Begin a chat with 1 to 20 text files; further fields are those of NewImport."""
        body = given(files=files, **typed(NewImport, chat))
        return Call("POST", "v2/chats/from-files", ChatWithUsage, body=body, slow=True)

    @operation
    def create_from_zip(self, *, url: Archive, **chat: Unpack[NewImport]) -> Call[ChatWithUsage]:
        """Begin a chat with a ZIP archive; further fields are those of NewImport.

        A text is the archive's address: https:// or data:application/zip;base64,… A Path, bytes
        or an open binary file is a local archive, which is sent whole, inside the request.
        """
        body = given(url=address(url), **typed(NewImport, chat))
        return Call("POST", "v2/chats/from-zip", ChatWithUsage, body=body, slow=True)

    @operation
    def create_from_repo(
        self, *, repo: Repository, **chat: Unpack[NewImport]
    ) -> Call[ChatWithUsage]:
        """Begin a chat with a GitHub repository; further fields are those of NewImport."""
        body = given(repo=repo, **typed(NewImport, chat))
        return Call("POST", "v2/chats/from-repo", ChatWithUsage, body=body, slow=True)
