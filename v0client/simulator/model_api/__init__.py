"""The Model API: one address, which answers as OpenAI's chat completions do."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Refusal, Routes
from v0client.simulator.model_api import completions

HOME = "/v1/chat/completions"
ROUTES: Routes = completions.ROUTES

TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


def error(refusal: Refusal) -> dict[str, Any]:
    """How the Model API writes an error."""
    usual = "server_error" if refusal.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": refusal.message,
            "type": TYPES.get(refusal.status, usual),
            "param": refusal.param,
            "code": refusal.code or CODES.get(refusal.status),
        }
    }
