"""Addresses that nothing can have: PostgreSQL holds no NUL, so no name and no filter has one."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

NUL = "\x00"


class WithoutNul:
    """Answers 404 where a path has a NUL, and 400 where a query has one, before anything is looked
    up by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise Http404
        if any(NUL in text for name, texts in request.GET.lists() for text in (name, *texts)):
            raise BadRequest("The query has a NUL.")
        return self.get_response(request)
