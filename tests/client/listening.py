"""A server on loopback that an asyncio test scripts byte by byte, and a client of it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.client import samples
from tests.client.backend import KEY
from v0client import AsyncV0

ME = json.dumps(samples.account()).encode()
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def whole(content: bytes = ME, *headers: str, status: str = "200 OK") -> bytes:
    """An answer that says how long it is."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(content)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


async def request(reader: asyncio.StreamReader) -> bytes:
    """The next request, b"" at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return head + await reader.readexactly(int(length or 0))


async def turns() -> None:
    """Lets the event loop go round until what was sent over loopback has arrived."""
    for _ in range(50):
        await asyncio.sleep(0)


class Server:
    """What came to a server: its connections, and their requests."""

    def __init__(self, answers: list[bytes] | bytes, serve: Serve | None) -> None:
        self.answers, self.serve = answers, serve
        self.connections = 0
        self.requests: list[bytes] = []
        self.closed = asyncio.Event()
        self.tasks: list[asyncio.Task[Any]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if task := asyncio.current_task():
            self.tasks.append(task)
        if self.serve is not None:
            await self.serve(reader, writer)
        else:
            while received := await request(reader):
                self.requests.append(received)
                listed = isinstance(self.answers, list)
                writer.write(self.answers.pop(0) if listed else self.answers)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.closed.set()


@asynccontextmanager
async def against(
    answers: list[bytes] | bytes = b"",
    serve: Serve | None = None,
    tls: ssl.SSLContext | None = None,
    **options: Any,
) -> AsyncIterator[tuple[AsyncV0, Server]]:
    """A client of a server on loopback that answers each request with the next of the answers, or
    with the only one, or serves a connection in its own way."""
    server = Server(answers, serve)
    async with await asyncio.start_server(server, "127.0.0.1", 0, ssl=tls) as listening:
        scheme, port = "https" if tls else "http", listening.sockets[0].getsockname()[1]
        options = {"max_retries": 0, "base_url": f"{scheme}://127.0.0.1:{port}", **options}
        try:
            async with AsyncV0(KEY, **options) as client:
                yield client, server
        finally:
            await asyncio.gather(*server.tasks)
