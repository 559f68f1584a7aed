"""Addresses with a NUL: PostgreSQL holds none, so no name has one, and no text one looks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\x00"


class WithoutNul:
    """Answers 404 where a path has a NUL, and forgets what has one in a query, before anything is
    looked up by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise Http404
        if any(NUL in text for name, texts in request.GET.lists() for text in (name, *texts)):
            request.GET = without_nul(request.GET)  # type: ignore[assignment]  # not to be changed
        return self.get_response(request)


def without_nul(query: QueryDict) -> QueryDict:
    """The same query without the names and the values that have one."""
    cleaned = QueryDict(mutable=True)
    for name, texts in query.lists():
        kept = [text for text in texts if NUL not in text]
        if kept and NUL not in name:
            cleaned.setlist(name, kept)
    return cleaned
