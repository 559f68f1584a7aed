"""The v1 generation: one module per area, and its table of addresses."""

from __future__ import annotations

from v0client.simulator.exchange import ERROR_TYPES, Refusal, Routes
from v0client.simulator.v1 import (
    chats,
    deployments,
    early,
    env_vars,
    hooks,
    initialize,
    integrations,
    mcp_servers,
    messages,
    projects,
    reports,
    tasks,
    user,
    versions,
)

ROUTES: Routes = {
    **chats.ROUTES,
    **deployments.ROUTES,
    **early.ROUTES,
    **env_vars.ROUTES,
    **hooks.ROUTES,
    **initialize.ROUTES,
    **integrations.ROUTES,
    **mcp_servers.ROUTES,
    **messages.ROUTES,
    **projects.ROUTES,
    **reports.ROUTES,
    **tasks.ROUTES,
    **user.ROUTES,
    **versions.ROUTES,
}


def error(refusal: Refusal) -> dict[str, dict[str, str]]:
    """How v1 writes an error."""
    kind = ERROR_TYPES.get(refusal.status, "internal_server_error")
    return {"error": {"message": refusal.message, "type": kind}}
