"""Answers of v0 with every required field and few others."""

from __future__ import annotations

from typing import Any

TIME = "2026-03-01T10:00:00.000Z"


def version(**more: Any) -> dict[str, Any]:
    return {"id": "b_1", "object": "version", "status": "completed", "createdAt": TIME, **more}


def version_detail(**more: Any) -> dict[str, Any]:
    page = {"object": "file", "name": "app/page.tsx", "content": "export", "locked": False}
    return version(files=[page], **more)


def message(**more: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "object": "message",
        "content": "A page",
        "createdAt": TIME,
        "type": "message",
        "role": "user",
        "apiUrl": "https://api.v0.dev/v1/m",
        "authorId": None,
        **more,
    }


def chat(**more: Any) -> dict[str, Any]:
    return {
        "id": "chat_1",
        "object": "chat",
        "shareable": True,
        "privacy": "private",
        "name": "A page",
        "createdAt": TIME,
        "favorite": False,
        "authorId": "user_1",
        "webUrl": "https://v0.app/c",
        "apiUrl": "https://api.v0.dev/v1/c",
        **more,
    }


def chat_detail(**more: Any) -> dict[str, Any]:
    return chat(
        **{
            "url": "https://v0.app/c",
            "messages": [message()],
            "text": "A page",
            "permissions": {"write": True},
            "metadata": {},
            "latestVersion": version_detail(),
            **more,
        }
    )


def project(**more: Any) -> dict[str, Any]:
    return {
        "id": "prj_1",
        "object": "project",
        "name": "Shop",
        "privacy": "team",
        "createdAt": TIME,
        "apiUrl": "https://api.v0.dev/v1/p",
        "webUrl": "https://v0.app/p",
        **more,
    }


def project_detail(**more: Any) -> dict[str, Any]:
    return project(chats=[chat()], **more)


def variable(**more: Any) -> dict[str, Any]:
    return {
        "id": "env_1",
        "object": "environment_variable",
        "key": "TOKEN",
        "value": "hidden",
        "decrypted": True,
        "createdAt": 1772359200000,
        **more,
    }


def deployment(**more: Any) -> dict[str, Any]:
    return {
        "id": "dpl_1",
        "object": "deployment",
        "inspectorUrl": "https://vercel.com/i",
        "chatId": "chat_1",
        "versionId": "b_1",
        "apiUrl": "https://api.v0.dev/v1/d",
        "webUrl": "https://shop.vercel.app",
        **more,
    }


def log_line(**more: Any) -> dict[str, Any]:
    return {
        "id": "log_1",
        "object": "deployment_log",
        "deploymentId": "dpl_1",
        "createdAt": TIME,
        "text": "built",
        "type": "stdout",
        **more,
    }


def account(**more: Any) -> dict[str, Any]:
    return {
        "id": "user_1",
        "object": "user",
        "email": "ada@example.com",
        "avatar": "https://example.com/a.png",
        "createdAt": TIME,
        **more,
    }


def token_billing(**more: Any) -> dict[str, Any]:
    data = {
        "plan": "team",
        "role": "OWNER",
        "billingCycle": {"start": 1772323200000, "end": 1775001600000},
        "balance": {"remaining": 12.34, "total": 30},
        "onDemand": {
            "balance": 5.5,
            "blocks": [
                {"effectiveDate": 1772323200000, "originalBalance": 20, "currentBalance": 5.5}
            ],
        },
    }
    return {"billingType": "token", "data": {**data, **more}}


def plan() -> dict[str, Any]:
    told = token_billing()["data"]
    return {
        "object": "plan",
        "plan": "premium",
        "billingCycle": told["billingCycle"],
        "balance": told["balance"],
    }


def hook(**more: Any) -> dict[str, Any]:
    return {
        "id": "hook_1",
        "object": "hook",
        "name": "Builds",
        "events": ["message.finished"],
        "url": "https://example.com/h",
        **more,
    }


def vercel_project() -> dict[str, Any]:
    return {"id": "prj_1", "object": "vercel_project", "name": "shop"}


def mcp_server(**more: Any) -> dict[str, Any]:
    return {
        "object": "mcp_server",
        "id": "mcp_1",
        "name": "Linear",
        "url": "https://mcp.example.com",
        "enabled": True,
        "auth": {"type": "oauth"},
        "scope": "user",
        "createdAt": TIME,
        **more,
    }


def usage_event(**more: Any) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "usage_event",
        "totalCost": "0.123456",
        "createdAt": TIME,
        **more,
    }


def ai_usage_event(**more: Any) -> dict[str, Any]:
    return {
        "eventId": "evt_1",
        "modelId": "v0-pro",
        "inputTokens": 900,
        "outputTokens": 100,
        "totalTokens": 1000,
        "cacheCreationInputTokens": 0,
        "cacheReadInputTokens": 0,
        "timestamp": TIME,
        "requestId": "req_1",
        "useCase": "chat",
        "chatId": "chat_1",
        "messageId": "msg_1",
        "userId": "user_1",
        "userEmail": "ada@example.com",
        **more,
    }


def user_activity() -> dict[str, Any]:
    row = {
        "id": "user_1",
        "object": "user_activity",
        "user": account(teamV0Role=None),
        "chatCount": 2,
        "messageCount": 9,
        "activeDays": 1,
        "firstActivity": TIME,
        "lastActivity": None,
    }
    meta = {"totalCount": 1, "dateRange": {"start": None, "end": TIME}}
    return listed(row, meta=meta)


def listed(*items: Any, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": list(items), **more}


def deleted(id: str, kind: str) -> dict[str, Any]:
    return {"id": id, "object": kind, "deleted": True}
