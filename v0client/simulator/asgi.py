"""The simulator as an ASGI application: reads requests, sends answers, cuts and resets
them; and the WebSockets of previews."""

from __future__ import annotations

import asyncio
import json
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
# What an address answers to plain requests where there is a WebSocket.
UPGRADE_REQUIRED = 426


class Application:
    """The ASGI callable of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] == "websocket":
            await self._speak(scope, receive, send)
            return
        response = await self.simulator.answer_async(asked(scope, await body_of(receive)))
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

    async def _speak(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket says first how it was opened, then repeats what it hears. “close 4321” has it
        close with that code."""
        await receive()  # the handshake
        request = asked(scope, b"")
        response = await self.simulator.answer_async(request)
        if response.status != UPGRADE_REQUIRED:
            start = {"status": response.status, "headers": encoded(response)}
            await send({"type": "websocket.http.response.start", **start})
            await send({"type": "websocket.http.response.body", "body": response.body})
            return
        subprotocol = next(iter(scope["subprotocols"]), None)
        told = {"path": request.path, "query": request.query_string, "headers": request.headers}
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        await send({"type": "websocket.send", "text": json.dumps(told)})
        while (event := await receive())["type"] == "websocket.receive":
            text = event.get("text") or ""
            if text.startswith("close "):
                await send({"type": "websocket.close", "code": int(text.removeprefix("close "))})
            else:
                await send({**event, "type": "websocket.send"})

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
        start = {"status": response.status, "headers": encoded(response)}
        await send({"type": "http.response.start", **start})
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


def encoded(response: Response) -> list[tuple[bytes, bytes]]:
    """The headers as ASGI has them."""
    return [(name.lower().encode(), value.encode()) for name, value in response.header_list()]


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    chunks = []
    while True:
        event = await receive()
        chunks.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(chunks)


def asked(scope: Scope, content: bytes) -> Request:
    """The request, or the handshake of a WebSocket."""
    return Request(
        method=scope.get("method", "GET"),
        path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
        query_string=scope["query_string"].decode("latin-1"),
        headers={n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]},
        body=content,
    )


def _unsupported() -> None:
    raise RuntimeError("this server cannot drop connections; start it with simulator.server")
