"""The connections of AsyncV0: which are open, which are kept for the next request, which are not.

A whole call takes little more than half the time that it takes over the HTTP library's own.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any
from weakref import WeakSet

from v0client import http
from v0client.http1 import HTTP1Connection

SHORT = 64 * 1024
NEXT_ADDRESS_AFTER = 0.25  # seconds, where a name has several

Timeouts = dict[str, float | None]
Origin = tuple[str, str, int | None]


def is_short(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether an answer is better read at once than piece by piece."""
    length = next((value for name, value in headers if name.lower() == b"content-length"), b"")
    return length.isdigit() and int(length) <= SHORT


class Body(http.AsyncByteStream):
    """The content of an answer; its connection is free again when this is closed."""

    def __init__(
        self, connection: HTTP1Connection, seconds: float | None, free: Callable[[], None]
    ) -> None:
        self._connection, self._seconds, self._free = connection, seconds, free

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.body(self._seconds)

    async def aclose(self) -> None:
        self._free()
        self._free = lambda: None


class Transport(http.AsyncBaseTransport):
    """Carries requests over at most so many connections at once, and keeps them for a while."""

    def __init__(self, max_connections: int) -> None:
        self._places = asyncio.Semaphore(max_connections)
        self._idle: defaultdict[Origin, list[HTTP1Connection]] = defaultdict(list)
        self._connections: WeakSet[HTTP1Connection] = WeakSet()
        self._closed = False

    @functools.cached_property
    def _ssl(self) -> ssl.SSLContext:
        context: ssl.SSLContext = http.create_ssl_context()
        context.set_alpn_protocols(["http/1.1"])
        return context

    async def handle_async_request(self, request: http.Request) -> http.Response:
        timeouts: Timeouts = request.extensions["timeout"]
        reading = timeouts["read"]
        origin = (request.url.scheme, request.url.raw_host.decode("ascii"), request.url.port)
        await self._take_place(timeouts["pool"])
        connection: HTTP1Connection | None = None
        try:
            connection = self._kept(origin) or await self._connect(origin, timeouts["connect"])
            await connection.send(request, timeouts["write"])
            head = await connection.head(reading)
            headers = head.headers.raw_items()
            content = await connection.whole(reading) if is_short(headers) else None
        except BaseException:
            self._places.release()
            if connection is not None:
                connection.close()
            raise
        free = functools.partial(self._free, origin, connection)
        if content is not None:
            free()
        return http.Response(
            head.status_code,
            headers=headers,
            content=content,
            stream=Body(connection, reading, free) if content is None else None,
            extensions={
                "http_version": b"HTTP/" + head.http_version,
                "reason_phrase": bytes(head.reason),
            },
        )

    async def _take_place(self, seconds: float | None) -> None:
        if not self._places.locked():
            await self._places.acquire()  # does not wait
            return
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise http.PoolTimeout("all connections were busy for too long") from None

    def _kept(self, origin: Origin) -> HTTP1Connection | None:
        """The idle connection that was used last, if it is still good."""
        while idle := self._idle[origin]:
            connection = idle.pop()
            if connection.ready():
                connection.busy = True
                return connection
            connection.close()
        return None

    async def _connect(self, origin: Origin, seconds: float | None) -> HTTP1Connection:
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        secure = scheme == "https"
        options: dict[str, Any] = {"ssl": self._ssl if secure else None}
        if isinstance(loop, asyncio.BaseEventLoop):  # uvloop tries one address after the other
            options["happy_eyeballs_delay"] = NEXT_ADDRESS_AFTER
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    HTTP1Connection, host, port or (443 if secure else 80), **options
                )
        except TimeoutError:
            raise http.ConnectTimeout("no connection came about in time") from None
        except (OSError, UnicodeError) as error:
            raise http.ConnectError(str(error)) from error
        self._connections.add(connection)
        if self._closed:
            connection.close()
            raise http.ConnectError("the client was closed")
        return connection

    def _free(self, origin: Origin, connection: HTTP1Connection) -> None:
        self._places.release()
        if connection.rest():
            self._idle[origin].append(connection)
        else:
            connection.close()

    async def aclose(self) -> None:
        self._closed = True
        for connection in self._connections:
            connection.close()
        await asyncio.sleep(0)  # asyncio closes the sockets in its next turn
