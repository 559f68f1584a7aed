"""Pages and fragments. The only module that knows the HX-* headers.

A fragment is a named partial in the template of the page that shows it; its name is the DOM id
and the hx-target. htmx names the target as "tag#id" (version 4) or "id".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

FORM_STATUSES = (413, 422)  # of a form that says what is wrong with it
EXPIRED = (
    "You have signed in or out since this page was opened. Copy what you typed, reload the page, "
    "and send it again."
)
VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


def details(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, cast(Any, request).htmx)


def target(request: HttpRequest) -> str:
    """The DOM id that htmx will swap the answer into, or ""."""
    htmx = details(request)
    if not htmx or htmx.history_restore_request:
        return ""
    return (htmx.target or "").rpartition("#")[2]


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    fragments: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The fragment that htmx asked for where it is one of those named, else the whole page."""
    wanted = target(request)
    name = f"{template}#{wanted}" if wanted in fragments else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, VARY)
    return response


def toast(response: HttpResponse, text: str, tone: str = "ok") -> HttpResponse:
    """Adds a short message that the page announces. Tones: ok, warn, bad, quiet."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": tone}})
    return response


def refuse_swap(request: HttpRequest, response: HttpResponse, text: str) -> HttpResponse:
    """Leaves the page of an htmx request as it is; the text, if any, becomes a toast."""
    if details(request):
        response["HX-Reswap"] = "none"
        if text:
            toast(response, text, "bad")
    return response


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Sends the browser to another page, also out of an htmx request."""
    if details(request):
        response = HttpResponse()
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def answer(request: HttpRequest, url: str, text: str, tone: str = "ok") -> HttpResponse:
    """What an action answers without a fragment of its own: go to a page and say what happened."""
    from django.contrib import messages

    messages.add_message(request, messages.INFO, text, extra_tags=tone)
    return go_to(request, url)


class HtmxErrors:
    """Turns what htmx would swap into a fragment (log-in pages, error pages) into what people need.

    A redirect to the log-in page becomes HX-Redirect, and leads back to the page from which a
    fragment was asked or a form was sent; a refusal becomes a toast and no swap.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path, query = urlsplit(getattr(response, "url", ""))[2:4]
        leads_back = path == resolve_url(settings.LOGIN_URL) and "next=" in query
        if leads_back and (details(request) or request.method != "GET"):
            response = redirect_to_login(page_of(request))
        if not details(request) and request.method == "GET" and response.status_code == 405:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        if not details(request) or "HX-Redirect" in response:
            return response
        if isinstance(response, HttpResponseRedirect) and path.startswith("/accounts/"):
            moved = HttpResponse()
            moved["HX-Redirect"] = response.url
            return moved
        if response.status_code >= 400 and response.status_code not in FORM_STATUSES:
            told = "HX-Trigger" in response
            refuse_swap(request, response, "" if told else words(response))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not details(request) or not isinstance(error, (Http404, PermissionDenied)):
            return None
        status = 404 if isinstance(error, Http404) else 403
        text = str(error) if isinstance(error, PermissionDenied) and str(error) else ""
        response = HttpResponse(status=status)
        return toast(response, text, "bad") if text else response


def page_of(request: HttpRequest) -> str:
    """The page of ours that somebody had before them when it asked; the start page if unknown."""
    page = details(request).current_url_abs_path
    if page is None:
        referrer = urlsplit(request.headers.get("Referer", ""))
        is_ours = (referrer.scheme, referrer.netloc) == (request.scheme, request.get_host())
        page = urlunsplit(referrer._replace(scheme="", netloc="")) if is_ours else ""
    return page or "/"


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Instead of what Django says of a form that another session was given."""
    response = render(request, "403_csrf.html", status=403)
    return refuse_swap(request, response, EXPIRED)


def words(response: HttpResponse) -> str:
    """A sentence for an error that said none."""
    return {
        403: "You may not do that.",
        404: "That does not exist any more, or you cannot see it.",
        429: "Too many requests at once. Try again in a moment.",
    }.get(response.status_code, "Something went wrong on our side. Nothing was lost; try again.")
