"""Cases of what only early v1 had."""

from __future__ import annotations

import io

from tests.client.cases.case import Case
from v0client.v1 import early

VERSION = "/v1/chats/c1/versions/b1"
CONTENT = b"\x89PNG and so on"

CASES = [
    Case(
        "v1.chats.upload",
        lambda client: client.v1.chats.upload("c1", io.BytesIO(CONTENT), name="shot.png"),
        "POST /v1/chats/c1/upload",
        {"url": "https://example.com/shot.png"},
        early.Uploaded,
        body=CONTENT,
    ),
    Case(
        "v1.chats.get_metadata",
        lambda client: client.v1.chats.get_metadata("c1"),
        "GET /v1/chats/c1/metadata",
        {
            "git": {"branch": "main", "commit": "5f2c"},
            "deployment": {"id": "d1"},
            "project": {"id": "p1", "name": "Shop", "url": "https://v0.app/p"},
        },
        early.ChatMetadata,
    ),
    Case(
        "v1.chats.find_iframe",
        lambda client: client.v1.chats.find_iframe("c1", "b1"),
        f"GET {VERSION}/iframe",
        {"id": "b1", "object": "iframe", "url": "https://example.com/frame"},
        early.Iframe,
    ),
    Case(
        "v1.chats.get_version_frame_token",
        lambda client: client.v1.chats.get_version_frame_token("c1", "b1"),
        f"GET {VERSION}/frame-token",
        {"token": "t"},
        early.FrameToken,
    ),
]
