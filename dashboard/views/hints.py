"""The door for what v0 posts: no session, no form, and every body is taken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dashboard.actions.hints import LARGEST, receive


@csrf_exempt
@never_cache
@require_POST
def hint(request: HttpRequest, token: str) -> HttpResponse:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdecimal() or int(told) > LARGEST:
        return too_large()
    body = request.read(LARGEST + 1)  # a body that comes in pieces tells no length
    if len(body) > LARGEST:
        return too_large()
    known = receive(token, body)
    return HttpResponse(status=200 if known else 404, content_type="text/plain")


def too_large() -> HttpResponse:
    sentence = f"An event has at most {LARGEST // 1024} KB.\n"
    return HttpResponse(sentence, status=413, content_type="text/plain")
