"""MCP servers in v1 of the API. It does not tell whether somebody has signed in to them."""

from __future__ import annotations

from dashboard.upstream.mcp_servers import McpServerRecord
from dashboard.upstream.remote import Remote
from v0client.v1.mcp_servers import McpServer


def record(shape: McpServer) -> McpServerRecord:
    return McpServerRecord(
        shape.id, shape.name, shape.url, shape.description or "", shape.enabled, shape.scope
    )


class McpServersV1(Remote):
    def mcp_servers(self) -> list[McpServerRecord]:
        return [record(one) for one in self.read(self._client.v1.mcp_servers.find).data]
