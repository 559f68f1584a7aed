"""One case per operation: how it is called, what must be sent, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.client import samples
from v0client import NULL, Listing
from v0client.v1 import chats, deployments, events, messages, projects, rate_limits, user, versions


@dataclass
class Case:
    name: str
    call: Callable[[Any], Any]
    request: str
    answer: Any
    returns: Any
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None


PAGE = {"limit": "60", "offset": "0"}
LAST = {"pagination": {"hasMore": False}}
VERSION = "/v1/chats/c1/versions/b1"
PROMPT = {"message": "A page"}
STREAMED = {**PROMPT, "responseMode": "experimental_stream"}

CHATS = [
    Case(
        "chats.find",
        lambda client: client.v1.chats.find(is_favorite=True, vercel_project_id="p", branch="main"),
        "GET /v1/chats",
        samples.listed(samples.chat()),
        [chats.ChatSummary],
        {"isFavorite": "true", "vercelProjectId": "p", "branch": "main", **PAGE},
    ),
    Case(
        "chats.get_by_id",
        lambda client: client.v1.chats.get_by_id("c1"),
        "GET /v1/chats/c1",
        samples.chat_detail(),
        chats.ChatDetail,
    ),
    Case(
        "chats.init",
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
        "chats.update",
        lambda client: client.v1.chats.update("c1", name="New", metadata={"old": None}),
        "PATCH /v1/chats/c1",
        samples.chat_detail(),
        chats.ChatDetail,
        body={"name": "New", "metadata": {"old": None}},
    ),
    Case(
        "chats.favorite",
        lambda client: client.v1.chats.favorite("c1", is_favorite=False),
        "PUT /v1/chats/c1/favorite",
        {"id": "c1", "object": "chat", "favorited": False},
        chats.Favorited,
        body={"isFavorite": False},
    ),
    Case(
        "chats.fork",
        lambda client: client.v1.chats.fork("c1", version_id="b1", privacy="team"),
        "POST /v1/chats/c1/fork",
        samples.chat_detail(),
        chats.ChatDetail,
        body={"versionId": "b1", "privacy": "team"},
    ),
    Case(
        "chats.delete",
        lambda client: client.v1.chats.delete("c1"),
        "DELETE /v1/chats/c1",
        samples.deleted("c1", "chat"),
        chats.Deleted,
    ),
]

WRITING = [
    Case(
        "chats.create",
        lambda client: client.v1.chats.create(
            message="A page",
            attachments=[{"url": "https://example.com/a.png"}],
            system="Use React",
            chat_privacy="team",
            project_id="p1",
            model_configuration={"model_id": "v0-max", "image_generations": True},
            response_mode="async",
            design_system_id=NULL,
            mcp_server_ids=["m1"],
            skills=[{"type": "memory", "scope": "team", "skill_name": "brand"}],
            metadata={"ticket_id": "7"},
        ),
        "POST /v1/chats",
        samples.chat_detail(),
        chats.ChatDetail,
        body={
            "message": "A page",
            "attachments": [{"url": "https://example.com/a.png"}],
            "system": "Use React",
            "chatPrivacy": "team",
            "projectId": "p1",
            "modelConfiguration": {"modelId": "v0-max", "imageGenerations": True},
            "responseMode": "async",
            "designSystemId": None,
            "mcpServerIds": ["m1"],
            "skills": [{"type": "memory", "scope": "team", "skillName": "brand"}],
            "metadata": {"ticket_id": "7"},
        },
    ),
    Case(
        "chats.create_stream",
        lambda client: client.v1.chats.create_stream(message="A page"),
        "POST /v1/chats",
        samples.chat_detail(),
        [events.StreamEvent],
        body=STREAMED,
    ),
    Case(
        "chats.send_message",
        lambda client: client.v1.chats.send_message(
            "c1", message="A page", action={"type": "fix-with-v0"}
        ),
        "POST /v1/chats/c1/messages",
        samples.chat_detail(),
        chats.ChatDetail,
        body={**PROMPT, "action": {"type": "fix-with-v0"}},
    ),
    Case(
        "chats.send_message_stream",
        lambda client: client.v1.chats.send_message_stream("c1", message="A page"),
        "POST /v1/chats/c1/messages",
        samples.chat_detail(),
        [events.StreamEvent],
        body=STREAMED,
    ),
    Case(
        "chats.resolve_task",
        lambda client: client.v1.chats.resolve_task(
            "c1",
            task={
                "type": "confirmed-permissions",
                "permissions": [{"toolName": "bash", "input": {"work_dir": "/"}}],
            },
        ),
        "POST /v1/chats/c1/tasks/resolve",
        samples.chat_detail(),
        chats.ChatDetail,
        body={
            "task": {
                "type": "confirmed-permissions",
                "permissions": [{"toolName": "bash", "input": {"work_dir": "/"}}],
            }
        },
    ),
    Case(
        "chats.resolve_task_stream",
        lambda client: client.v1.chats.resolve_task_stream(
            "c1", task={"type": "answered-questions", "answers": [{"question_id": "q"}]}
        ),
        "POST /v1/chats/c1/tasks/resolve",
        samples.chat_detail(),
        [events.StreamEvent],
        body={
            "task": {"type": "answered-questions", "answers": [{"questionId": "q"}]},
            "responseMode": "experimental_stream",
        },
    ),
]

MESSAGES = [
    Case(
        "chats.find_messages",
        lambda client: client.v1.chats.find_messages("c1", limit=150),
        "GET /v1/chats/c1/messages",
        samples.listed(samples.message(), **LAST),
        [messages.MessageSummary],
        {"limit": "150"},
    ),
    Case(
        "chats.get_message",
        lambda client: client.v1.chats.get_message("c1", "m1"),
        "GET /v1/chats/c1/messages/m1",
        samples.message(chatId="c1"),
        messages.MessageDetail,
    ),
    Case(
        "chats.resume",
        lambda client: client.v1.chats.resume("c1", "m1"),
        "POST /v1/chats/c1/messages/m1/resume",
        samples.chat_detail(),
        [events.StreamEvent],
    ),
    Case(
        "chats.stop",
        lambda client: client.v1.chats.stop("c1", "m1"),
        "POST /v1/chats/c1/messages/m1/stop",
        {"success": True},
        messages.Stopped,
    ),
]

VERSIONS = [
    Case(
        "chats.find_versions",
        lambda client: client.v1.chats.find_versions("c1", cursor="YQ=="),
        "GET /v1/chats/c1/versions",
        samples.listed(samples.version(), meta={"totalCount": 1}, **LAST),
        [versions.VersionSummary],
        {"cursor": "YQ=="},
    ),
    Case(
        "chats.get_version",
        lambda client: client.v1.chats.get_version("c1", "b1", include_default_files=True),
        f"GET {VERSION}",
        samples.version_detail(),
        versions.VersionDetail,
        {"includeDefaultFiles": "true"},
    ),
    Case(
        "chats.update_version",
        lambda client: client.v1.chats.update_version(
            "c1", "b1", files=[{"name": "a.ts", "content": "", "locked": False}]
        ),
        f"PATCH {VERSION}",
        samples.version_detail(),
        versions.VersionDetail,
        body={"files": [{"name": "a.ts", "content": "", "locked": False}]},
    ),
    Case(
        "chats.delete_version_files",
        lambda client: client.v1.chats.delete_version_files("c1", "b1", file_paths=["a.ts"]),
        f"POST {VERSION}/files/delete",
        samples.version_detail(),
        versions.VersionDetail,
        body={"filePaths": ["a.ts"]},
    ),
    Case(
        "chats.restore",
        lambda client: client.v1.chats.restore("c1", "b1"),
        f"POST {VERSION}/restore",
        samples.version_detail(),
        versions.VersionDetail,
    ),
    Case(
        "chats.download_version",
        lambda client: client.v1.chats.download_version(
            "c1", "b1", format="tarball", include_default_files=False
        ),
        f"GET {VERSION}/download",
        {},
        bytes,
        {"format": "tarball", "includeDefaultFiles": "false"},
    ),
]

VARIABLES = Listing[projects.EnvironmentVariable]
PROJECTS = [
    Case(
        "projects.find",
        lambda client: client.v1.projects.find(),
        "GET /v1/projects",
        samples.listed(samples.project()),
        Listing[projects.ProjectSummary],
    ),
    Case(
        "projects.create",
        lambda client: client.v1.projects.create(
            name="Shop", environment_variables=[{"key": "a_b", "value": "c_d"}], privacy="team"
        ),
        "POST /v1/projects",
        samples.project_detail(),
        projects.ProjectDetail,
        body={
            "name": "Shop",
            "environmentVariables": [{"key": "a_b", "value": "c_d"}],
            "privacy": "team",
        },
    ),
    Case(
        "projects.get_by_id",
        lambda client: client.v1.projects.get_by_id("p1"),
        "GET /v1/projects/p1",
        samples.project_detail(),
        projects.ProjectDetail,
    ),
    Case(
        "projects.get_by_chat_id",
        lambda client: client.v1.projects.get_by_chat_id("c1"),
        "GET /v1/chats/c1/project",
        samples.project_detail(),
        projects.ProjectDetail,
    ),
    Case(
        "projects.update",
        lambda client: client.v1.projects.update("p1", description="", instructions="Be brief"),
        "PATCH /v1/projects/p1",
        samples.project_detail(),
        projects.ProjectDetail,
        body={"description": "", "instructions": "Be brief"},
    ),
    Case(
        "projects.delete",
        lambda client: client.v1.projects.delete("p1", delete_all_chats=True),
        "DELETE /v1/projects/p1",
        samples.deleted("p1", "project"),
        projects.Deleted,
        {"deleteAllChats": "true"},
    ),
    Case(
        "projects.assign",
        lambda client: client.v1.projects.assign("p1", chat_id="c1"),
        "POST /v1/projects/p1/assign",
        {"object": "project", "id": "p1", "assigned": True},
        projects.Assigned,
        body={"chatId": "c1"},
    ),
    Case(
        "projects.find_env_vars",
        lambda client: client.v1.projects.find_env_vars("p1", decrypted=True),
        "GET /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        {"decrypted": "true"},
    ),
    Case(
        "projects.get_env_var",
        lambda client: client.v1.projects.get_env_var("p1", "e1"),
        "GET /v1/projects/p1/env-vars/e1",
        {"object": "environment_variable", "data": samples.variable()},
        projects.EnvironmentVariableAnswer,
    ),
    Case(
        "projects.create_env_vars",
        lambda client: client.v1.projects.create_env_vars(
            "p1", environment_variables=[{"key": "A", "value": "b"}], upsert=True, decrypted=False
        ),
        "POST /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        {"decrypted": "false"},
        {"environmentVariables": [{"key": "A", "value": "b"}], "upsert": True},
    ),
    Case(
        "projects.update_env_vars",
        lambda client: client.v1.projects.update_env_vars(
            "p1", environment_variables=[{"id": "e1", "value": "b"}]
        ),
        "PATCH /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        body={"environmentVariables": [{"id": "e1", "value": "b"}]},
    ),
    Case(
        "projects.delete_env_vars",
        lambda client: client.v1.projects.delete_env_vars("p1", environment_variable_ids=["e1"]),
        "POST /v1/projects/p1/env-vars/delete",
        samples.listed(samples.deleted("e1", "environment_variable")),
        Listing[projects.Deleted],
        body={"environmentVariableIds": ["e1"]},
    ),
]

OF_VERSION = {"chatId": "c1", "versionId": "b1", "projectId": "p1"}
DEPLOYMENTS = [
    Case(
        "deployments.find",
        lambda client: client.v1.deployments.find("c1", "b1", project_id="p1"),
        "GET /v1/deployments",
        samples.listed(samples.deployment()),
        Listing[deployments.Deployment],
        OF_VERSION,
    ),
    Case(
        "deployments.create",
        lambda client: client.v1.deployments.create("c1", "b1", project_id="p1"),
        "POST /v1/deployments",
        samples.deployment(),
        deployments.Deployment,
        body=OF_VERSION,
    ),
    Case(
        "deployments.get_by_id",
        lambda client: client.v1.deployments.get_by_id("d1"),
        "GET /v1/deployments/d1",
        samples.deployment(),
        deployments.Deployment,
    ),
    Case(
        "deployments.delete",
        lambda client: client.v1.deployments.delete("d1"),
        "DELETE /v1/deployments/d1",
        samples.deleted("d1", "deployment"),
        deployments.Deleted,
    ),
    Case(
        "deployments.find_logs",
        lambda client: client.v1.deployments.find_logs("d1", since=1772359200),
        "GET /v1/deployments/d1/logs",
        {"object": "list", "logs": [samples.log_line()], "nextSince": 1772359260},
        deployments.Logs,
        {"since": "1772359200"},
    ),
    Case(
        "deployments.find_errors",
        lambda client: client.v1.deployments.find_errors("d1"),
        "GET /v1/deployments/d1/errors",
        {"errorType": "build", "fullErrorText": "no such module"},
        deployments.Failure,
    ),
]

ACCOUNT = [
    Case(
        "user.get",
        lambda client: client.v1.user.get(),
        "GET /v1/user",
        samples.account(),
        user.Account,
    ),
    Case(
        "user.get_billing",
        lambda client: client.v1.user.get_billing(scope="team_1"),
        "GET /v1/user/billing",
        samples.token_billing(),
        user.TokenBilling,
        {"scope": "team_1"},
    ),
    Case(
        "user.get_plan",
        lambda client: client.v1.user.get_plan(),
        "GET /v1/user/plan",
        samples.plan(),
        user.Plan,
    ),
    Case(
        "user.get_scopes",
        lambda client: client.v1.user.get_scopes(),
        "GET /v1/user/scopes",
        samples.listed({"id": "team_1", "object": "scope", "name": "Acme"}),
        Listing[user.Scope],
    ),
    Case(
        "rate_limits.find",
        lambda client: client.v1.rate_limits.find(scope="team_1"),
        "GET /v1/rate-limits",
        {"limit": 1000, "remaining": 998, "reset": 1772359200000},
        rate_limits.RateLimit,
        {"scope": "team_1"},
    ),
]

CASES = [*CHATS, *WRITING, *MESSAGES, *VERSIONS, *PROJECTS, *DEPLOYMENTS, *ACCOUNT]
