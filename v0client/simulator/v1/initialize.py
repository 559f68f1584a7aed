"""Chats of v1 that begin with existing code: files, an archive, a repository, a registry item or
a template. Only the simulator's own and inline sources can be read; it reaches no network."""

from __future__ import annotations

import re

from v0client.simulator import archives, components, generation
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
    RemoteFile,
)
from v0client.simulator.v1.chats import new_chat

Way = InitFromFiles | InitFromRepo | InitFromRegistry | InitFromZip | InitFromTemplate


def init(call: Call) -> bytes:
    """POST /chats/init"""
    body = read(call, Init).root
    project_id = call.store.project(body.projectId, call.person).id if body.projectId else None
    description, kind, files = source(body)
    chat = new_chat(call, body.chatPrivacy, body.name or description, project_id)
    chat.metadata = dict(body.metadata)
    begin(call, chat, description, kind, files)
    return shapes.chat_page(call, chat)


def begin(call: Call, chat: Chat, text: str, kind: str, files: list[File]) -> None:
    """The first message and a version that is complete at once."""
    generation.add_message(call.store, chat, "user", text, call.now, call.person.id, kind)
    version = Version(call.store.minter.mint("version", LONG), chat.id, call.now, (), call.now)
    version.overlay = {file.name: file for file in files}
    generation.add_version(call.store, chat, version)


def source(body: Way) -> tuple[str, str, list[File]]:
    """A sentence, the message type, and the files."""
    if isinstance(body, InitFromFiles):
        if not body.files:
            raise Refusal(422, "files: at least one file is needed")
        named = [File(f.name, inline(f), f.locked) for f in body.files]
        return f"Started from {len(named)} files", "message", named
    if isinstance(body, InitFromZip):
        unpacked = archives.unzipped(archives.data_url(body.zip.url))
        return "Started from an archive", "message", lock(unpacked, body.lockAllFiles)
    if isinstance(body, InitFromTemplate):
        return "Started from a template", "open-in-v0", lock(imagined(body.templateId), False)
    if isinstance(body, InitFromRepo):
        name = last_part(body.repo.url)
        return f"Cloned {name}", "cloned-repo", lock(imagined(name), body.lockAllFiles)
    name = last_part(body.registry.url)
    return f"Opened {name}", "open-in-v0", lock(imagined(name), body.lockAllFiles)


def inline(file: object) -> str:
    """The content of a given file; addresses must be data URLs."""
    if isinstance(file, RemoteFile):
        return archives.data_url(file.url).decode("utf-8", "replace")
    return str(getattr(file, "content", ""))


def lock(files: list[File], locked: bool) -> list[File]:
    return [File(file.name, file.content, locked) for file in files]


def last_part(url: str) -> str:
    """The name at the end of an address."""
    name = re.sub(r"\.(git|json)$", "", url.rstrip("/").rpartition("/")[2])
    if not name:
        raise Refusal(422, "The address names nothing that can be opened")
    return name


def imagined(name: str) -> list[File]:
    """What a repository or template of that name contains here."""
    subject = re.sub(r"[-_]+", " ", name)
    page = compose((f"{subject} website",))
    return [File(path, text) for path, text in components.project(page).items()]


ROUTES: Routes = {("POST", "/chats/init"): init}
