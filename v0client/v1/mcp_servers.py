"""MCP servers: tools of others that v0 may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Deleted, Listing, Moment, Shape


class AuthKind(Shape):
    """How v0 signs in to a server. Known types: none, bearer, custom-headers, oauth. v1 never
    tells tokens and headers."""

    type: str


class McpServer(Shape):
    """An MCP server. `scope`: user or team."""

    id: str
    object: str = "mcp_server"
    name: str
    url: str
    description: str | None = None
    enabled: bool
    auth: AuthKind
    scope: str
    created_at: Moment
    updated_at: Moment | None = None


class OAuthAuthorization(Shape):
    """Where somebody has to sign in, with the address at the provider. `state` is part of it and
    counts for 5 minutes."""

    object: str = "mcp_server_oauth_authorization"
    mcp_server_id: str
    url: str
    state: str
    expires_at: Moment


class NoAuth(TypedDict):
    """Everybody may use the server."""

    type: Required[Literal["none"]]


class BearerAuth(TypedDict):
    """A token of 1 to 1,000 characters in the Authorization header."""

    type: Required[Literal["bearer"]]
    token: Required[str]


class HeaderAuth(TypedDict):
    """Headers of the server's own choice, sent as they are: names of at most 100 characters,
    values of at most 500."""

    type: Required[Literal["custom-headers"]]
    headers: Required[Mapping[str, str]]


class OAuthConfig(TypedDict, total=False):
    """How to sign in. `usePKCE`, True if not given, has the API's spelling.

    `issuer` protects against mix-ups; `resource` is RFC 8707's, usually the server's address.
    """

    authorization_url: Required[str]
    token_url: Required[str]
    registration_url: str
    client_id: Required[str]
    client_secret: str
    scopes: Sequence[str]
    usePKCE: bool
    issuer: str
    resource: str
    client_id_metadata_document_supported: bool


class OAuth(TypedDict):
    """Sign-in with OAuth 2.1; `create_oauth_authorization_url` begins it."""

    type: Required[Literal["oauth"]]
    config: Required[OAuthConfig]


Auth = NoAuth | BearerAuth | HeaderAuth | OAuth
SERVER = "v1/mcp-servers/{mcp_server_id}"


class McpServers(Resource[M]):
    """`client.v1.mcp_servers`."""

    _name = "v1.mcp_servers"

    @operation
    def find(self) -> Call[Listing[McpServer]]:
        """All MCP servers of the person whom the key belongs to."""
        return Call("GET", "v1/mcp-servers", Listing[McpServer])

    @operation
    def get_by_id(self, mcp_server_id: str) -> Call[McpServer]:
        """One MCP server."""
        return Call("GET", SERVER, McpServer, {"mcp_server_id": mcp_server_id})

    @operation
    def create(
        self,
        *,
        name: str,
        url: str,
        description: str | None = None,
        enabled: bool | None = None,
        auth: Auth | None = None,
        scope: str | None = None,
    ) -> Call[McpServer]:
        """A new MCP server.

        `name` has 1 to 100 characters, `url` (HTTPS) and `description` at most 500. If not given
        it is enabled, without authentication, and for the person (`scope` user, else team).
        """
        body = given(
            name=name, url=url, description=description, enabled=enabled, auth=auth, scope=scope
        )
        return Call("POST", "v1/mcp-servers", McpServer, body=body)

    @operation
    def update(
        self,
        mcp_server_id: str,
        *,
        name: str | None = None,
        url: str | None = None,
        description: str | None = None,
        enabled: bool | None = None,
        auth: Auth | None = None,
        scope: str | None = None,
    ) -> Call[McpServer]:
        """Change an MCP server; the limits are those of `create`."""
        ids = {"mcp_server_id": mcp_server_id}
        body = given(
            name=name, url=url, description=description, enabled=enabled, auth=auth, scope=scope
        )
        return Call("PATCH", SERVER, McpServer, ids, body=body)

    @operation
    def delete(self, mcp_server_id: str) -> Call[Deleted]:
        """Delete an MCP server for good, and what was signed in with."""
        return Call("DELETE", SERVER, Deleted, {"mcp_server_id": mcp_server_id})

    @operation
    def create_oauth_authorization_url(
        self, mcp_server_id: str, *, return_url: str
    ) -> Call[OAuthAuthorization]:
        """Begin the sign-in to a server with OAuth: send somebody to the answer's `url`.

        v0 keeps what comes of it, and sends them on to `return_url` (absolute, HTTPS).
        """
        ids, body = {"mcp_server_id": mcp_server_id}, {"return_url": return_url}
        return Call("POST", f"{SERVER}/oauth/authorize", OAuthAuthorization, ids, body=body)
