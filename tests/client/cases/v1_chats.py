"""Cases of v1's chats as a whole."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client.v1 import chats

PAGE = {"limit": "60", "offset": "0"}

CASES = [
    Case(
        "v1.chats.find",
        lambda client: client.v1.chats.find(is_favorite=True, vercel_project_id="p", branch="main"),
        "GET /v1/chats",
        samples.listed(samples.chat()),
        [chats.ChatSummary],
        {"isFavorite": "true", "vercelProjectId": "p", "branch": "main", **PAGE},
    ),
    Case(
        "v1.chats.get_by_id",
        lambda client: client.v1.chats.get_by_id("c1"),
        "GET /v1/chats/c1",
        samples.chat_detail(),
        chats.ChatDetail,
    ),
    Case(
        "v1.chats.init",
        lambda client: client.v1.chats.init(
            type="repo",
            repo={"url": "https://github.com/a/b", "branch": "main"},
            lock_all_files=True,
            name="B",
            metadata={"a_key": "kept as it is"},
        ),
        "POST /v1/chats/init",
        samples.chat_detail(),
        chats.ChatDetail,
        body={
            "type": "repo",
            "repo": {"url": "https://github.com/a/b", "branch": "main"},
            "lockAllFiles": True,
            "name": "B",
            "metadata": {"a_key": "kept as it is"},
        },
    ),
    Case(
        "v1.chats.update",
        lambda client: client.v1.chats.update("c1", name="New", metadata={"old": None}),
        "PATCH /v1/chats/c1",
        samples.chat_detail(),
        chats.ChatDetail,
        body={"name": "New", "metadata": {"old": None}},
    ),
    Case(
        "v1.chats.favorite",
        lambda client: client.v1.chats.favorite("c1", is_favorite=False),
        "PUT /v1/chats/c1/favorite",
        {"id": "c1", "object": "chat", "favorited": False},
        chats.Favorited,
        body={"isFavorite": False},
    ),
    Case(
        "v1.chats.fork",
        lambda client: client.v1.chats.fork("c1", version_id="b1", privacy="team"),
        "POST /v1/chats/c1/fork",
        samples.chat_detail(),
        chats.ChatDetail,
        body={"versionId": "b1", "privacy": "team"},
    ),
    Case(
        "v1.chats.delete",
        lambda client: client.v1.chats.delete("c1"),
        "DELETE /v1/chats/c1",
        samples.deleted("c1", "chat"),
        chats.Deleted,
    ),
]
