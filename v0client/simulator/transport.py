"""The simulator inside the process: a transport for sync and async clients of httpx and httpx2."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Generator, Iterator
from functools import lru_cache
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from v0client.simulator.exchange import Request, Response

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator


class SimulatorTransport:
    """Both protocols in one object; the library is recognised by the request it hands over."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def handle_request(self, request: Any) -> Any:
        """The answer, for a sync client."""
        response = self.simulator.answer(translate(request, request.read()))
        self.simulator.clock.wait(self._departure(response))
        return self._finish(request, response)

    async def handle_async_request(self, request: Any) -> Any:
        """The answer, for an async client."""
        response = await self.simulator.answer_async(translate(request, await request.aread()))
        await self.simulator.clock.wait_async(self._departure(response))
        return self._finish(request, response)

    def _departure(self, response: Response) -> float:
        if not response.delay:
            return response.due
        return max(response.due, self.simulator.clock.now()) + response.delay

    def _finish(self, request: Any, response: Response) -> Any:
        library = sys.modules[type(request).__module__.partition(".")[0]]
        if response.reset:
            raise library.ReadError("Connection reset by peer", request=request)
        if response.later is not None:
            headers = response.headers
            response = response.later()
            response.headers.update(headers)
        stream = body_class(library)(self.simulator, library, response)
        return library.Response(
            response.status,
            headers=response.header_list(),
            stream=stream,
            request=request,
        )

    def close(self) -> None:
        """Nothing is held."""

    async def aclose(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> SimulatorTransport:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> SimulatorTransport:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class _Pieces:
    """A body as it arrives: each piece at its moment, and an error where it is cut."""

    def __init__(self, simulator: Simulator, library: ModuleType, response: Response) -> None:
        self.simulator = simulator
        self.library = library
        self.response = response
        self.pieces = response.pieces or iter([(0.0, response.body)])

    def _end(self) -> None:
        if self.response.broken:
            raise self.library.RemoteProtocolError(
                "peer closed connection without sending complete message body"
            )

    def close(self) -> None:
        """The client has gone: whatever makes the pieces ends here."""
        if isinstance(self.pieces, Generator):
            self.pieces.close()

    async def aclose(self) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        for due, piece in self.pieces:
            self.simulator.clock.wait(due)
            yield piece
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for due, piece in self.pieces:
            await self.simulator.clock.wait_async(due)
            yield piece
        self._end()


@lru_cache
def body_class(library: ModuleType) -> Any:
    """The stream class that this library accepts for both kinds of client."""
    return type("SimulatedBody", (_Pieces, library.SyncByteStream, library.AsyncByteStream), {})


def translate(request: Any, body: bytes) -> Request:
    """The library's request as the simulator's."""
    raw_path: bytes = request.url.raw_path
    path, _, query = raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, body)
