"""Lists over several requests: plans (generators without I/O) and the iterators of both clients.

A plan yields calls and is sent their pages; what it yields as a page goes to the caller.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from v0client.errors import InvalidAnswer, InvalidRequest
from v0client.shapes import Page

if TYPE_CHECKING:
    from v0client.calls import Call, PagedCall
    from v0client.connection import AsyncConnection, Connection

T = TypeVar("T")
R = TypeVar("R")
Steps = Generator["Call[Page[T]] | Page[T]", Page[T] | None, None]

OFFSET_PAGE = 60  # both the default and the maximum of v0's offset lists
OVERLAP = 3
MOST_ROUNDS = 20
MOST_BARREN_PAGES = 50
AHEAD = 4  # `map` begins this many times its concurrency, so that one slow call holds up few


def cursor_pages(call: PagedCall[T]) -> Steps[T]:
    """Follow `pagination.nextCursor`; a page may be empty while more follow."""
    seen: set[Any] = set()
    used: set[str] = set()
    cursor = call.query.get("cursor")
    while True:
        page = cast("Page[T]", (yield replace(call, query={**call.query, "cursor": cursor})))
        yield only_new(page, seen)
        if not page.has_more:
            return
        cursor = page.next_cursor
        if not cursor or cursor in used:
            raise InvalidAnswer(
                "more was announced, but no new cursor was given",
                operation=call.operation,
                field="pagination.nextCursor",
            )
        used.add(cursor)


def offset_pages(call: PagedCall[T]) -> Steps[T]:
    """Read an offset list that may change meanwhile, and miss nothing that is in it throughout.

    The list is ordered by the last change, newest first. A deletion moves what follows up, so
    consecutive pages overlap, and a page that starts with something unknown is preceded by a gap:
    step back. A change moves an item to the front, out of what is still to be read, so a list of
    several pages is read again from its front down to an item that has not moved since.
    """
    seen: set[Any] = set()
    unmoved: set[Any] = set()
    for _ in range(MOST_ROUNDS):
        front, requests = yield from _read_down(call, seen, unmoved)
        if requests == 1:
            return
        unmoved = front
    raise InvalidAnswer("the list changed faster than it can be read", operation=call.operation)


def _read_down(
    call: PagedCall[T], seen: set[Any], unmoved: set[Any]
) -> Generator[Call[Page[T]] | Page[T], Page[T] | None, tuple[set[Any], int]]:
    """Read from the front to the end, or to an unmoved item; the first page's marks, requests."""
    size = int(call.query.get("limit") or OFFSET_PAGE)
    start = offset = int(call.query.get("offset") or 0)
    overlap = min(OVERLAP, max(1, size // 2))
    limit, back = size, size
    passed: set[Any] = set()
    front: set[Any] = set()
    requests = barren = 0
    while barren < MOST_BARREN_PAGES:
        page = cast(
            "Page[T]", (yield replace(call, query={**call.query, "limit": limit, "offset": offset}))
        )
        requests += 1
        ids = [getattr(item, "id", None) for item in page.data]
        if offset > start and (not ids or ids[0] not in passed):
            offset, back = max(start, offset - back), back * 2
            continue
        marks = {mark(item) for item in page.data}
        front = front or marks
        page._more = len(ids) >= limit
        barren = barren + 1 if passed.issuperset(ids) else 0
        passed.update(ids)
        yield only_new(page, seen)
        if not page._more or marks & unmoved:
            return front, requests
        offset, back = offset + len(ids) - overlap, size
        limit = max(size, overlap + 1)
    raise InvalidAnswer("the list repeats itself", operation=call.operation)


def mark(item: Any) -> tuple[Any, Any]:
    """Stays equal as long as an item keeps its place among its unchanged neighbours."""
    return getattr(item, "id", None), getattr(item, "updated_at", None)


def only_new(page: Page[T], seen: set[Any]) -> Page[T]:
    """The page without items whose ids were seen; its ids are added to them."""
    fresh = []
    for item in page.data:
        key = getattr(item, "id", None)
        if key is None or key not in seen:
            fresh.append(item)
            seen.add(key)
    page.data = fresh
    return page


class Pages(Generic[T]):
    """A list that is read while you iterate, page after page. Each `for` starts anew."""

    def __init__(self, connection: Connection, call: PagedCall[T]) -> None:
        self._connection, self._call = connection, call

    def __iter__(self) -> Iterator[T]:
        for page in self.by_page():
            yield from page.data

    def by_page(self) -> Iterator[Page[T]]:
        """The pages, without repeated items."""
        steps = self._call.plan(self._call)
        step = next(steps, None)
        while step is not None:
            if isinstance(step, Page):
                yield step
                step = next(steps, None)
            else:
                step = steps.send(self._connection.send(step))

    def first(self) -> Page[T]:
        """The first page alone, in one request."""
        return next(self.by_page())

    def all(self) -> list[T]:
        """Every item."""
        return list(self)

    def map(self, work: Callable[[T], R], *, concurrency: int = 8) -> Iterator[R]:
        """What `work` makes of every item, in the list's order, several at a time.

        `work` runs on up to `concurrency` threads, while further pages are read on yours. The
        first error ends it all, and nothing new is begun.
        """
        with ThreadPoolExecutor(checked(concurrency)) as threads:
            begun: deque[Future[R]] = deque()
            try:
                for item in self:
                    begun.append(threads.submit(work, item))
                    while begun and (len(begun) >= AHEAD * concurrency or begun[0].done()):
                        yield begun.popleft().result()
                while begun:
                    yield begun.popleft().result()
            finally:
                for waiting in begun:
                    waiting.cancel()


class AsyncPages(Generic[T]):
    """A list that is read while you iterate, page after page. Each `async for` starts anew."""

    def __init__(self, connection: AsyncConnection, call: PagedCall[T]) -> None:
        self._connection, self._call = connection, call

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.by_page():
            for item in page.data:
                yield item

    async def by_page(self) -> AsyncGenerator[Page[T], None]:
        """The pages, without repeated items."""
        steps = self._call.plan(self._call)
        step = next(steps, None)
        while step is not None:
            if isinstance(step, Page):
                yield step
                step = next(steps, None)
            else:
                page: Page[T] = await self._connection.send(step)
                step = steps.send(page)

    async def first(self) -> Page[T]:
        """The first page alone, in one request."""
        # A generator that nobody closes costs the event loop a task.
        async with aclosing(self.by_page()) as pages:
            return await anext(pages)

    async def all(self) -> list[T]:
        """Every item."""
        return [item async for item in self]

    async def map(
        self, work: Callable[[T], Awaitable[R]], *, concurrency: int = 8
    ) -> AsyncGenerator[R, None]:
        """What `work` makes of every item, in the list's order, several at a time.

        Up to `concurrency` calls of `work` run at once, while further pages are read. The first
        error ends it all and cancels what runs.
        """
        places = asyncio.Semaphore(checked(concurrency))

        async def worked(item: T) -> R:
            async with places:
                return await work(item)

        begun: deque[asyncio.Task[R]] = deque()
        try:
            async for item in self:
                begun.append(asyncio.create_task(worked(item)))
                while begun and (len(begun) >= AHEAD * concurrency or begun[0].done()):
                    yield await begun.popleft()
            while begun:
                yield await begun.popleft()
        finally:
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)


def checked(concurrency: int) -> int:
    """A number of calls at once, at least one."""
    if concurrency < 1:
        raise InvalidRequest(f"concurrency must be at least 1, not {concurrency}")
    return concurrency
