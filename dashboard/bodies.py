"""How large a request may be, and the page for one that is larger. Forms have narrower limits of
their own, which they tell beside the field.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request as malformed

from dashboard.htmx import refuse_swap

LARGEST_BODY = 50_000_000  # bytes
MARK = "is_too_large"
KEPT = "What you typed is still in the form."
TOO_LARGE = (
    f"That is too large to send: everything together may have {LARGEST_BODY // 1_000_000} MB, and "
    "its texts 5 MB. Take something away, or give the address of a file."
)
TOO_MANY = "Those are too many files or fields to send at once. Take some away and send again."

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def limited(application: Application) -> Application:
    """The same application, which gets no request's body beyond LARGEST_BODY bytes: it is thrown
    away as it comes, and the request is marked for BodyLimit."""

    async def one(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        body = Body(scope, receive)
        await application(scope, body.receive, send)

    return one


class Body:
    """What an application reads of a request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope, self.next, self.size = scope, receive, 0
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told) > LARGEST_BODY:
            scope[MARK] = True

    async def receive(self) -> Message:
        if self.scope.get(MARK) == "told":
            return await self.rest()
        message: Message = {"body": b""} if MARK in self.scope else await self.next()
        self.size += len(message.get("body", b""))
        if MARK not in self.scope and self.size <= LARGEST_BODY:
            return message
        self.scope[MARK] = "told"
        return {"type": "http.request", "body": b"", "more_body": False}

    async def rest(self) -> Message:
        """Throws away what still comes, until the visitor has gone."""
        while (message := await self.next())["type"] == "http.request":
            pass
        return message


class BodyLimit:
    """Answers requests whose body was thrown away, before anything looks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = getattr(request, "scope", {})
        return too_large(request, TOO_LARGE) if MARK in scope else self.get_response(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses to read: too much of something, or something malformed."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, TOO_LARGE)
    if isinstance(exception, TooManyFilesSent | TooManyFieldsSent):
        return too_large(request, TOO_MANY)
    return cast(HttpResponse, malformed(request, exception))


def too_large(request: HttpRequest, sentence: str) -> HttpResponse:
    """The sentence as a page of its own, or beside the form as it is."""
    response = render(request, "413.html", {"sentence": sentence}, status=413)
    return refuse_swap(request, response, f"{sentence} {KEPT}")
