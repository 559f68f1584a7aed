"""MCP servers of v2: the same servers as v1's. Here the way to sign in is given back whole, as the
contract declares, to those who may use the server."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.records import McpServer
from v0client.simulator.v1.bodies import Address, NoAuth, Server, ServerAddress, ServerName
from v0client.simulator.v1.mcp_servers import add, asked, change, visible
from v0client.simulator.v2.bodies import Body, read


class BearerAuth(Body):
    type: Literal["bearer"]
    token: str


class HeaderAuth(Body):
    type: Literal["custom-headers"]
    headers: dict[str, str]


class OAuthConfig(Body):
    authorizationUrl: Address
    tokenUrl: Address
    registrationUrl: Address = "-:-"
    clientId: str
    clientSecret: str = ""
    scopes: list[str]
    usePKCE: bool
    issuer: str = ""
    resource: str = ""
    clientIdMetadataDocumentSupported: bool = False


class OAuth(Body):
    type: Literal["oauth"]
    config: OAuthConfig | None = None
    # Given back by those who send what they read; who is connected is v0's to know.
    connected: bool = Field(default=False, exclude=True)
    expiresAt: str = Field(default="", exclude=True)


Auth = Annotated[NoAuth | BearerAuth | HeaderAuth | OAuth, Field(discriminator="type")]


class CreateMcpServer(Server):
    auth: Auth = NoAuth(type="none")


class UpdateMcpServer(CreateMcpServer):
    name: ServerName = "-"
    url: ServerAddress = "-:-"


def shape(server: McpServer) -> dict[str, Any]:
    return {
        "id": server.id,
        "name": server.name,
        "url": server.url,
        "description": server.description or "",
        "createdAt": iso(server.created_at),
        "updatedAt": iso(server.updated_at or server.created_at),
        "userId": server.person_id,
        "enabled": server.enabled,
        "auth": sign_in(server),
        "scope": server.scope,
    }


def sign_in(server: McpServer) -> dict[str, Any]:
    """The way to sign in; nobody ever grants anything here, so OAuth is never connected."""
    written: dict[str, Any] = {"type": server.auth, **server.credentials}
    if server.auth == "oauth":
        written["connected"] = False
        if "config" in written:
            written["config"] = {"scopes": [], "usePKCE": True, **written["config"]}
    return written


def own(call: Call) -> McpServer:
    """A server that the caller may change: their own, and as the team's owner the team's."""
    server = asked(call)
    if server.person_id != call.person.id and call.person.role != "owner":
        raise Refusal(403, "Only its author or an owner of the team can change this MCP server")
    return server


def find(call: Call) -> Response:
    """GET /mcp-servers"""
    return answer([shape(server) for server in visible(call)])


def create(call: Call) -> dict[str, Any]:
    """POST /mcp-servers"""
    body = read(call, CreateMcpServer)
    return shape(add(call, body, body.auth))


def get_by_id(call: Call) -> dict[str, Any]:
    """GET /mcp-servers/{mcpServerId}"""
    return shape(asked(call))


def update(call: Call) -> dict[str, Any]:
    """PATCH /mcp-servers/{mcpServerId}"""
    server, body = own(call), read(call, UpdateMcpServer)
    change(call, server, body, body.auth)
    return shape(server)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /mcp-servers/{mcpServerId}"""
    del call.store.mcp_servers[own(call).id]
    return {"success": True}


ROUTES: Routes = {
    ("GET", "/mcp-servers"): find,
    ("POST", "/mcp-servers"): create,
    ("GET", "/mcp-servers/{mcpServerId}"): get_by_id,
    ("PATCH", "/mcp-servers/{mcpServerId}"): update,
    ("DELETE", "/mcp-servers/{mcpServerId}"): delete,
}
