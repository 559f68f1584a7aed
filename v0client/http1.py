"""One HTTP/1.1 connection as an asyncio protocol: an exchange at a time, read as it comes.

h11 knows the protocol, as it does for the HTTP library.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import h11

from v0client import http

KEPT_SECONDS = 5.0  # servers drop what has been idle for longer
LONGEST_HEAD = 100 * 1024
MOST_UNREAD = 256 * 1024
MOST_UNWRITTEN = 64 * 1024


def expire(waiting: asyncio.Future[None]) -> None:
    """End the wait with a TimeoutError."""
    if not waiting.done():
        waiting.set_exception(TimeoutError())


class HTTP1Connection(asyncio.Protocol):
    """One connection, for one exchange at a time."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.busy = True
        self.idle_since = 0.0
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._open, self._lost, self._full, self._unread = True, False, False, 0
        self._broken: Exception | None = None
        self._waiting: asyncio.Future[None] | None = None

    # ---- what asyncio tells -------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if not self.busy:
            self.close()  # nobody asked for it: whose answer would it be taken for?
            return
        self._http.receive_data(data)
        self._unread += len(data)
        if self._unread > MOST_UNREAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._open = False
        self._http.receive_data(b"")
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._open, self._lost, self._broken = False, True, error
        self._wake()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _change(self, seconds: float | None) -> None:
        """Wait until asyncio tells something; TimeoutError after so many seconds."""
        self._waiting = waiting = self.loop.create_future()
        alarm = None if seconds is None else self.loop.call_later(seconds, expire, waiting)
        try:
            await waiting
        finally:
            self._waiting = None
            if alarm is not None:
                alarm.cancel()

    # ---- one exchange -------------------------------------------------------------------------

    async def send(self, request: http.Request, seconds: float | None) -> None:
        """Send all of the request, unless the server hangs up: it may have answered before."""
        try:
            head = h11.Request(
                method=request.method, target=request.url.raw_path, headers=request.headers.raw
            )
            unwritten = self._http.send(head) or b""
            async for chunk in cast("http.AsyncByteStream", request.stream):
                if chunk:
                    unwritten += self._http.send(h11.Data(data=chunk)) or b""
                if len(unwritten) > MOST_UNWRITTEN:
                    await self._write(unwritten, seconds)
                    unwritten = b""
            await self._write(unwritten + (self._http.send(h11.EndOfMessage()) or b""), seconds)
        except h11.LocalProtocolError as error:
            raise http.LocalProtocolError(str(error)) from error

    async def _write(self, data: bytes, seconds: float | None) -> None:
        if self._open:
            self._transport.write(data)
        try:
            while self._full and self._open:
                await self._change(seconds)
        except TimeoutError:
            raise http.WriteTimeout("the request could not be sent in time") from None

    async def head(self, seconds: float | None) -> h11.Response:
        """The answer's status and headers."""
        while not isinstance(event := await self._event(seconds), h11.Response):
            if isinstance(event, h11.ConnectionClosed):
                raise http.RemoteProtocolError("the server hung up without an answer")
        return event

    async def body(self, seconds: float | None) -> AsyncIterator[bytes]:
        """The answer's content as it comes."""
        while isinstance(event := await self._event(seconds), h11.Data):
            yield bytes(event.data)

    async def whole(self, seconds: float | None) -> bytes:
        """The answer's content, all of it."""
        return b"".join([piece async for piece in self.body(seconds)])

    async def _event(self, seconds: float | None) -> h11.Event:
        """What the server said next; waits as long as the answer's end is missing."""
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise http.RemoteProtocolError(str(error)) from error
            if event is not h11.NEED_DATA:
                return cast("h11.Event", event)
            if not self._open:
                raise http.ReadError(str(self._broken or "the connection was closed"))
            if self._unread > MOST_UNREAD:
                self._transport.resume_reading()
            self._unread = 0
            try:
                await self._change(seconds)
            except TimeoutError:
                raise http.ReadTimeout("no answer came in time") from None

    # ---- between exchanges --------------------------------------------------------------------

    def rest(self) -> bool:
        """End the exchange; whether the connection can serve another one."""
        done = self._http.our_state is h11.DONE is self._http.their_state
        if not (self._open and done) or self._http.trailing_data[0]:
            return False
        self._http.start_next_cycle()
        self.busy, self.idle_since = False, self.loop.time()
        return True

    def ready(self) -> bool:
        """Whether an idle connection can be used here and now; one of another loop cannot."""
        return (
            self._open
            and self.loop is asyncio.get_running_loop()
            and self.loop.time() - self.idle_since < KEPT_SECONDS
        )

    def close(self) -> None:
        """Drop the connection, whatever is under way."""
        self._open = False
        if not self._lost and not self.loop.is_closed():
            self._transport.abort()
