"""MCP servers in one vocabulary: the tools of others that v0 may use with a prompt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class McpServerRecord:
    """A server as the key's account has it. `is_connected` says whether somebody has signed in to
    a server with OAuth; None where there is nothing to sign in to, or v0 does not tell."""

    id: str
    name: str
    url: str
    description: str
    is_enabled: bool
    scope: str
    is_connected: bool | None = None


class McpServerVerbs(ABC):
    """What a Remote can tell of MCP servers."""

    @abstractmethod
    def mcp_servers(self) -> list[McpServerRecord]:
        """Those of the account that the key belongs to."""
