"""MCP servers that v0 may use with a prompt: those that the account of a key has in v0.

Nothing is stored: v0 is asked when somebody wants to choose.
"""

from __future__ import annotations

from dashboard import access
from dashboard.actions import acting
from dashboard.models import Chat, Key, Membership
from dashboard.upstream.mcp_servers import McpServerRecord


def for_new_chat(*, member: Membership, key: Key | None) -> list[McpServerRecord]:
    """Those of the key that a new chat would be made with, in the team's generation."""
    access.require(member, "chat-create")
    chosen = acting.usable_keys(member).filter(pk=key.pk).first() if key else None
    return asked(chosen or acting.key_for(member), member.team.generation)


def for_chat(*, member: Membership, chat: Chat) -> list[McpServerRecord]:
    """Those of the key that a further prompt would be sent with."""
    access.require(member, "chat-create")
    acting.see_chat(member, chat)
    return asked(acting.key_for(member, chat, to_write=True), chat.generation)


def asked(key: Key, generation: str) -> list[McpServerRecord]:
    with acting.remote(key) as remote:
        found = remote.of(generation).mcp_servers()
    return sorted(found, key=lambda server: (not server.is_enabled, server.name.lower()))
