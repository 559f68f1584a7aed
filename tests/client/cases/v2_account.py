"""Cases of v2's groups that are not about chats."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.client import v2_samples as samples
from tests.client.cases.case import Case
from v0client import NULL
from v0client.v2 import mcp_servers, organizations, settings, usage, webhooks

START = datetime(2026, 3, 1, tzinfo=UTC)
RANGE = {"start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z", "userId": "u1"}
OAUTH = {
    "authorizationUrl": "https://example.com/authorize",
    "tokenUrl": "https://example.com/token",
    "clientId": "i1",
    "scopes": ["read"],
    "usePKCE": True,
}
TEAM = "/v2/organizations/o1/teams/t1"

MCP_SERVERS = [
    Case(
        "v2.mcp_servers.list",
        lambda client: client.v2.mcp_servers.list(),
        "GET /v2/mcp-servers",
        [samples.mcp_server()],
        [mcp_servers.McpServer],
    ),
    Case(
        "v2.mcp_servers.create",
        lambda client: client.v2.mcp_servers.create(
            name="Linear",
            url="https://mcp.example.com",
            description="Tickets",
            enabled=False,
            auth={"type": "custom-headers", "headers": {"X-Api-Key": "k", "a_b": "c"}},
            scope="team",
        ),
        "POST /v2/mcp-servers",
        samples.mcp_server(auth={"type": "custom-headers", "headers": {"X-Api-Key": "k"}}),
        mcp_servers.McpServer,
        body={
            "name": "Linear",
            "url": "https://mcp.example.com",
            "description": "Tickets",
            "enabled": False,
            "auth": {"type": "custom-headers", "headers": {"X-Api-Key": "k", "a_b": "c"}},
            "scope": "team",
        },
    ),
    Case(
        "v2.mcp_servers.get",
        lambda client: client.v2.mcp_servers.get("s1"),
        "GET /v2/mcp-servers/s1",
        samples.mcp_server(auth={"type": "oauth", "config": OAUTH, "connected": False}),
        mcp_servers.McpServer,
    ),
    Case(
        "v2.mcp_servers.update",
        lambda client: client.v2.mcp_servers.update(
            "s1",
            auth={
                "type": "oauth",
                "config": {
                    "authorization_url": "https://example.com/authorize",
                    "token_url": "https://example.com/token",
                    "client_id": "i1",
                    "scopes": ["read"],
                    "usePKCE": True,
                },
                "connected": False,
            },
        ),
        "PATCH /v2/mcp-servers/s1",
        samples.mcp_server(),
        mcp_servers.McpServer,
        body={"auth": {"type": "oauth", "config": OAUTH, "connected": False}},
    ),
    Case(
        "v2.mcp_servers.delete",
        lambda client: client.v2.mcp_servers.delete("s1"),
        "DELETE /v2/mcp-servers/s1",
        {"success": True},
        mcp_servers.McpServerDeleted,
    ),
]

SETTINGS = [
    Case(
        "v2.settings.get_preview_hosts",
        lambda client: client.v2.settings.get_preview_hosts(),
        "GET /v2/settings/preview-hosts",
        {"hosts": ["*.example.com"]},
        settings.PreviewHosts,
    ),
    Case(
        "v2.settings.set_preview_hosts",
        lambda client: client.v2.settings.set_preview_hosts(hosts=["*.example.com"]),
        "PUT /v2/settings/preview-hosts",
        {"hosts": ["*.example.com"]},
        settings.PreviewHosts,
        body={"hosts": ["*.example.com"]},
    ),
]

USAGE = [
    Case(
        "v2.usage.get_summary",
        lambda client: client.v2.usage.get_summary(
            start=START, end="2026-03-02T00:00:00Z", user_id="u1"
        ),
        "GET /v2/usage/summary",
        samples.usage_summary(),
        usage.UsageSummary,
        RANGE,
    ),
    Case(
        "v2.usage.list_events",
        lambda client: client.v2.usage.list_events(
            start=START,
            end="2026-03-02T00:00:00Z",
            user_id="u1",
            chat_id="c1",
            message_id="m1",
            limit=100,
        ),
        "GET /v2/usage/events",
        samples.usage_events(samples.usage_event(tokens=None)),
        [usage.UsageEvent],
        {**RANGE, "chatId": "c1", "messageId": "m1", "limit": "100"},
    ),
    Case(
        "v2.usage.get_activity",
        lambda client: client.v2.usage.get_activity(
            start=START, end="2026-03-02T00:00:00Z", user_id="u1"
        ),
        "GET /v2/usage/activity",
        samples.usage_activity(),
        usage.UsageActivity,
        RANGE,
    ),
]

WEBHOOKS = [
    Case(
        "v2.webhooks.list",
        lambda client: client.v2.webhooks.list(),
        "GET /v2/hooks",
        [{"id": "h1", "name": "Hook"}],
        [webhooks.WebhookSummary],
    ),
    Case(
        "v2.webhooks.create",
        lambda client: client.v2.webhooks.create(
            name="Hook", events=["chat.created"], url="https://example.com/hook", chat_id=NULL
        ),
        "POST /v2/hooks",
        samples.webhook(),
        webhooks.Webhook,
        body={
            "name": "Hook",
            "events": ["chat.created"],
            "url": "https://example.com/hook",
            "chatId": None,
        },
    ),
    Case(
        "v2.webhooks.get",
        lambda client: client.v2.webhooks.get("h1"),
        "GET /v2/hooks/h1",
        samples.webhook(chatId="c1"),
        webhooks.Webhook,
    ),
    Case(
        "v2.webhooks.update",
        lambda client: client.v2.webhooks.update(
            "h1", name="New", events=["message.finished"], url="https://example.com/new"
        ),
        "PATCH /v2/hooks/h1",
        samples.webhook(),
        webhooks.Webhook,
        body={"name": "New", "events": ["message.finished"], "url": "https://example.com/new"},
    ),
    Case(
        "v2.webhooks.delete",
        lambda client: client.v2.webhooks.delete("h1"),
        "DELETE /v2/hooks/h1",
        {"id": "h1", "deleted": True},
        webhooks.DeletedWebhook,
    ),
]

KEY = {"id": "k1", "name": "Robot", "ownerId": "t1"}
ORGANIZATIONS = [
    Case(
        "v2.organizations.teams.list_api_keys",
        lambda client: client.v2.organizations.teams.list_api_keys("o1", "t1"),
        f"GET {TEAM}/api-keys",
        [{**KEY, "partialKey": "9f3a", "lastUsed": None}],
        [organizations.ApiKey],
    ),
    Case(
        "v2.organizations.teams.create_api_key",
        lambda client: client.v2.organizations.teams.create_api_key("o1", "t1", name="Robot"),
        f"POST {TEAM}/api-keys",
        {**KEY, "apiKey": "secret"},
        organizations.NewApiKey,
        body={"name": "Robot"},
    ),
    Case(
        "v2.organizations.teams.delete_api_key",
        lambda client: client.v2.organizations.teams.delete_api_key("o1", "t1", "k1"),
        f"DELETE {TEAM}/api-keys/k1",
        KEY,
        organizations.DeletedApiKey,
    ),
    Case(
        "v2.organizations.teams.get_spend_limit",
        lambda client: client.v2.organizations.teams.get_spend_limit("o1", "t1"),
        f"GET {TEAM}/spend-limit",
        samples.spend_limit("team", "t1"),
        organizations.SpendLimit,
    ),
    Case(
        "v2.organizations.teams.set_spend_limit",
        lambda client: client.v2.organizations.teams.set_spend_limit("o1", "t1", limit=500),
        f"PUT {TEAM}/spend-limit",
        samples.spend_limit("team", "t1"),
        organizations.SpendLimit,
        body={"limit": 500},
    ),
    Case(
        "v2.organizations.teams.delete_spend_limit",
        lambda client: client.v2.organizations.teams.delete_spend_limit("o1", "t1"),
        f"DELETE {TEAM}/spend-limit",
        {"success": True},
        organizations.SpendLimitDeleted,
    ),
    Case(
        "v2.organizations.get_spend_limit",
        lambda client: client.v2.organizations.get_spend_limit("o1"),
        "GET /v2/organizations/o1/spend-limit",
        samples.spend_limit("organization", "o1"),
        organizations.SpendLimit,
    ),
    Case(
        "v2.organizations.set_spend_limit",
        lambda client: client.v2.organizations.set_spend_limit("o1", limit=500),
        "PUT /v2/organizations/o1/spend-limit",
        samples.spend_limit("organization", "o1"),
        organizations.SpendLimit,
        body={"limit": 500},
    ),
]

CASES = [*MCP_SERVERS, *SETTINGS, *USAGE, *WEBHOOKS, *ORGANIZATIONS]
