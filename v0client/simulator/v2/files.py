"""The code that a v2 chat is at: read it, download it, edit it by hand."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field

from v0client.simulator import archives, generation, live, writer
from v0client.simulator.exchange import Call, Refusal, Response, Routes
from v0client.simulator.identity import LONG
from v0client.simulator.records import Chat, File, Message, Version
from v0client.simulator.v2 import shapes
from v0client.simulator.v2.bodies import Body, read

Issue = dict[str, str]
# None where the file is deleted.
Contents = dict[str, str | None]


class FileChange(Body):
    path: Annotated[str, Field(min_length=1)]
    content: str | None


class UpdateFiles(Body):
    files: Annotated[list[FileChange], Field(min_length=1)]


def latest(chat: Chat, now: float) -> Version:
    """The version that the chat's code is at, else 409."""
    version = generation.current(chat, now)
    if version is None:
        raise Refusal(409, "This chat has no files yet")
    return version


def idle_chat(call: Call) -> Chat:
    """A chat that the caller may change and that nobody is changing, else 409."""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    if generation.running(chat, call.now):
        raise Refusal(409, "A message of this chat is still being generated")
    return chat


def shape(file: File) -> dict[str, str]:
    if file.binary:
        return {
            "path": file.name,
            "content": file.content.partition(",")[2],
            "encoding": "base64",
        }
    return {"path": file.name, "content": file.content, "encoding": "utf8"}


def get_files(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/files"""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    return {"files": [shape(file) for file in writer.files(latest(chat, call.now))]}


def download(call: Call) -> Response:
    """GET /chats/{chatId}/files/download"""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    version = latest(chat, call.now)
    body = archives.zipped(writer.files(version), version.created_at)
    headers = {"content-disposition": f'attachment; filename="{chat.id}.zip"'}
    return Response(body=body, content_type="application/zip", headers=headers)


def update_files(call: Call) -> dict[str, Any]:
    """PATCH /chats/{chatId}/files"""
    chat, body = idle_chat(call), read(call, UpdateFiles)
    version = live.shown(chat, call.now)
    if version is None:
        raise Refusal(409, "The preview of this chat is not running")
    present = {file.name for file in writer.files(version)}
    changes, issues = examined(body.files, present)
    if issues:
        raise Refusal(422, "Invalid file contents", issues=issues)
    edits: list[dict[str, object]] = []
    for path, content in changes.items():
        operation = "update" if path in present else "create"
        operation = "delete" if content is None else operation
        edits.append({"type": "file-edit", "operation": operation, "path": path})
    overlay = dict(version.overlay or {})
    overlay |= {path: text if text is None else File(path, text) for path, text in changes.items()}
    told = f"Edited {len(edits)} file{'s' * (len(edits) > 1)}"
    return {"messages": record(call, chat, version, overlay, told, "edited-file", tuple(edits))}


def examined(changes: list[FileChange], present: set[str]) -> tuple[Contents, list[Issue]]:
    """The new contents by path, and what is wrong with which field of the request."""
    contents: Contents = {}
    issues = []
    for i, change in enumerate(changes):
        try:
            path = archives.path(change.path)
        except Refusal as refusal:
            issues.append({"path": f"files.{i}.path", "error": refusal.message})
            continue
        if path in contents:
            issues.append({"path": f"files.{i}.path", "error": "The path is given twice"})
        elif change.content is None and path not in present:
            issues.append({"path": f"files.{i}.path", "error": "There is no such file"})
        elif change.content is not None and (wrong := trouble(path, change.content)):
            issues.append({"path": f"files.{i}.content", "error": wrong})
        contents[path] = change.content
    return contents, issues


def trouble(path: str, content: str) -> str:
    """Why this cannot be the content of that file, or nothing."""
    if "\0" in content:
        return "The content is not text"
    if path.rpartition("/")[2] == "package.json":
        try:
            json.loads(content)
        except ValueError:
            return "The content is not valid JSON"
    return ""


def record(
    call: Call,
    chat: Chat,
    source: Version,
    overlay: dict[str, File | None] | None,
    text: str,
    kind: str,
    parts: tuple[dict[str, object], ...] = (),
) -> list[dict[str, Any]]:
    """A new state of the code that nobody had to write, and the two messages that tell of it."""
    fresh = Version(
        call.store.minter.mint("version", LONG), chat.id, call.now, source.prompts, call.now
    )
    fresh.overlay = overlay
    generation.add_version(call.store, chat, fresh)
    add = generation.add_message
    asked = add(call.store, chat, "user", text, call.now, call.person.id, kind)
    told = add(call.store, chat, "assistant", text, call.now, None, kind)
    told.parts, told.version_id = parts, fresh.id
    call.store.touch(chat, call.now)
    messages: list[Message] = [asked, told]
    return [shapes.message(call, message) for message in messages]


ROUTES: Routes = {
    ("GET", "/chats/{chatId}/files"): get_files,
    ("PATCH", "/chats/{chatId}/files"): update_files,
    ("GET", "/chats/{chatId}/files/download"): download,
}
