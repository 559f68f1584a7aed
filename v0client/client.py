"""The two clients. What they can do is in v1/; how it is done is in connection.py."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from v0client import http
from v0client.answers import Hook
from v0client.calls import Async, Sync
from v0client.connection import USER_AGENT, AsyncConnection, Connection, Key, Options
from v0client.errors import InvalidRequest
from v0client.v1 import V1

BASE_URL = "https://api.v0.dev"
TIMEOUT = 30.0  # seconds; prompts and streams wait longer
MAX_RETRIES = 2
MAX_CONNECTIONS = 20

D = TypeVar("D", Connection, AsyncConnection)


def checked(options: Options) -> Options:
    """The options, or InvalidRequest for values that could never work."""
    url = options.base_url
    try:
        parsed = http.URL(url)
    except http.InvalidURL:
        parsed = http.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InvalidRequest(f"base_url must be an address with https:// or http://, not {url!r}")
    scope = options.scope
    if scope is not None and not (scope and scope.isascii() and scope.isprintable()):
        raise InvalidRequest("scope must be an id")
    return options


def settings(key: Key, options: Options) -> dict[str, Any]:
    """What both HTTP clients are made with."""
    headers = {"authorization": key.header(), "user-agent": USER_AGENT}
    if options.scope:
        headers["x-scope"] = options.scope
    many = options.max_connections
    limits = http.Limits(max_connections=many, max_keepalive_connections=many)
    return {"headers": headers, "limits": limits, "follow_redirects": False}


class Client(Generic[D]):
    """What both clients share: they show where they talk to, and never with which key."""

    _connection: D

    @property
    def base_url(self) -> str:
        """Where v0 is, without a generation."""
        return self._connection.options.base_url

    @property
    def scope(self) -> str | None:
        """The team that every call acts inside, if one was named."""
        return self._connection.options.scope

    def __repr__(self) -> str:
        made = hasattr(self, "_connection")  # else an option was refused
        return f"{type(self).__name__}(base_url={self.base_url!r})" if made else type(self).__name__

    def __reduce__(self) -> Any:
        raise TypeError("a client holds a key and connections: it cannot be pickled or copied")


class V0(Client[Connection]):
    """The v0 API, blocking. Safe to share between threads; use it in a `with` block or close it.

    `timeout` is in seconds, `scope` is sent as `x-scope`, and `on_answer` is called with an
    `Answer` after every attempt.
    """

    v1: V1[Sync]

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = BASE_URL,
        transport: http.BaseTransport | None = None,
        timeout: float = TIMEOUT,
        max_retries: int = MAX_RETRIES,
        on_answer: Hook | None = None,
        scope: str | None = None,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        options = checked(
            Options(base_url.rstrip("/"), timeout, max_retries, on_answer, scope, max_connections)
        )
        key = Key(api_key)
        client = http.Client(transport=transport, **settings(key, options))
        self._connection = Connection(key, options, client)
        self.v1 = V1(self._connection)

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncV0(Client[AsyncConnection]):
    """The v0 API for asyncio. Use it in an `async with` block or close it.

    `timeout` is in seconds, `scope` is sent as `x-scope`, and `on_answer` is called with an
    `Answer` after every attempt.
    """

    v1: V1[Async]

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = BASE_URL,
        transport: http.AsyncBaseTransport | None = None,
        timeout: float = TIMEOUT,
        max_retries: int = MAX_RETRIES,
        on_answer: Hook | None = None,
        scope: str | None = None,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        options = checked(
            Options(base_url.rstrip("/"), timeout, max_retries, on_answer, scope, max_connections)
        )
        key = Key(api_key)
        client = http.AsyncClient(transport=transport, **settings(key, options))
        self._connection = AsyncConnection(key, options, client)
        self.v1 = V1(self._connection)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
