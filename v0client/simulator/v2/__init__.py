"""The v2 generation: one module per area, and its table of addresses."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Refusal, Routes
from v0client.simulator.v2 import (
    activity,
    chats,
    connect,
    copies,
    creation,
    deploy,
    files,
    imports,
    mcp_servers,
    messages,
    organizations,
    preview,
    settings,
    usage,
    webhooks,
)

ROUTES: Routes = {
    **activity.ROUTES,
    **chats.ROUTES,
    **connect.ROUTES,
    **copies.ROUTES,
    **creation.ROUTES,
    **deploy.ROUTES,
    **files.ROUTES,
    **imports.ROUTES,
    **mcp_servers.ROUTES,
    **messages.ROUTES,
    **organizations.ROUTES,
    **preview.ROUTES,
    **settings.ROUTES,
    **usage.ROUTES,
    **webhooks.ROUTES,
}


def error(refusal: Refusal) -> dict[str, Any]:
    """How v2 writes an error."""
    body: dict[str, Any] = {"message": refusal.message}
    if refusal.issues:
        body["issues"] = refusal.issues
    return body
