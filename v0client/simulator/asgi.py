"""The simulator as an ASGI application: reads requests, sends answers, cuts and resets them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from v0client.simulator.exchange import Request, Response

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Servers that can drop a connection put functions there; see server.py.
EXTENSION = "v0.simulator"
# Seconds.
WATCH_EVERY = 0.2


class Application:
    """The ASGI callable of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            raise ValueError(f"cannot speak {scope['type']}")
        response = await self.simulator.answer_async(await read(scope, receive))
        await self._deliver(response, scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """From the server's start to its end, somebody looks at the clock."""
        watching = asyncio.create_task(self._watch())
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        watching.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        """Hooks hear of ended answers although nobody asks."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            if self.simulator.store.hooks:
                self.simulator.catch_up()

    async def _deliver(self, response: Response, scope: Scope, send: Send) -> None:
        clock = self.simulator.clock
        extension = scope.get("extensions", {}).get(EXTENSION, {})
        if response.due:
            await clock.wait_async(response.due)
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.reset:
            extension.get("abort", _unsupported)()
            return
        if response.later is not None:
            headers = response.headers
            response = response.later()
            response.headers.update(headers)
        headers_sent = [(n.lower().encode(), v.encode()) for n, v in response.header_list()]
        start = {"type": "http.response.start", "status": response.status, "headers": headers_sent}
        await send(start)
        for due, piece in response.pieces or [(0.0, response.body)]:
            if due:
                await clock.wait_async(due)
            more = response.pieces is not None or response.broken
            await send(body(piece, more=more))
        if response.broken:
            extension.get("close", _unsupported)()
        elif response.pieces is not None:
            await send(body(b"", more=False))


def body(piece: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": piece, "more_body": more}


async def read(scope: Scope, receive: Receive) -> Request:
    """The request with its whole body."""
    chunks = []
    while True:
        event = await receive()
        chunks.append(event.get("body", b""))
        if not event.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
        query_string=scope["query_string"].decode("latin-1"),
        headers={n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]},
        body=b"".join(chunks),
    )


def _unsupported() -> None:
    raise RuntimeError("this server cannot drop connections; start it with simulator.server")
