"""MCP servers in v2 of the API. The credentials that it tells stay in here."""

from __future__ import annotations

from dashboard.upstream.mcp_servers import McpServerRecord
from dashboard.upstream.remote import Remote
from v0client.v2.mcp_servers import McpServer, OAuth


def record(shape: McpServer) -> McpServerRecord:
    return McpServerRecord(
        shape.id,
        shape.name,
        shape.url,
        shape.description,
        shape.enabled,
        shape.scope,
        shape.auth.connected if isinstance(shape.auth, OAuth) else None,
    )


class McpServersV2(Remote):
    def mcp_servers(self) -> list[McpServerRecord]:
        return [record(one) for one in self.read(self._client.v2.mcp_servers.list)]
