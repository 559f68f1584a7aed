"""The only door to the HTTP library: which one is used, and what is taken from it.

`httpx2` is used where it is installed, else `httpx`; V0CLIENT_HTTP forces one of them.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from v0client.flow import Lost

if TYPE_CHECKING:
    import httpx


def chosen_library() -> str:
    """The module name of the HTTP library, by V0CLIENT_HTTP or by what is installed."""
    forced = os.environ.get("V0CLIENT_HTTP", "")
    if forced not in ("", "httpx", "httpx2"):
        raise ImportError(f"V0CLIENT_HTTP must be httpx or httpx2, not {forced!r}")
    if forced:
        return forced
    return "httpx2" if importlib.util.find_spec("httpx2") else "httpx"


LIBRARY = chosen_library()

if not TYPE_CHECKING:
    httpx = importlib.import_module(LIBRARY)

AsyncBaseTransport = httpx.AsyncBaseTransport
AsyncByteStream = httpx.AsyncByteStream
AsyncClient = httpx.AsyncClient
AsyncHTTPTransport = httpx.AsyncHTTPTransport
BaseTransport = httpx.BaseTransport
Client = httpx.Client
ConnectError = httpx.ConnectError
ConnectTimeout = httpx.ConnectTimeout
Headers = httpx.Headers
Limits = httpx.Limits
LocalProtocolError = httpx.LocalProtocolError
MockTransport = httpx.MockTransport
PoolTimeout = httpx.PoolTimeout
ReadError = httpx.ReadError
ReadTimeout = httpx.ReadTimeout
RemoteProtocolError = httpx.RemoteProtocolError
Request = httpx.Request
InvalidURL = httpx.InvalidURL
RequestError = httpx.RequestError
Response = httpx.Response
SyncByteStream = httpx.SyncByteStream
Timeout = httpx.Timeout
URL = httpx.URL
WriteTimeout = httpx.WriteTimeout
create_ssl_context = httpx.create_ssl_context

# In these cases not a byte of the request can have reached v0.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def lost(error: httpx.RequestError, scrub: Callable[[str], str]) -> Lost:
    """What the retry policy and the error messages need to know of a failed exchange.

    The library's own error is dropped here on purpose: its request and its frames hold the key.
    """
    kind = type(error).__name__
    text = scrub(str(error).strip())
    return Lost(
        text=f"{kind}: {text}" if text else kind,
        timed_out=isinstance(error, httpx.TimeoutException),
        maybe_sent=not isinstance(error, NEVER_SENT),
        unreadable=isinstance(error, httpx.DecodingError),
    )
