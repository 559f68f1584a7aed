"""Cases of `client.v2.chats`."""

from __future__ import annotations

import io

from tests.client import v2_samples as samples
from tests.client.cases.case import Case
from v0client import NULL
from v0client.v2 import chats, events, files, messages, vercel

CHAT = samples.event("chat", **samples.chat())
PROMPT = {"message": "A page"}

READING = [
    Case(
        "v2.chats.list",
        lambda client: client.v2.chats.list(
            limit=100,
            author_id="u1",
            vercel_project_id="p1",
            metadata={"ticket_id": "7", "mood": "calm"},
        ),
        "GET /v2/chats",
        {"chats": [samples.chat()], "cursor": None},
        [chats.Chat],
        {
            "limit": "100",
            "authorId": "u1",
            "vercelProjectId": "p1",
            "metadata[ticket_id]": "7",
            "metadata[mood]": "calm",
        },
    ),
    Case(
        "v2.chats.get",
        lambda client: client.v2.chats.get("c1"),
        "GET /v2/chats/c1",
        samples.chat(title="A page", updatedAt=samples.TIME, vercelProjectId="p1"),
        chats.Chat,
    ),
    Case(
        "v2.chats.update",
        lambda client: client.v2.chats.update("c1", title="New", privacy="team", metadata=NULL),
        "PATCH /v2/chats/c1",
        samples.chat(),
        chats.Chat,
        body={"title": "New", "privacy": "team", "metadata": None},
    ),
    Case(
        "v2.chats.duplicate",
        lambda client: client.v2.chats.duplicate("c1", privacy="team", title="Again"),
        "POST /v2/chats/c1/duplicate",
        samples.chat(),
        chats.Chat,
        body={"privacy": "team", "title": "Again"},
    ),
    Case(
        "v2.chats.delete",
        lambda client: client.v2.chats.delete("c1"),
        "DELETE /v2/chats/c1",
        {"chatId": "c1"},
        chats.DeletedChat,
    ),
]

BEGINNING = [
    Case(
        "v2.chats.create",
        lambda client: client.v2.chats.create(
            message="A page",
            system_prompt="Use React",
            model_configuration={"model_id": "v0-max", "image_generations": True},
            attachments=[{"url": "https://example.com/a.png"}],
            mcp_server_ids=["s1"],
            skills=[{"type": "memory", "scope": "team", "skill_name": "brand"}],
            privacy="team",
            title="Page",
            metadata={"ticket_id": "7"},
        ),
        "POST /v2/chats",
        samples.chat_with_usage(),
        chats.ChatWithUsage,
        body={
            "message": "A page",
            "systemPrompt": "Use React",
            "modelConfiguration": {"modelId": "v0-max", "imageGenerations": True},
            "attachments": [{"url": "https://example.com/a.png"}],
            "mcpServerIds": ["s1"],
            "skills": [{"type": "memory", "scope": "team", "skillName": "brand"}],
            "privacy": "team",
            "title": "Page",
            "metadata": {"ticket_id": "7"},
        },
    ),
    Case(
        "v2.chats.create_stream",
        lambda client: client.v2.chats.create_stream(message="A page"),
        "POST /v2/chats/stream",
        CHAT,
        [events.ChatEvent],
        body=PROMPT,
    ),
    Case(
        "v2.chats.create_async",
        lambda client: client.v2.chats.create_async(message="A page", title="Page"),
        "POST /v2/chats/async",
        {"chatId": "c1", "messageId": "m1"},
        chats.QueuedChat,
        body={**PROMPT, "title": "Page"},
    ),
    Case(
        "v2.chats.resume",
        lambda client: client.v2.chats.resume("c1"),
        "POST /v2/chats/c1/resume",
        CHAT,
        [events.ChatEvent],
    ),
    Case(
        "v2.chats.create_from_files",
        lambda client: client.v2.chats.create_from_files(
            files=[{"name": "app/page.tsx", "content": "export"}], privacy="team"
        ),
        "POST /v2/chats/from-files",
        samples.chat_with_usage(),
        chats.ChatWithUsage,
        body={"files": [{"name": "app/page.tsx", "content": "export"}], "privacy": "team"},
    ),
    Case(
        "v2.chats.create_from_zip",
        lambda client: client.v2.chats.create_from_zip(
            url=io.BytesIO(b"PK"), metadata={"a_key": "kept as it is"}
        ),
        "POST /v2/chats/from-zip",
        samples.chat_with_usage(),
        chats.ChatWithUsage,
        body={
            "url": "data:application/zip;base64,UEs=",
            "metadata": {"a_key": "kept as it is"},
        },
    ),
    Case(
        "v2.chats.create_from_repo",
        lambda client: client.v2.chats.create_from_repo(
            repo={"url": "https://github.com/a/b", "branch": "main"}, title="B"
        ),
        "POST /v2/chats/from-repo",
        samples.chat_with_usage(),
        chats.ChatWithUsage,
        body={"repo": {"url": "https://github.com/a/b", "branch": "main"}, "title": "B"},
    ),
]

FILES = [
    Case(
        "v2.chats.get_files",
        lambda client: client.v2.chats.get_files("c1"),
        "GET /v2/chats/c1/files",
        {"files": [{"path": "app/page.tsx", "content": "export", "encoding": "utf8"}]},
        files.Files,
    ),
    Case(
        "v2.chats.update_files",
        lambda client: client.v2.chats.update_files(
            "c1",
            files=[{"path": "a.ts", "content": "new"}, {"path": "b.ts", "content": None}],
        ),
        "PATCH /v2/chats/c1/files",
        {"messages": [samples.message(role="user", authorId="u1"), samples.message()]},
        messages.RecordedMessages,
        body={"files": [{"path": "a.ts", "content": "new"}, {"path": "b.ts", "content": None}]},
    ),
    Case(
        "v2.chats.restore_message",
        lambda client: client.v2.chats.restore_message("c1", message_id="m1"),
        "POST /v2/chats/c1/restore-message",
        {"messages": [samples.message()]},
        messages.RecordedMessages,
        body={"messageId": "m1"},
    ),
    Case(
        "v2.chats.download_files",
        lambda client: client.v2.chats.download_files("c1"),
        "GET /v2/chats/c1/files/download",
        {},
        bytes,
    ),
]

RUNNING = [
    Case(
        "v2.chats.get_preview",
        lambda client: client.v2.chats.get_preview("c1"),
        "GET /v2/chats/c1/preview",
        {"url": "https://p.example.com", "token": "t", "expiresAt": samples.TIME},
        vercel.Preview,
    ),
    Case(
        "v2.chats.deploy",
        lambda client: client.v2.chats.deploy("c1"),
        "POST /v2/chats/c1/deploy",
        {"deploymentId": "d1", "vercelProjectId": "p1"},
        vercel.Deployment,
    ),
    Case(
        "v2.chats.create_vercel_project",
        lambda client: client.v2.chats.create_vercel_project("c1", name="shop"),
        "POST /v2/chats/c1/vercel-project",
        {"vercelProjectId": "p1"},
        vercel.AttachedProject,
        body={"name": "shop"},
    ),
    Case(
        "v2.chats.get_connect_status",
        lambda client: client.v2.chats.get_connect_status("c1", request_id="r1"),
        "GET /v2/chats/c1/connect/status",
        {"status": "pending", "progress": "Waiting"},
        vercel.ConnectPending,
        {"requestId": "r1"},
    ),
]

CASES = [*READING, *BEGINNING, *FILES, *RUNNING]
