"""The three APIs that one v0 serves: where each begins, its addresses, and how it writes errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from v0client.simulator import model_api, v1, v2
from v0client.simulator.exchange import Refusal, Response, answer
from v0client.simulator.routing import Router


@dataclass(frozen=True, slots=True)
class Generation:
    """`prefixes` are what an address begins with; `error` is the body of a refusal; the answers of
    a numbered one have an x-request-id."""

    name: str
    prefixes: tuple[str, ...]
    router: Router
    error: Callable[[Refusal], dict[str, Any]]
    numbered: bool = False

    def path(self, address: str) -> str | None:
        """The rest of an address of this generation, else None."""
        for prefix in self.prefixes:
            if address == prefix or address.startswith(f"{prefix}/"):
                return address.removeprefix(prefix)
        return None

    def refuse(self, refusal: Refusal) -> Response:
        """A refusal in this generation's shape."""
        response = answer(self.error(refusal), refusal.status)
        response.headers.update(refusal.headers)
        return response


V1 = Generation("v1", ("/v1",), Router(v1.ROUTES), v1.error)
V2 = Generation("v2", ("/v2", "/api/v2"), Router(v2.ROUTES), v2.error)
MODEL = Generation("model", ("/v1",), Router(model_api.ROUTES), model_api.error, numbered=True)


def of(address: str) -> Generation | None:
    """Whose address this is; the Model API lives below the same prefix as v1."""
    if address.startswith(model_api.HOME):
        return MODEL
    if V1.path(address) is not None:
        return V1
    return V2 if V2.path(address) is not None else None
