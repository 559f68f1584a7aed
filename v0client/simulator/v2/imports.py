"""Chats of v2 that begin with existing code: files, an archive or a repository. Where they are read
from is the matter of sources.py."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from v0client.simulator import archives, live, sources
from v0client.simulator.exchange import Call, Routes
from v0client.simulator.records import File, Version
from v0client.simulator.v1.chat_bodies import Repository
from v0client.simulator.v2 import shapes
from v0client.simulator.v2.bodies import Body, read
from v0client.simulator.v2.chat_bodies import Beginning
from v0client.simulator.v2.chats import new_chat
from v0client.simulator.v2.files import record

MOST_FILES = 20


class GivenFile(Body):
    name: Annotated[str, Field(min_length=1)]
    content: str


class FromFiles(Beginning):
    files: Annotated[list[GivenFile], Field(min_length=1, max_length=MOST_FILES)]


class FromZip(Beginning):
    url: str


class FromRepo(Beginning):
    repo: Repository


def from_files(call: Call) -> dict[str, Any]:
    """POST /chats/from-files"""
    body = read(call, FromFiles)
    files = [File(archives.path(file.name), file.content) for file in body.files]
    return begin(call, body, files, f"Started from {len(files)} files", "message")


def from_zip(call: Call) -> dict[str, Any]:
    """POST /chats/from-zip"""
    body = read(call, FromZip)
    return begin_with_zip(call, body, body.url)


def from_repo(call: Call) -> dict[str, Any]:
    """POST /chats/from-repo"""
    body = read(call, FromRepo)
    return begin_with_repository(call, body, body.repo)


def begin_with_zip(call: Call, body: Beginning, url: str) -> dict[str, Any]:
    """A chat with the files of an archive."""
    return begin(call, body, sources.archive(call, url), "Started from an archive", "message")


def begin_with_repository(call: Call, body: Beginning, repository: Repository) -> dict[str, Any]:
    """A chat with the files of a branch."""
    files = sources.repository(call, repository.url, repository.branch)
    return begin(call, body, files, f"Cloned {sources.last_part(repository.url)}", "cloned-repo")


def begin(call: Call, body: Beginning, files: list[File], text: str, kind: str) -> dict[str, Any]:
    """A chat whose code is there at once, and whose preview starts."""
    chat = new_chat(call, privacy=body.privacy, title=body.title or text, metadata=body.metadata)
    nothing = Version("", chat.id, call.now, (), call.now)
    record(call, chat, nothing, {file.name: file for file in files}, text, kind)
    live.restart(call.store, chat, call.now)
    return shapes.chat_with_usage(call, chat)


ROUTES: Routes = {
    ("POST", "/chats/from-files"): from_files,
    ("POST", "/chats/from-zip"): from_zip,
    ("POST", "/chats/from-repo"): from_repo,
}
