"""The drivers of both clients: build requests, carry out attempts, hand answers on.

Retry policy, parsing, paging, events and sockets live elsewhere; here is what waits for answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from v0client import http
from v0client.answers import Answer, Hook, connection_error, parse, status_error
from v0client.calls import Call, PagedCall, StreamCall
from v0client.downloads import AsyncDownload, Download
from v0client.errors import V0Error
from v0client.flow import Lost, Send, Wait, attempts
from v0client.keys import Key
from v0client.paging import AsyncPages, Pages
from v0client.streams import AsyncStream, State, Stream

T = TypeVar("T")
S = TypeVar("S", bound=State)

CONNECT_SECONDS = 10.0
SLOW_SECONDS = 900.0  # a prompt in sync mode is answered after minutes
USER_AGENT = "v0client/1.0"


@dataclass(frozen=True, slots=True)
class Options:
    """How a client behaves. The key is not in here: it lives in `Key` alone."""

    base_url: str
    timeout: float
    max_retries: int
    on_answer: Hook | None
    scope: str | None
    max_connections: int


def waiting(seconds: float, *, slow: bool) -> dict[str, float | None]:
    """How long to wait for what, in the HTTP library's form."""
    reading = max(seconds, SLOW_SECONDS) if slow else seconds
    return http.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds), read=reading).as_dict()


@dataclass(slots=True)
class Exchange:
    """One request under way: what the hook needs to know of it."""

    call: Call[Any]
    number: int = 0
    started: float = field(default=0.0)

    def begin(self, number: int) -> None:
        """An attempt starts now."""
        self.number, self.started = number, time.perf_counter()

    def told(self, outcome: http.Response | Lost) -> Answer:
        """What the hook is told of this attempt."""
        if isinstance(outcome, Lost):
            status, headers, reason = 0, http.Headers(), outcome.text
        else:
            status, headers, reason = outcome.status_code, outcome.headers, ""
        return Answer(
            operation=self.call.operation,
            method=self.call.method,
            path=f"/{self.call.path()}",
            status=status,
            headers=headers,
            seconds=time.perf_counter() - self.started,
            attempt=self.number,
            error=reason,
        )


class Base:
    """The part of a driver that needs no I/O."""

    _client: http.Client | http.AsyncClient
    shares = False  # whether the connections are another driver's, which closes them

    def __init__(self, key: Key, options: Options, client: http.Client | http.AsyncClient) -> None:
        self.key = key
        self.options = options
        self._session: str | None = None
        # What requests have in common is made once; a copy of headers shows no key either.
        self._headers = client.headers.copy()
        if options.scope:
            self._headers["x-scope"] = options.scope
        self._timeouts = {slow: waiting(options.timeout, slow=slow) for slow in (False, True)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.options.base_url!r})"

    def scrub(self, text: str) -> str:
        """The text without the key."""
        return self.key.scrub(text)

    def request(self, call: Call[Any], accept: str, opened: ExitStack) -> http.Request:
        """The call as a request, which can be sent as long as its file is `opened`."""
        content = call.content()
        headers = self._headers.copy()
        headers["accept"] = accept
        if content is not None:
            headers["content-type"] = "application/json"
        if self._session:
            headers["x-session-token"] = self._session
        return http.Request(
            call.method,
            f"{self.options.base_url}/{call.target()}",
            content=content,
            files={"file": call.upload.opened(opened)} if call.upload else None,
            headers=headers,
            extensions={"timeout": self._timeouts[call.slow]},
        )

    def steps(
        self, call: Call[Any]
    ) -> Generator[Send | Wait, http.Response | Lost | None, http.Response | Lost]:
        """The retry policy for one call."""
        return attempts(call.method, self.options.max_retries)

    def arrived(self, exchange: Exchange, outcome: http.Response | Lost) -> http.Response | Lost:
        """Tell the hook of an outcome, and keep the session token that v0 may hand out."""
        if not isinstance(outcome, Lost):
            self._session = outcome.headers.get("x-session-token") or self._session
        if self.options.on_answer is not None:
            self.options.on_answer(exchange.told(outcome))
        return outcome

    def settled(self, call: Call[Any], outcome: http.Response | Lost) -> http.Response:
        """A successful response, or the error that the outcome means."""
        if isinstance(outcome, Lost):
            raise self.cut_off(call, outcome)
        if not outcome.is_success:
            raise status_error(call, outcome, self.scrub)
        return outcome

    def cut_off(self, call: Call[Any], lost: Lost) -> V0Error:
        """The error of an exchange that broke off."""
        return connection_error(call, lost)

    def lost(self, error: http.RequestError) -> Lost:
        """What is kept of the HTTP library's error."""
        return http.lost(error, self.key.scrub)


