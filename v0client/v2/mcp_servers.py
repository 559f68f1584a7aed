"""MCP servers: tools of others that agents may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required, TypedDict

from pydantic import Field

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Moment, Shape
from v0client.v1 import mcp_servers as v1


class NoAuth(Shape):
    """Everybody may use the server."""

    type: Literal["none"]


class BearerAuth(Shape):
    """A token in the Authorization header."""

    type: Literal["bearer"]
    token: str = Field(repr=False)


class HeaderAuth(Shape):
    """Headers of the server's own choice."""

    type: Literal["custom-headers"]
    headers: dict[str, str] = Field(repr=False)


class OAuthConfig(Shape):
    """How to sign in, as found out or set by hand."""

    authorization_url: str
    token_url: str
    registration_url: str | None = None
    client_id: str
    client_secret: str | None = Field(default=None, repr=False)
    scopes: list[str]
    use_pkce: bool = Field(alias="usePKCE")
    issuer: str | None = None
    resource: str | None = None
    client_id_metadata_document_supported: bool | None = None


class OAuth(Shape):
    """Sign-in with OAuth; `connected` once somebody has signed in, until `expires_at`."""

    type: Literal["oauth"]
    config: OAuthConfig | None = None
    connected: bool = False
    expires_at: Moment | None = None


class OtherAuth(Shape):
    """A kind that is not known yet."""

    type: str


Auth = NoAuth | BearerAuth | HeaderAuth | OAuth | OtherAuth
KnownAuth = Annotated[NoAuth | BearerAuth | HeaderAuth | OAuth, Field(discriminator="type")]
AnyAuth = Annotated[KnownAuth | OtherAuth, Field(union_mode="left_to_right")]


class McpServer(Shape):
    """An MCP server. `scope`: user or team. `auth` holds the credentials themselves."""

    id: str
    name: str
    url: str
    description: str
    created_at: Moment
    updated_at: Moment
    user_id: str
    enabled: bool
    auth: AnyAuth
    scope: str


class McpServerDeleted(Shape):
    """The answer to `delete`."""

    success: bool


class NewOAuthConfig(TypedDict, total=False):
    """How to sign in. PKCE's field has the API's spelling."""

    authorization_url: Required[str]
    token_url: Required[str]
    registration_url: str
    client_id: Required[str]
    client_secret: str
    scopes: Required[Sequence[str]]
    usePKCE: Required[bool]
    issuer: str
    resource: str
    client_id_metadata_document_supported: bool


class NewOAuth(TypedDict, total=False):
    """Sign-in with OAuth; without `config` v0 finds out how."""

    type: Required[Literal["oauth"]]
    config: NewOAuthConfig | OAuthConfig
    connected: bool
    expires_at: str


NewAuth = v1.NoAuth | v1.BearerAuth | v1.HeaderAuth | NewOAuth

McpServerList = list[McpServer]
SERVER = "v2/mcp-servers/{mcp_server_id}"


class McpServers(Resource[M]):
    """`client.v2.mcp_servers`."""

    _name = "v2.mcp_servers"

    @operation
    def list(self) -> Call[McpServerList]:
        """All MCP servers of the person whom the key belongs to."""
        return Call("GET", "v2/mcp-servers", McpServerList)

    @operation
    def create(
        self,
        *,
        name: str,
        url: str,
        description: str | None = None,
        enabled: bool | None = None,
        auth: NewAuth | Auth | None = None,
        scope: str | None = None,
    ) -> Call[McpServer]:
        """A new MCP server; a person has at most 10.

        `name` has 1 to 100 characters, `url` and `description` at most 500. If not given it is
        enabled, without authentication, and for the person (`scope` user, else team).
        """
        body = given(
            name=name, url=url, description=description, enabled=enabled, auth=auth, scope=scope
        )
        return Call("POST", "v2/mcp-servers", McpServer, body=body)

    @operation
    def get(self, mcp_server_id: str) -> Call[McpServer]:
        """One MCP server."""
        return Call("GET", SERVER, McpServer, {"mcp_server_id": mcp_server_id})

    @operation
    def update(
        self,
        mcp_server_id: str,
        *,
        name: str | None = None,
        url: str | None = None,
        description: str | None = None,
        enabled: bool | None = None,
        auth: NewAuth | Auth | None = None,
        scope: str | None = None,
    ) -> Call[McpServer]:
        """Change an MCP server; the limits are those of `create`. `auth` can be that of another."""
        ids = {"mcp_server_id": mcp_server_id}
        body = given(
            name=name, url=url, description=description, enabled=enabled, auth=auth, scope=scope
        )
        return Call("PATCH", SERVER, McpServer, ids, body=body)

    @operation
    def delete(self, mcp_server_id: str) -> Call[McpServerDeleted]:
        """Delete an MCP server for good, and what was signed in with."""
        return Call("DELETE", SERVER, McpServerDeleted, {"mcp_server_id": mcp_server_id})
