"""What only early v1 had, kept for old accounts: uploads, a chat's metadata, and the frame of a
version. None of it is in the published contract; the shapes are those of the first SDK."""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import quote

from v0client.simulator import forms, generation
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import DEPLOYMENT, HASHED, LONG, digest, spell
from v0client.simulator.records import Chat, Upload, Version

LARGEST_UPLOAD = 20_000_000
TOKEN_LIFETIME = 3_600


def upload(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/upload"""
    chat = call.store.own_chat(call.params["chatId"], call.person)
    if len(call.request.body) > LARGEST_UPLOAD:
        raise Refusal(413, "The file is too large")
    file = next((f for f in forms.multipart(call.request) if f.name == "file"), None)
    if file is None or file.file_name is None:
        raise Refusal(422, "file: the multipart field is missing, or it is no file")
    kind = file.content_type or mimetypes.guess_type(file.file_name)[0]
    name = quote(file.file_name.replace("\\", "/").rpartition("/")[2] or "file", safe="")
    address = f"{call.store.minter.mint('upload', HASHED)}/{name}"
    call.store.uploads[address] = Upload(chat.id, file.content, kind or "application/octet-stream")
    return {"url": f"{call.simulator.base_url}/uploads/{address}"}


def metadata(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/metadata"""
    chat = call.store.chat(call.params["chatId"], call.person)
    state = chat.versions[-1].id if chat.versions else chat.id
    commit = f"{digest('commit', state):x}"[:40]
    return {
        "git": {"branch": chat.branch or "main", "commit": commit},
        "deployment": {"id": deployment_id(call, chat, state)},
        "project": project(call, chat),
    }


def deployment_id(call: Call, chat: Chat, state: str) -> str:
    """The newest deployment; before there is one, what serves the preview."""
    for deployment in reversed(call.store.deployments.values()):
        if deployment.chat_id == chat.id:
            return deployment.id
    return "dpl_" + spell(digest("preview", state), DEPLOYMENT)


def project(call: Call, chat: Chat) -> dict[str, str]:
    """The chat's project; a chat without one stands for itself."""
    base = call.simulator.base_url
    if found := call.store.projects.get(chat.project_id or ""):
        return {"id": found.id, "name": found.name, "url": f"{base}/project/{found.id}"}
    return {"id": chat.id, "name": chat.name or "Untitled", "url": f"{base}/chat/{chat.id}"}


def shown(call: Call) -> Version:
    """A version that has a preview, else 404 or 409."""
    chat = call.store.chat(call.params["chatId"], call.person)
    version = call.store.version(chat, call.params["versionId"])
    if generation.status(version, call.now) != "completed":
        raise Refusal(409, "This version has no preview")
    return version


def iframe(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/versions/{versionId}/iframe"""
    version = shown(call)
    address = f"{call.simulator.base_url}/preview/{version.id}"
    return {"id": spell(digest("frame", version.id), HASHED), "object": "iframe", "url": address}


def frame_token(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/versions/{versionId}/frame-token"""
    version = shown(call)
    return {"token": spell(digest("token", version.id, call.now // TOKEN_LIFETIME), LONG)}


ROUTES: Routes = {
    ("POST", "/chats/{chatId}/upload"): upload,
    ("GET", "/chats/{chatId}/metadata"): metadata,
    ("GET", "/chats/{chatId}/versions/{versionId}/iframe"): iframe,
    ("GET", "/chats/{chatId}/versions/{versionId}/frame-token"): frame_token,
}
