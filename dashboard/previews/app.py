"""The preview origin as an ASGI application: finds out what a host shows, and passes it through.

Bodies go through piece by piece in both directions. WebSockets are not passed on: previews fall
back to reloading, and a request to upgrade is told so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from dashboard import labels
from dashboard.labels import Label
from dashboard.previews import headers, notices
from dashboard.previews.doors import Doors
from dashboard.previews.headers import Headers, Places
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import PreviewRecord
from v0client.http import (
    URL,
    AsyncHTTPTransport,
    Limits,
    ReadError,
    Request,
    RequestError,
    Response,
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Seconds. A preview may be silent for long while it streams.
TIMEOUT = {"connect": 10.0, "read": 300.0, "write": 60.0, "pool": 10.0}
LIMITS = Limits(max_connections=500, max_keepalive_connections=50)
# Answers that may be v0's and not the preview's own: it runs elsewhere now, or starts anew.
AWAY = (502, 503, 504)
REFRESH = "x-v0-preview-refresh"
NOTHING = ("Nothing here", "This address shows previews only. Open one in the dashboard.")
OVER = ("Open for too long", "For safety this page has closed. Reload the preview above.")
STARTING = ("The preview is starting", "v0 is preparing it. This page looks again by itself.")
SILENT = ("No answer", "The preview does not answer. Wait a moment, then reload it.")
NO_PATH = ("Not an address", "The path of an address begins with a slash.")
NO_SOCKETS = ("Not passed on", "Previews here have no WebSockets.")

PASSING = ("busy", "slow", "unreachable", "broken")  # refusals of v0 that time mends

log = structlog.get_logger("dashboard.previews")


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
    def has_body(self) -> bool:
        names = {name for name, _ in self.scope["headers"]}
        return not names.isdisjoint((b"content-length", b"transfer-encoding"))


class Previews:
    """The ASGI callable. It keeps connections to v0's hosts, but no cookies of anybody."""

    def __init__(self, *, seen_for: float = 5.0) -> None:
        self.doors = Doors(seen_for=seen_for)
        self.transport = AsyncHTTPTransport(limits=LIMITS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        given = dict(scope["headers"])
        host = given.get(b"host", b"").decode("latin-1").partition(":")[0].lower()
        name, _, below = host.partition(".")
        label = labels.read(name) if below == own_domain() else None
        if label is None:
            await tell(send, 200 if scope["path"] == "/healthz" else 404, NOTHING)
        elif label.is_over:
            await tell(send, 403, OVER)
        elif not scope["raw_path"].startswith(b"/"):  # it would go on where the host's name ends
            await tell(send, 400, NO_PATH)
        elif given.get(b"upgrade", b"").lower() == b"websocket":
            await tell(send, 501, NO_SOCKETS)
        else:
            here = settings.PREVIEW_ORIGIN.replace("*", name, 1)
            await self.show(Visit(label, here, scope, receive, send))

    async def live(self, receive: Receive, send: Send) -> None:
        """From the server's start to its end; then the connections to v0's hosts are closed."""
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await self.transport.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def show(self, visit: Visit) -> None:
        try:
            answer, places = await self.ask_twice(visit)
        except Starting:
            await tell(visit.send, 503, STARTING, passes=True)
        except Refused as refusal:
            passes = refusal.kind in PASSING
            notice = ("No preview", refusal.sentence)
            await tell(visit.send, 502 if passes else 403, notice, passes=passes)
        except RequestError as error:
            log.warning("a preview did not answer", error=type(error).__name__)
            await tell(visit.send, 502, SILENT)
        else:
            await deliver(visit, answer, headers.told(answer.headers.raw, places))

    async def ask_twice(self, visit: Visit) -> tuple[Response, Places]:
        """The preview's answer; where v0 wants another token first, that to a second question."""
        preview, answer = await self.ask(visit)
        asks_for_token = answer.headers.get(REFRESH) == "1"
        if asks_for_token or answer.status_code in AWAY:
            self.doors.renew(visit.label, preview)
        refused = asks_for_token and answer.status_code in (401, 403)
        if (refused or answer.status_code in AWAY) and not visit.has_body:
            await answer.aclose()
            preview, answer = await self.ask(visit)
        return answer, Places(visit.here, preview.url)

    async def ask(self, visit: Visit) -> tuple[PreviewRecord, Response]:
        """Where the preview runs, and its answer; the answer's body is still to come."""
        preview = await self.doors.open(visit.label)
        if preview is None:
            raise Starting
        places = Places(visit.here, preview.url)
        request = Request(
            visit.scope["method"],
            target(visit.scope, places),
            headers=headers.asked(visit.scope["headers"], places, preview.token),
            content=body(visit.receive) if visit.has_body else None,
            extensions={"timeout": TIMEOUT},
        )
        return preview, await self.transport.handle_async_request(request)


def own_domain() -> str | None:
    """What the hosts of all previews end with."""
    host = urlsplit(settings.PREVIEW_ORIGIN).hostname
    return host.removeprefix("*.") if host else None


def target(scope: Scope, places: Places) -> URL:
    """The address that is asked: `/` is where the preview runs, everything else lies below."""
    path = scope["raw_path"].partition(b"?")[0]
    whole = (
        places.there.encode() if path == b"/" else (places.origin + places.folder).encode() + path
    )
    query = scope["query_string"]
    return URL((whole + b"?" + query if query else whole).decode("latin-1"))


async def body(receive: Receive) -> AsyncIterator[bytes]:
    """What the browser sends."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ReadError("the browser went away")
        yield event.get("body", b"")
        if not event.get("more_body"):
            return


async def deliver(visit: Visit, answer: Response, told: Headers) -> None:
    """Passes the answer on until its end, or until nobody listens any more."""
    relay = asyncio.create_task(pass_on(visit.send, answer, told))
    gone = asyncio.create_task(until_gone(visit.receive))
    try:
        await asyncio.wait((relay, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        relay.cancel()
        gone.cancel()
        await asyncio.gather(relay, gone, return_exceptions=True)
        await answer.aclose()


async def pass_on(send: Send, answer: Response, told: Headers) -> None:
    await send({"type": "http.response.start", "status": answer.status_code, "headers": told})
    try:
        async for piece in answer.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except RequestError as error:
        log.warning("a preview broke off", error=type(error).__name__)
        return  # without an end: the browser learns that something is missing
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def tell(send: Send, status: int, notice: tuple[str, str], *, passes: bool = False) -> None:
    """A page of our own."""
    start = {"type": "http.response.start", "status": status, "headers": notices.headers()}
    await send(start)
    await send({"type": "http.response.body", "body": notices.page(*notice, passes=passes)})
