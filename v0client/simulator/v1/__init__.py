"""The v1 generation: one module per area, and its table of addresses."""

from __future__ import annotations

from v0client.simulator.exchange import ERROR_TYPES, Routes
from v0client.simulator.v1 import chats, messages, projects, user, versions

ROUTES: Routes = {
    **chats.ROUTES,
    **messages.ROUTES,
    **versions.ROUTES,
    **projects.ROUTES,
    **user.ROUTES,
}


def error(status: int, message: str) -> dict[str, dict[str, str]]:
    """How v1 writes an error."""
    kind = ERROR_TYPES.get(status, "internal_server_error")
    return {"error": {"message": message, "type": kind}}
