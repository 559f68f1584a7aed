"""One question of a browser to the preview origin, as a request or as a WebSocket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from dashboard.labels import Label
from dashboard.previews import notices
from dashboard.previews.headers import Places
from v0client.http import URL

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Answers that may be v0's and not the preview's own: it runs elsewhere now, or starts anew.
AWAY = (502, 503, 504)
REFRESH = "x-v0-preview-refresh"


class Starting(Exception):
    """The preview is not there yet."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for the preview behind a label. `here` is the origin that the browser asks."""

    label: Label
    here: str
    scope: Scope
    receive: Receive
    send: Send

    @property
    def is_socket(self) -> bool:
        return bool(self.scope["type"] == "websocket")

    @property
    def has_body(self) -> bool:
        names = {name for name, _ in self.scope["headers"]}
        return not names.isdisjoint((b"content-length", b"transfer-encoding"))

    def target(self, places: Places) -> URL:
        """The address that is asked: `/` is where the preview runs, all else lies below."""
        path = self.scope["raw_path"].partition(b"?")[0]
        whole = (
            places.there.encode()
            if path == b"/"
            else (places.origin + places.folder).encode() + path
        )
        query = self.scope["query_string"]
        return URL((whole + b"?" + query if query else whole).decode("latin-1"))


async def tell(
    scope: Scope, send: Send, status: int, notice: tuple[str, str], *, passes: bool = False
) -> None:
    """A page of our own, also in place of a WebSocket that does not come about."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    await send({"type": f"{kind}.start", "status": status, "headers": notices.headers()})
    await send({"type": f"{kind}.body", "body": notices.page(*notice, passes=passes)})
