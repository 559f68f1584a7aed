"""Chats of v1 that begin with existing code: files, an archive, a repository, a registry item or
a template. Where they are read from is the matter of sources.py."""

from __future__ import annotations

import re
from dataclasses import replace

from v0client.simulator import archives, components, generation, sources
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import LONG
from v0client.simulator.page import compose
from v0client.simulator.records import Chat, File, Version
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import (
    Init,
    InitFromFiles,
    InitFromRegistry,
    InitFromRepo,
    InitFromTemplate,
    InitFromZip,
    InlineFile,
    RemoteFile,
)

Way = InitFromFiles | InitFromRepo | InitFromRegistry | InitFromZip | InitFromTemplate


def init(call: Call) -> bytes:
    """POST /chats/init"""
    body = read(call, Init).root
    project_id = call.store.project(body.projectId, call.person).id if body.projectId else None
    description, kind, files = source(call, body)
    chat = call.store.add_chat(
        call.person, call.now, privacy=body.chatPrivacy, name=body.name or description
    )
    chat.project_id, chat.metadata = project_id, dict(body.metadata)
    begin(call, chat, description, kind, files)
    return shapes.chat_page(call, chat)


def begin(call: Call, chat: Chat, text: str, kind: str, files: list[File]) -> None:
    """The first message and a version that is complete at once."""
    generation.add_message(call.store, chat, "user", text, call.now, call.person.id, kind)
    version = Version(call.store.minter.mint("version", LONG), chat.id, call.now, (), call.now)
    version.overlay = {file.name: file for file in files}
    generation.add_version(call.store, chat, version)


def source(call: Call, body: Way) -> tuple[str, str, list[File]]:
    """A sentence, the message type, and the files."""
    if isinstance(body, InitFromFiles):
        if not body.files:
            raise Refusal(422, "files: at least one file is needed")
        named = [given(call, file) for file in body.files]
        return f"Started from {len(named)} files", "message", named
    if isinstance(body, InitFromZip):
        unpacked = sources.archive(call, body.zip.url)
        return "Started from an archive", "message", lock(unpacked, body.lockAllFiles)
    if isinstance(body, InitFromTemplate):
        return "Started from a template", "open-in-v0", lock(imagined(body.templateId), False)
    if isinstance(body, InitFromRepo):
        told, kind = f"Cloned {sources.last_part(body.repo.url)}", "cloned-repo"
        files = sources.repository(call, body.repo.url, body.repo.branch)
    else:
        told, kind = f"Opened {sources.last_part(body.registry.url)}", "open-in-v0"
        files = sources.registry(call, body.registry.url)
    return told, kind, lock(files, body.lockAllFiles)


def given(call: Call, file: InlineFile | RemoteFile) -> File:
    """A file with its content, or with what is at its address."""
    name = archives.path(file.name)
    if isinstance(file, InlineFile):
        return File(name, file.content, file.locked)
    fetched = archives.file(name, sources.content(call, file.url))
    return replace(fetched, locked=file.locked)


def lock(files: list[File], locked: bool) -> list[File]:
    return [replace(file, locked=locked) for file in files]


def imagined(name: str) -> list[File]:
    """What a template of that name contains here."""
    subject = re.sub(r"[-_]+", " ", name)
    page = compose((f"{subject} website",))
    return [File(path, text) for path, text in components.project(page).items()]


ROUTES: Routes = {("POST", "/chats/init"): init}
