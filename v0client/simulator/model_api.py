"""The Model API: completions as OpenAI's clients expect them."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Refusal, Routes

HOME = "/v1/chat/completions"
ROUTES: Routes = {}


def error(refusal: Refusal) -> dict[str, Any]:
    """How the Model API writes an error."""
    kind = {401: "authentication_error", 429: "rate_limit_error"}.get(refusal.status)
    kind = kind or ("server_error" if refusal.status >= 500 else "invalid_request_error")
    told = {"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.code}
    return {"error": told}
