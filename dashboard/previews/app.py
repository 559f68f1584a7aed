"""The preview origin as an ASGI application: finds out what a host shows, and passes it through.

Bodies go through piece by piece in both directions; WebSockets are in sockets.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from dashboard import labels
from dashboard.previews import headers, sockets
from dashboard.previews.doors import PASSING, Doors
from dashboard.previews.headers import Headers, Places
from dashboard.previews.visits import (
    AWAY,
    REFRESH,
    Receive,
    Scope,
    Send,
    Starting,
    Visit,
    tell,
)
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import PreviewRecord
from v0client.http import (
    AsyncHTTPTransport,
    Limits,
    ReadError,
    Request,
    RequestError,
    Response,
)

# Seconds. A preview may be silent for long while it streams.
TIMEOUT = {"connect": 10.0, "read": 300.0, "write": 60.0, "pool": 10.0}
LIMITS = Limits(max_connections=500, max_keepalive_connections=50)
NOTHING = ("Nothing here", "This address shows previews only. Open one in the dashboard.")
OVER = ("Open for too long", "For safety this page has closed. Reload the preview above.")
STARTING = ("The preview is starting", "v0 is preparing it. This page looks again by itself.")
SILENT = ("No answer", "The preview does not answer. Wait a moment, then reload it.")
NO_PATH = ("Not an address", "The path of an address begins with a slash.")
NO_SOCKET = ("No WebSocket", "The preview has none at this address.")

log = structlog.get_logger("dashboard.previews")


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
            await tell(scope, send, 200 if scope["path"] == "/healthz" else 404, NOTHING)
        elif label.is_over:
            await tell(scope, send, 403, OVER)
        elif not scope["raw_path"].startswith(b"/"):  # it would go on where the host's name ends
            await tell(scope, send, 400, NO_PATH)
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
        """What the preview answers, or in its place why it does not."""
        tell_them = partial(tell, visit.scope, visit.send)
        try:
            if visit.is_socket:
                await sockets.join(visit, self.doors)
            else:
                await self.pass_through(visit)
        except Starting:
            await tell_them(503, STARTING, passes=True)
        except Refused as refusal:
            passes = refusal.kind in PASSING
            notice = ("No preview", refusal.sentence)
            await tell_them(502 if passes else 403, notice, passes=passes)
        except sockets.Declined as answer:
            await tell_them(answer.status if answer.status >= 400 else 502, NO_SOCKET)
        except RequestError as error:
            log.warning("a preview did not answer", error=type(error).__name__)
            await tell_them(502, SILENT)

    async def pass_through(self, visit: Visit) -> None:
        answer, places = await self.ask_twice(visit)
        told = headers.told(answer.headers.raw, places)
        await deliver(visit, answer, told, self.doors.until_closed(visit.label))

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
            visit.target(places),
            headers=headers.asked(visit.scope["headers"], places, preview.token),
            content=body(visit.receive) if visit.has_body else None,
            extensions={"timeout": TIMEOUT},
        )
        return preview, await self.transport.handle_async_request(request)


def own_domain() -> str | None:
    """What the hosts of all previews end with."""
    host = urlsplit(settings.PREVIEW_ORIGIN).hostname
    return host.removeprefix("*.") if host else None


async def body(receive: Receive) -> AsyncIterator[bytes]:
    """What the browser sends."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ReadError("the browser went away")
        yield event.get("body", b"")
        if not event.get("more_body"):
            return


async def deliver(
    visit: Visit, answer: Response, told: Headers, closed: Coroutine[Any, Any, None]
) -> None:
    """Passes the answer on until its end, until nobody listens any more, or until it is `closed` to
    the person. What is cut off so has no end: the browser learns that something is missing."""
    ways = (pass_on(visit.send, answer, told), until_gone(visit.receive), closed)
    tasks = [asyncio.create_task(one) for one in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
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
