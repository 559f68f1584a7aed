"""The two clients. What they can do is in v1/, v2/ and model_api/; how it is done is in
connection.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from types import TracebackType
from typing import Any, ClassVar, Generic, Self, TypeVar
from urllib.request import getproxies

from v0client import http
from v0client.answers import Hook
from v0client.calls import NULL, Async, Null, Sync, given
from v0client.capabilities import Capabilities
from v0client.connection import USER_AGENT, AsyncConnection, Connection, Options
from v0client.errors import InvalidRequest
from v0client.keys import Key
from v0client.model_api import Model
from v0client.transport import Transport
from v0client.v1 import V1
from v0client.v2 import V2

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
    many = options.max_connections
    return {
        "headers": {"authorization": key.header(), "user-agent": USER_AGENT},
        "limits": http.Limits(max_connections=many, max_keepalive_connections=many),
        "follow_redirects": False,
    }


class Client(ABC, Generic[D]):
    """What both clients share: they show where they talk to, and never with which key."""

    capabilities: ClassVar[Capabilities] = Capabilities()
    """What each generation of the API lacks."""

    _connection: D

    @property
    def key(self) -> Key:
        """The API key, which does not show itself."""
        return self._connection.key

    @property
    def base_url(self) -> str:
        """Where v0 is, without a generation."""
        return self._connection.options.base_url

    @property
    def scope(self) -> str | None:
        """The team that every call acts inside, if one was named."""
        return self._connection.options.scope

    def with_options(
        self,
        *,
        scope: str | Null | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
    ) -> Self:
        """The same client with other options, for one call or many: it shares the connections.

        `client.with_options(scope="team_1").v1.chats.find()`. NULL takes the scope away; `timeout`
        is in seconds. Closing it closes nothing; close the client it came from.
        """
        changes = given(timeout=timeout, max_retries=max_retries)
        if scope is not None:
            changes["scope"] = None if scope is NULL else scope
        options = checked(replace(self._connection.options, **changes))
        other = type(self).__new__(type(self))
        other._speak(self._connection.with_options(options))
        return other

    @abstractmethod
    def _speak(self, connection: D) -> None:
        """Offer every operation over this connection."""

    def __repr__(self) -> str:
        made = hasattr(self, "_connection")  # else an option was refused
        return f"{type(self).__name__}(base_url={self.base_url!r})" if made else type(self).__name__

    def __reduce__(self) -> Any:
        raise TypeError("a client holds a key and connections: it cannot be pickled or copied")


class V0(Client[Connection]):
    """The v0 API, blocking. Safe to share between threads; use it in a `with` block or close it.

    `base_url` has no generation in it, `timeout` is in seconds, `scope` is sent as `x-scope`, and
    `on_answer` is called with an `Answer` after every attempt. InvalidRequest where a key or an
    option cannot work.
    """

    v1: V1[Sync]
    v2: V2[Sync]
    model: Model[Sync]

    def __init__(
        self,
        api_key: str | Key,
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
        key = api_key if isinstance(api_key, Key) else Key(api_key)
        client = http.Client(transport=transport, **settings(key, options))
        self._speak(Connection(key, options, client))

    def _speak(self, connection: Connection) -> None:
        self._connection = connection
        self.v1 = V1(connection)
        self.v2 = V2(connection)
        self.model = Model(connection)

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

    `base_url` has no generation in it, `timeout` is in seconds, `scope` is sent as `x-scope`, and
    `on_answer` is called with an `Answer` after every attempt. InvalidRequest where a key or an
    option cannot work.
    """

    v1: V1[Async]
    v2: V2[Async]
    model: Model[Async]

    def __init__(
        self,
        api_key: str | Key,
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
        key = api_key if isinstance(api_key, Key) else Key(api_key)
        if transport is None and not getproxies().keys() & {"http", "https", "all"}:
            transport = Transport(max_connections)  # what lies behind a proxy is the library's
        client = http.AsyncClient(transport=transport, **settings(key, options))
        self._speak(AsyncConnection(key, options, client))

    def _speak(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.v1 = V1(connection)
        self.v2 = V2(connection)
        self.model = Model(connection)

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
