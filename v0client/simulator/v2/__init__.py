"""The v2 generation: one module per area, and its table of addresses."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Refusal, Routes
from v0client.simulator.v2 import chats, messages

ROUTES: Routes = {
    **chats.ROUTES,
    **messages.ROUTES,
}


def error(refusal: Refusal) -> dict[str, Any]:
    """How v2 writes an error."""
    body: dict[str, Any] = {"message": refusal.message}
    if refusal.issues:
        body["issues"] = refusal.issues
    return body
