"""Versions of v1: list, read, edit files, download, restore."""

from __future__ import annotations

from typing import Any

from v0client.simulator import archives, generation, writer
from v0client.simulator.exchange import Call, Refusal, Response, Routes
from v0client.simulator.identity import LONG
from v0client.simulator.records import Chat, File, Version
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.bodies import read
from v0client.simulator.v1.chat_bodies import DeleteFiles, UpdateFiles
from v0client.simulator.v1.paging import page

FLAGS = ("true", "false")


def find(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/versions"""
    chat = call.store.chat(call.params["chatId"], call.person)
    rows, pagination = page(call, chat.versions, lambda v: v.id)
    return {
        "object": "list",
        "data": [shapes.version_summary(call, row) for row in rows],
        "pagination": pagination,
        "meta": {"totalCount": len(chat.versions)},
    }


def get(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/versions/{versionId}"""
    chat = call.store.chat(call.params["chatId"], call.person)
    version = call.store.version(chat, call.params["versionId"])
    defaults = call.choice("includeDefaultFiles", FLAGS, "false") == "true"
    return shapes.version_detail(call, version, defaults=defaults)


def editable(call: Call) -> tuple[Chat, Version]:
    """A finished version in a chat that the caller may change."""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    version = call.store.version(chat, call.params["versionId"])
    if generation.status(version, call.now) == "pending":
        raise Refusal(409, "This version is still being generated")
    return chat, version


def changed(call: Call, chat: Chat, version: Version) -> dict[str, Any]:
    """Notes the change and gives the version back."""
    version.updated_at = call.now
    call.store.touch(chat, call.now)
    return shapes.version_detail(call, version)


def update(call: Call) -> dict[str, Any]:
    """PATCH /chats/{chatId}/versions/{versionId}"""
    chat, version = editable(call)
    body = read(call, UpdateFiles)
    overlay = version.overlay if version.overlay is not None else {}
    for file in body.files:
        overlay[file.name] = File(file.name, file.content, file.locked)
    version.overlay = overlay
    return changed(call, chat, version)


def delete_files(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/versions/{versionId}/files/delete: makes a new version."""
    chat, version = editable(call)
    paths = read(call, DeleteFiles).filePaths
    present = {file.name for file in writer.files(version)}
    if missing := [path for path in paths if path not in present]:
        raise Refusal(404, f"File not found: {missing[0]}")
    fresh = successor(call, chat, version, f"Deleted {', '.join(paths)}", "deleted-file")
    fresh.overlay = {**(fresh.overlay or {}), **dict.fromkeys(paths)}
    return shapes.version_detail(call, fresh)


def successor(call: Call, chat: Chat, version: Version, text: str, kind: str) -> Version:
    """A new version with the files of this one, and the message that tells of it."""
    generation.add_message(call.store, chat, "user", text, call.now, call.person.id, kind)
    fresh = Version(
        call.store.minter.mint("version", LONG), chat.id, call.now, version.prompts, call.now
    )
    fresh.overlay = dict(version.overlay) if version.overlay is not None else None
    generation.add_version(call.store, chat, fresh)
    call.store.touch(chat, call.now)
    return fresh


def restore(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/versions/{versionId}/restore"""
    chat, version = editable(call)
    if generation.running(chat, call.now):
        raise Refusal(409, "A message of this chat is still being generated")
    text = f"Restored version {version.id}"
    return shapes.version_detail(call, successor(call, chat, version, text, "reverted-block"))


def download(call: Call) -> Response:
    """GET /chats/{chatId}/versions/{versionId}/download"""
    chat = call.store.chat(call.params["chatId"], call.person)
    version = call.store.version(chat, call.params["versionId"])
    kind = call.choice("format", ("zip", "tarball"), "zip")
    defaults = call.choice("includeDefaultFiles", FLAGS, "false") == "true"
    if generation.status(version, call.now) != "completed":
        raise Refusal(409, "This version has no files to download")
    packed = archives.zipped if kind == "zip" else archives.tarred
    suffix, content_type = (
        ("zip", "application/zip") if kind == "zip" else ("tar.gz", "application/gzip")
    )
    name = f'attachment; filename="{version.id}.{suffix}"'
    body = packed(writer.files(version, defaults=defaults), version.created_at)
    return Response(body=body, content_type=content_type, headers={"content-disposition": name})


ROUTES: Routes = {
    ("GET", "/chats/{chatId}/versions"): find,
    ("GET", "/chats/{chatId}/versions/{versionId}"): get,
    ("PATCH", "/chats/{chatId}/versions/{versionId}"): update,
    ("GET", "/chats/{chatId}/versions/{versionId}/download"): download,
    ("POST", "/chats/{chatId}/versions/{versionId}/files/delete"): delete_files,
    ("POST", "/chats/{chatId}/versions/{versionId}/restore"): restore,
}
