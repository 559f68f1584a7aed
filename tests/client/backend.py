"""A stand-in for v0 that a test scripts itself, and one way to call both clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from v0client import V0, AsyncV0, http
from v0client.downloads import AsyncDownload, Download
from v0client.paging import AsyncPages, Pages
from v0client.streams import AsyncStream, Stream

KEY = "v0-secret-key-of-a-person"
Handler = Callable[[http.Request], http.Response]

on_both_clients = pytest.mark.parametrize("kind", ["blocking", "asyncio"])


def ask(kind: str, handler: Any, call: Callable[[Any], Any], **options: Any) -> Any:
    """What a call gives on one of the clients: a list for pages and streams, bytes for files.

    `handler` is a function, or a transport such as a simulator's.
    """
    transport = http.MockTransport(handler) if callable(handler) else handler
    if kind == "asyncio":
        return asyncio.run(ask_async(transport, call, options))
    with V0(KEY, transport=transport, **options) as client:
        result = call(client)
        if isinstance(result, Pages):
            return result.all()
        if isinstance(result, Stream):
            with result as events:
                return list(events)
        if isinstance(result, Download):
            with result as file:
                return b"".join(file.chunks())
        return result


async def ask_async(
    transport: http.AsyncBaseTransport, call: Callable[[Any], Any], options: Any
) -> Any:
    async with AsyncV0(KEY, transport=transport, **options) as client:
        result = call(client)
        if isinstance(result, AsyncPages):
            return await result.all()
        if isinstance(result, AsyncStream):
            async with result as events:
                return [event async for event in events]
        if isinstance(result, AsyncDownload):
            async with result as file:
                return b"".join([chunk async for chunk in file.chunks()])
        return await result


class Script:
    """Answers requests one after the other; the last answer repeats. Keeps the requests."""

    def __init__(self, *answers: http.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[http.Request] = []

    def __call__(self, request: http.Request) -> http.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Body(http.SyncByteStream, http.AsyncByteStream):
    """A body in pieces that may break off, and that notices being closed."""

    def __init__(self, pieces: list[bytes], failure: Exception | None = None) -> None:
        self.pieces, self.failure, self.closed = pieces, failure, False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.failure:
            raise self.failure

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def answered(body: Any, status: int = 200, **headers: str) -> http.Response:
    """A JSON answer; an underscore in a header's name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http.Response(status, json=body, headers=named)


def refused(status: int, message: str = "no", kind: str = "", **headers: str) -> http.Response:
    """An error in the shape of v1."""
    return answered({"error": {"message": message, "type": kind}}, status, **headers)


def sent_json(request: http.Request) -> Any:
    """The body of a request, None where it has none."""
    return json.loads(request.content) if request.content else None
