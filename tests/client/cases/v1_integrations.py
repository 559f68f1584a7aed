"""Cases of what v1 is connected with: projects on Vercel, MCP servers."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import Listing
from v0client.v1 import integrations, mcp_servers

SERVER = {"name": "Linear", "url": "https://mcp.example.com"}
OAUTH = {
    "type": "oauth",
    "config": {
        "authorization_url": "https://example.com/authorize",
        "token_url": "https://example.com/token",
        "client_id": "v0",
        "usePKCE": True,
        "client_id_metadata_document_supported": False,
    },
}

CASES = [
    Case(
        "v1.integrations.vercel.projects.find",
        lambda client: client.v1.integrations.vercel.projects.find(),
        "GET /v1/integrations/vercel/projects",
        samples.listed(samples.vercel_project()),
        Listing[integrations.VercelProject],
    ),
    Case(
        "v1.integrations.vercel.projects.create",
        lambda client: client.v1.integrations.vercel.projects.create(project_id="p1", name="shop"),
        "POST /v1/integrations/vercel/projects",
        samples.vercel_project(),
        integrations.VercelProject,
        body={"projectId": "p1", "name": "shop"},
    ),
    Case(
        "v1.mcp_servers.find",
        lambda client: client.v1.mcp_servers.find(),
        "GET /v1/mcp-servers",
        samples.listed(samples.mcp_server()),
        Listing[mcp_servers.McpServer],
    ),
    Case(
        "v1.mcp_servers.get_by_id",
        lambda client: client.v1.mcp_servers.get_by_id("s1"),
        "GET /v1/mcp-servers/s1",
        samples.mcp_server(),
        mcp_servers.McpServer,
    ),
    Case(
        "v1.mcp_servers.create",
        lambda client: client.v1.mcp_servers.create(
            **SERVER, description="Issues", enabled=False, auth=OAUTH, scope="team"
        ),
        "POST /v1/mcp-servers",
        samples.mcp_server(),
        mcp_servers.McpServer,
        body={
            **SERVER,
            "description": "Issues",
            "enabled": False,
            "auth": {
                "type": "oauth",
                "config": {
                    "authorizationUrl": "https://example.com/authorize",
                    "tokenUrl": "https://example.com/token",
                    "clientId": "v0",
                    "usePKCE": True,
                    "clientIdMetadataDocumentSupported": False,
                },
            },
            "scope": "team",
        },
    ),
    Case(
        "v1.mcp_servers.update",
        lambda client: client.v1.mcp_servers.update(
            "s1", auth={"type": "custom-headers", "headers": {"x_api_key": "k"}}
        ),
        "PATCH /v1/mcp-servers/s1",
        samples.mcp_server(),
        mcp_servers.McpServer,
        body={"auth": {"type": "custom-headers", "headers": {"x_api_key": "k"}}},
    ),
    Case(
        "v1.mcp_servers.delete",
        lambda client: client.v1.mcp_servers.delete("s1"),
        "DELETE /v1/mcp-servers/s1",
        samples.deleted("s1", "mcp_server"),
        mcp_servers.Deleted,
    ),
    Case(
        "v1.mcp_servers.create_oauth_authorization_url",
        lambda client: client.v1.mcp_servers.create_oauth_authorization_url(
            "s1", return_url="https://example.com/back"
        ),
        "POST /v1/mcp-servers/s1/oauth/authorize",
        {
            "object": "mcp_server_oauth_authorization",
            "mcpServerId": "s1",
            "url": "https://example.com/authorize?state=x",
            "state": "x",
            "expiresAt": samples.TIME,
        },
        mcp_servers.OAuthAuthorization,
        body={"returnUrl": "https://example.com/back"},
    ),
]
