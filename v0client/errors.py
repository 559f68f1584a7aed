"""Everything the client raises. No I/O here, and never a key.

V0Error
├── InvalidRequest          refused before anything was sent
├── ConnectionFailed        no whole answer came
│   └── TimedOut
├── InvalidAnswer           an answer that is not JSON or not of the declared shape
├── StreamFailed            v0 reported an error inside a stream, or the stream was empty
└── StatusError             v0 answered with an error status
    ├── BadRequest 400  Unauthorized 401  PaymentRequired 402  Forbidden 403
    ├── NotFound 404  RequestTimedOut 408  Conflict 409  PayloadTooLarge 413
    └── Unprocessable 422  TooManyRequests 429  ServerError 5xx
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self


class V0Error(Exception):
    """The root. `operation` is the call's name, such as "v1.chats.get_by_id"."""

    def __init__(self, message: str, *, operation: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation

    def __str__(self) -> str:
        return f"{self.operation}: {self.message}" if self.operation else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments would make the default way of unpickling fail.
        return _restored, (type(self), self.args, self.__dict__)

    @classmethod
    def _restore(cls, args: tuple[Any, ...], state: dict[str, Any]) -> Self:
        error = cls.__new__(cls, *args)
        error.__dict__.update(state)
        return error


def _restored(kind: type[V0Error], args: tuple[Any, ...], state: dict[str, Any]) -> V0Error:
    return kind._restore(args, state)


class InvalidRequest(V0Error):
    """The call cannot be sent as it stands: an empty id, or a value that JSON cannot hold."""


class ConnectionFailed(V0Error):
    """No whole answer came. `maybe_sent` is False when v0 cannot have seen the request."""

    def __init__(self, message: str, *, operation: str = "", maybe_sent: bool = True) -> None:
        super().__init__(message, operation=operation)
        self.maybe_sent = maybe_sent


class TimedOut(ConnectionFailed):
    """v0 did not answer in time."""


class InvalidAnswer(V0Error):
    """The answer is not JSON or not of the declared shape; `field` is the path of the field."""

    def __init__(
        self, message: str, *, operation: str = "", field: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message, operation=operation)
        self.field = field
        self.request_id = request_id


class StreamFailed(V0Error):
    """A stream ended with an error, or without a single event. `code` is v0's, if it gave one."""

    def __init__(self, message: str, *, operation: str = "", code: str = "") -> None:
        super().__init__(message, operation=operation)
        self.code = code


class StatusError(V0Error):
    """v0 answered with an error status.

    `message` and `type` are v0's own words, `retry_after` is in seconds and None where v0 did
    not say. `issues` are v2's, one for each file that it refuses: {"path": …, "error": …}. `code`
    and `param` are the Model API's.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int = 0,
        type: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        issues: Sequence[Mapping[str, Any]] = (),
        code: str = "",
        param: str = "",
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.type = type
        self.request_id = request_id
        self.retry_after = retry_after
        self.issues = issues
        self.code = code
        self.param = param

    def __str__(self) -> str:
        kind = f" {self.type}" if self.type else ""
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.operation}: {self.status}{kind}: {self.message}{request}"


class BadRequest(StatusError):
    """400: v0 could not read the request."""


class Unauthorized(StatusError):
    """401: the key is wrong or was revoked."""


class PaymentRequired(StatusError):
    """402: credits are used up."""


class Forbidden(StatusError):
    """403: the key may not do this."""


class NotFound(StatusError):
    """404: no such thing, or not for this key."""


class RequestTimedOut(StatusError):
    """408: v0 gave up waiting for the request."""


class Conflict(StatusError):
    """409: the thing is not in a state that allows this."""


class PayloadTooLarge(StatusError):
    """413: the body or an attachment is too large."""


class Unprocessable(StatusError):
    """422: a field of the request is not acceptable."""


class TooManyRequests(StatusError):
    """429: slow down."""


class ServerError(StatusError):
    """5xx: v0 failed; v1 also answers 500 when credits are used up."""


BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    408: RequestTimedOut,
    409: Conflict,
    413: PayloadTooLarge,
    422: Unprocessable,
    429: TooManyRequests,
}


def class_for(status: int) -> type[StatusError]:
    """The error class of a status."""
    return BY_STATUS.get(status, ServerError if status >= 500 else StatusError)
