"""Files as context managers, for both clients: in chunks, or saved whole or not at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from v0client.errors import InvalidRequest
from v0client.http import RequestError, Response

if TYPE_CHECKING:
    from v0client.calls import Call
    from v0client.connection import AsyncConnection, Connection

ANY_TYPE = "*/*"


class File:
    """The part of a download that needs no I/O on the network."""

    def __init__(self, call: Call[bytes]) -> None:
        self._call = call
        self._response: Response | None = None

    def _opened(self) -> Response:
        if self._response is None:
            raise InvalidRequest(
                "open the download with `with` first", operation=self._call.operation
            )
        return self._response

    @property
    def content_type(self) -> str:
        """The media type, such as application/zip."""
        kind: str = self._opened().headers.get("content-type", "")
        return kind.partition(";")[0].strip()

    @property
    def size(self) -> int | None:
        """Bytes to come, where v0 says so."""
        length = self._opened().headers.get("content-length", "")
        return int(length) if length.isdigit() else None


def partial(path: Path) -> Path:
    """Where a file is written until it is whole."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


class Download(File):
    """A file: `with … as file: file.save(path)`."""

    def __init__(self, connection: Connection, call: Call[bytes]) -> None:
        super().__init__(call)
        self._connection = connection

    def __enter__(self) -> Self:
        self._response = self._connection.open(self._call, streamed=True, accept=ANY_TYPE)
        return self

    def __exit__(self, *_: object) -> None:
        self._opened().close()

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        response = self._opened()
        try:
            yield from response.iter_bytes()
            return
        except RequestError as error:
            failure = self._connection.lost(error)
        raise self._connection.cut_off(self._call, failure)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; an existing one is replaced only when all has arrived."""
        target = Path(path)
        unfinished = partial(target)
        try:
            with unfinished.open("wb") as file:
                for chunk in self.chunks():
                    file.write(chunk)
            return unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


class AsyncDownload(File):
    """A file: `async with … as file: await file.save(path)`."""

    def __init__(self, connection: AsyncConnection, call: Call[bytes]) -> None:
        super().__init__(call)
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._response = await self._connection.open(self._call, streamed=True, accept=ANY_TYPE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened().aclose()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The content, piece by piece."""
        response = self._opened()
        try:
            async for chunk in response.aiter_bytes():
                yield chunk
            return
        except RequestError as error:
            failure = self._connection.lost(error)
        raise self._connection.cut_off(self._call, failure)

    async def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; an existing one is replaced only when all has arrived."""
        target = Path(path)
        unfinished = partial(target)
        try:
            with unfinished.open("wb") as file:
                async for chunk in self.chunks():
                    await asyncio.to_thread(write, file, chunk)
            return unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def write(file: IO[bytes], chunk: bytes) -> None:
    """Write one chunk; on a thread of its own, so that a slow disk stops nobody."""
    file.write(chunk)