class Connection(Base):
    """The driver of V0."""

    _client: http.Client

    def __init__(self, key: Key, options: Options, client: http.Client) -> None:
        super().__init__(key, options, client)
        self._client = client

    def with_options(self, options: Options) -> Connection:
        """Another driver over the same connections, which stay this one's to close."""
        other = Connection(self.key, options, self._client)
        other.shares = True
        return other

    def send(self, call: Call[T]) -> T:
        """One answer in its declared shape."""
        return parse(call, self.open(call, streamed=False))

    def pages(self, call: PagedCall[T]) -> Pages[T]:
        """A list that is read when it is iterated."""
        return Pages(self, call)

    def stream(self, call: StreamCall[T, S]) -> Stream[T, S]:
        """Events, requested when the `with` block begins."""
        return Stream(self, call)

    def download(self, call: Call[bytes]) -> Download:
        """A file, requested when the `with` block begins."""
        return Download(self, call)

    def open(
        self, call: Call[Any], *, streamed: bool, accept: str = "application/json"
    ) -> http.Response:
        """A successful response, after as many attempts as the policy allows."""
        with ExitStack() as opened:
            request = self.request(call, accept, opened)
            return self.settled(call, self._outcome(call, request, streamed))

    def _outcome(
        self, call: Call[Any], request: http.Request, streamed: bool
    ) -> http.Response | Lost:
        exchange, steps = Exchange(call), self.steps(call)
        step = next(steps)
        while True:
            outcome = None
            if isinstance(step, Send):
                exchange.begin(step.number)
                outcome = self.arrived(exchange, self._attempt(request, streamed))
            else:
                time.sleep(step.seconds)
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                final: http.Response | Lost = end.value
                return final

    def _attempt(self, request: http.Request, streamed: bool) -> http.Response | Lost:
        try:
            response = self._client.send(request, stream=streamed)
            if streamed and not response.is_success:
                try:
                    response.read()
                finally:
                    response.close()
            return response
        except http.RequestError as error:
            return self.lost(error)

    def close(self) -> None:
        """Close all connections, if they are this driver's own."""
        if not self.shares:
            self._client.close()


class AsyncConnection(Base):
    """The driver of AsyncV0."""

    _client: http.AsyncClient

    def __init__(self, key: Key, options: Options, client: http.AsyncClient) -> None:
        super().__init__(key, options, client)
        self._client = client

    def with_options(self, options: Options) -> AsyncConnection:
        """Another driver over the same connections, which stay this one's to close."""
        other = AsyncConnection(self.key, options, self._client)
        other.shares = True
        return other

    async def send(self, call: Call[T]) -> T:
        """One answer in its declared shape."""
        return parse(call, await self.open(call, streamed=False))

    def pages(self, call: PagedCall[T]) -> AsyncPages[T]:
        """A list that is read when it is iterated."""
        return AsyncPages(self, call)

    def stream(self, call: StreamCall[T, S]) -> AsyncStream[T, S]:
        """Events, requested when the `async with` block begins."""
        return AsyncStream(self, call)

    def download(self, call: Call[bytes]) -> AsyncDownload:
        """A file, requested when the `async with` block begins."""
        return AsyncDownload(self, call)

    async def open(
        self, call: Call[Any], *, streamed: bool, accept: str = "application/json"
    ) -> http.Response:
        """A successful response, after as many attempts as the policy allows."""
        with ExitStack() as opened:
            request = self.request(call, accept, opened)
            return self.settled(call, await self._outcome(call, request, streamed))

    async def _outcome(
        self, call: Call[Any], request: http.Request, streamed: bool
    ) -> http.Response | Lost:
        exchange, steps = Exchange(call), self.steps(call)
        step = next(steps)
        while True:
            outcome = None
            if isinstance(step, Send):
                exchange.begin(step.number)
                outcome = self.arrived(exchange, await self._attempt(request, streamed))
            else:
                await asyncio.sleep(step.seconds)
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                final: http.Response | Lost = end.value
                return final

    async def _attempt(self, request: http.Request, streamed: bool) -> http.Response | Lost:
        try:
            response = await self._client.send(request, stream=streamed)
            if streamed and not response.is_success:
                try:
                    await response.aread()
                finally:
                    await response.aclose()
            return response
        except http.RequestError as error:
            return self.lost(error)

    async def close(self) -> None:
        """Close all connections, if they are this driver's own."""
        if not self.shares:
            await self._client.aclose()
