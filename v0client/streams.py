"""Streams of events as context managers, for both clients. Their bytes are read by sse.py."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from pydantic import ValidationError

from v0client.errors import InvalidAnswer, InvalidRequest, StreamFailed
from v0client.http import RequestError, Response
from v0client.shapes import adapter
from v0client.sse import EventReader

if TYPE_CHECKING:
    from v0client.calls import StreamCall
    from v0client.connection import AsyncConnection, Connection

T = TypeVar("T")

EVENT_STREAM = "text/event-stream"


class State(Protocol):
    """What events add up to; each generation has its own."""

    @property
    def finished(self) -> bool:
        """Whether the events say that all was told. v1's do not: it sends an end mark."""
        ...

    def add(self, value: Any) -> None:
        """Take in one event, as it came."""
        ...


S = TypeVar("S", bound=State)


class Events(Generic[T, S]):
    """The part of a stream that needs no I/O: from chunks to typed events."""

    state: S
    """All that was told so far."""

    def __init__(self, call: StreamCall[T, S], scrub: Callable[[str], str]) -> None:
        self._call, self._scrub = call, scrub
        self.state = call.state()
        self._reader = EventReader()
        self._count = 0
        self._said_done = False

    @property
    def complete(self) -> bool:
        """Whether the stream came to its end: v1 sends an end mark, v2 a closing event. One that
        did not was cut off, and can be resumed."""
        return self._marked or self.state.finished

    @property
    def _marked(self) -> bool:
        return self._reader.done or self._said_done

    def arrived(self, chunk: bytes | None) -> Iterator[T]:
        """The events that a chunk completes; None is the end of the stream."""
        for value in self._reader.finish() if chunk is None else self._reader.feed(chunk):
            event = self._typed(value)
            self.state.add(value)
            yield event
        if self._reader.broken:
            raise InvalidAnswer(
                "an event of the stream is not JSON", operation=self._call.operation
            )

    def ended(self) -> None:
        """Called at the end: a stream without any event is an error."""
        if not self._count:
            raise StreamFailed("the stream ended before any event", operation=self._call.operation)

    def _typed(self, value: Any) -> T:
        self._refuse_errors(value)
        try:
            event: T = adapter(self._call.returns).validate_python(value)
        except ValidationError:
            raise InvalidAnswer(
                "an event of the stream is not of the declared shape",
                operation=self._call.operation,
            ) from None
        kind = value.get("type") if isinstance(value, dict) else None
        self._said_done = self._said_done or kind == "done"
        self._count += kind not in ("connected", "done")  # these two carry nothing
        return event

    def _refuse_errors(self, value: Any) -> None:
        if not isinstance(value, dict):
            return
        told = value.get("error")
        if told is None:
            if "error" not in (value.get("object"), value.get("type")):
                return
            told = value
        details = told if isinstance(told, dict) else {"message": told}
        raise StreamFailed(
            self._scrub(str(details.get("message") or "v0 reported an error without a reason")),
            operation=self._call.operation,
            code=self._scrub(
                str(details.get("code") or (told is not value and details.get("type")) or "")
            ),
        )

    def unopened(self) -> InvalidRequest:
        """The error of a stream that is read outside its block."""
        return InvalidRequest("open the stream with `with` first", operation=self._call.operation)


class Stream(Events[T, S]):
    """Events while they are written: `with … as events: for event in events: …`."""

    def __init__(self, connection: Connection, call: StreamCall[T, S]) -> None:
        super().__init__(call, connection.scrub)
        self._connection = connection
        self._response: Response | None = None
        self._events: Generator[T, None, None] | None = None

    def __enter__(self) -> Self:
        self._response = self._connection.open(self._call, streamed=True, accept=EVENT_STREAM)
        self._events = self._read(self._response)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        if self._events is None:
            raise self.unopened()
        return next(self._events)

    def _read(self, response: Response) -> Generator[T, None, None]:
        for chunk in self._chunks(response):
            yield from self.arrived(chunk)
            if self._marked:
                break
        yield from self.arrived(None)
        self.ended()

    def _chunks(self, response: Response) -> Iterator[bytes]:
        try:
            yield from response.iter_bytes()
            return
        except RequestError as error:
            failure = self._connection.lost(error)
        raise self._connection.cut_off(self._call, failure)

    def close(self) -> None:
        """Stop listening; what v0 is writing goes on."""
        if self._events is not None:
            self._events.close()
        if self._response is not None:
            self._response.close()


class AsyncStream(Events[T, S]):
    """Events while they are written: `async with … as events: async for event in events: …`."""

    def __init__(self, connection: AsyncConnection, call: StreamCall[T, S]) -> None:
        super().__init__(call, connection.scrub)
        self._connection = connection
        self._response: Response | None = None
        self._events: AsyncGenerator[T, None] | None = None

    async def __aenter__(self) -> Self:
        self._response = await self._connection.open(self._call, streamed=True, accept=EVENT_STREAM)
        self._events = self._read(self._response)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._events is None:
            raise self.unopened()
        return await anext(self._events)

    async def _read(self, response: Response) -> AsyncGenerator[T, None]:
        async with aclosing(self._chunks(response)) as chunks:
            async for chunk in chunks:
                for event in self.arrived(chunk):
                    yield event
                if self._marked:
                    break
        for event in self.arrived(None):
            yield event
        self.ended()

    async def _chunks(self, response: Response) -> AsyncGenerator[bytes, None]:
        try:
            async for chunk in response.aiter_bytes():
                yield chunk
            return
        except RequestError as error:
            failure = self._connection.lost(error)
        raise self._connection.cut_off(self._call, failure)

    async def close(self) -> None:
        """Stop listening; what v0 is writing goes on."""
        if self._events is not None:
            await self._events.aclose()
        if self._response is not None:
            await self._response.aclose()
