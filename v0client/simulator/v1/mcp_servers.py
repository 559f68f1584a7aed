"""MCP servers of v1. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import HASHED, LONG
from v0client.simulator.records import McpServer
from v0client.simulator.v1.bodies import Authorize, CreateMcpServer, Server, UpdateMcpServer, read

HIGHEST_COUNT = 10
TEN_MINUTES = 600


def shape(server: McpServer) -> dict[str, Any]:
    written: dict[str, Any] = {
        "object": "mcp_server",
        "id": server.id,
        "name": server.name,
        "url": server.url,
    }
    if server.description is not None:
        written["description"] = server.description
    written["enabled"] = server.enabled
    written["auth"] = {"type": server.auth}
    written["scope"] = server.scope
    written["createdAt"] = iso(server.created_at)
    if server.updated_at is not None:
        written["updatedAt"] = iso(server.updated_at)
    return written


def visible(call: Call) -> list[McpServer]:
    """One's own servers and the team's."""
    person = call.person
    return [
        server
        for server in call.store.mcp_servers.values()
        if server.person_id == person.id
        or (server.scope == "team" and server.team_id == person.team_id)
    ]


def asked(call: Call) -> McpServer:
    for server in visible(call):
        if server.id == call.params["mcpServerId"]:
            return server
    raise Refusal(404, "MCP server not found")


def add(call: Call, body: Server, auth: BaseModel) -> McpServer:
    """A new server of the caller, who may have ten."""
    person = call.person
    own = [s for s in call.store.mcp_servers.values() if s.person_id == person.id]
    if len(own) >= HIGHEST_COUNT:
        raise Refusal(422, f"At most {HIGHEST_COUNT} MCP servers are allowed")
    credentials = auth.model_dump(exclude_unset=True, exclude_none=True)
    server = McpServer(
        id=call.store.minter.mint("mcp", HASHED, "mcp_"),
        team_id=person.team_id,
        person_id=person.id,
        name=body.name,
        url=body.url,
        enabled=body.enabled,
        auth=credentials.pop("type"),
        scope=body.scope,
        created_at=call.now,
        description=body.description or None,
        credentials=credentials,
    )
    call.store.mcp_servers[server.id] = server
    return server


def change(call: Call, server: McpServer, body: Server, auth: BaseModel) -> None:
    """What the body names; the way to sign in goes as a whole."""
    for name in body.model_fields_set - {"auth"}:
        setattr(server, name, getattr(body, name))
    if "auth" in body.model_fields_set:
        credentials = auth.model_dump(exclude_unset=True, exclude_none=True)
        server.auth, server.credentials = credentials.pop("type"), credentials
    server.updated_at = call.now


def find(call: Call) -> dict[str, Any]:
    """GET /mcp-servers"""
    return {"object": "list", "data": [shape(server) for server in visible(call)]}


def create(call: Call) -> dict[str, Any]:
    """POST /mcp-servers"""
    body = read(call, CreateMcpServer)
    return shape(add(call, body, body.auth))


def get_by_id(call: Call) -> dict[str, Any]:
    """GET /mcp-servers/{mcpServerId}"""
    return shape(asked(call))


def update(call: Call) -> dict[str, Any]:
    """PATCH /mcp-servers/{mcpServerId}"""
    server, body = asked(call), read(call, UpdateMcpServer)
    change(call, server, body, body.auth)
    return shape(server)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /mcp-servers/{mcpServerId}"""
    server = asked(call)
    del call.store.mcp_servers[server.id]
    return {"object": "mcp_server", "id": server.id, "deleted": True}


def authorize(call: Call) -> dict[str, Any]:
    """POST /mcp-servers/{mcpServerId}/oauth/authorize"""
    server = asked(call)
    read(call, Authorize)
    if server.auth != "oauth":
        raise Refusal(422, "This MCP server does not use OAuth")
    state = call.store.minter.mint("oauth", LONG)
    return {
        "object": "mcp_server_oauth_authorization",
        "mcpServerId": server.id,
        "url": f"{call.simulator.base_url}/oauth/authorize?state={state}",
        "state": state,
        "expiresAt": iso(call.now + TEN_MINUTES),
    }


ROUTES: Routes = {
    ("GET", "/mcp-servers"): find,
    ("POST", "/mcp-servers"): create,
    ("GET", "/mcp-servers/{mcpServerId}"): get_by_id,
    ("PATCH", "/mcp-servers/{mcpServerId}"): update,
    ("DELETE", "/mcp-servers/{mcpServerId}"): delete,
    ("POST", "/mcp-servers/{mcpServerId}/oauth/authorize"): authorize,
}
