"""Files and archives as they are: sent so that nothing in them ever runs in this origin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import suppress
from typing import cast

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.downloads import Archive, stored_archive, upstream_archive
from dashboard.htmx import answer
from dashboard.models import VersionFile
from dashboard.upstream.errors import Refused
from dashboard.views.versions import get_version

# Media types that browsers show without running anything; SVG can hold script.
IMAGES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon", "bmp": "image/bmp",
}  # fmt: skip
SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@require_GET
@member()
def raw(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    opened = get_version(get_chat(request, chat), version)
    rows = opened.files.select_related("content")
    row = get_object_or_404(rows, path=request.GET.get("file", ""))
    return sealed(row, attached="download" in request.GET)


def sealed(row: VersionFile, *, attached: bool) -> HttpResponse:
    """The file: text as plain text, harmless images as such, everything else to be saved."""
    name = row.path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    if ending == "svg":
        kind, attached = "image/svg+xml", True  # an <img> shows it all the same
    elif row.content.is_binary:
        kind = IMAGES.get(ending, "application/octet-stream")
        attached = attached or ending not in IMAGES
    else:
        kind = "text/plain; charset=utf-8"
    response = HttpResponse(row.content.data, content_type=kind, headers=SEALED)
    response["Content-Disposition"] = content_disposition_header(attached, name) or "inline"
    return response


@require_GET
@member()
def archive(request: TeamRequest, chat: str, version: str) -> HttpResponseBase:
    opened = get_version(get_chat(request, chat), version)
    form, page = request.GET.get("form", ""), cast(HttpRequest, request)
    if not form:
        raise Http404("Say which archive: form=zip or form=tarball.")
    pack = upstream_archive if request.GET.get("of") == "v0" else stored_archive
    try:
        return streamed(page, pack(member=request.member, version=opened, form=form))
    except (Invalid, Refused) as error:
        back = reverse("version-files", args=[request.team.slug, chat, version])
        return answer(page, back, error.sentence, "bad")


def streamed(request: HttpRequest, archive: Archive) -> StreamingHttpResponse:
    is_async = isinstance(request, ASGIRequest)
    pieces = in_threads(archive.pieces) if is_async else archive.pieces
    response = StreamingHttpResponse(pieces, content_type=archive.content_type, headers=SEALED)
    response["Content-Disposition"] = content_disposition_header(True, archive.name) or ""
    response["Content-Encoding"] = "identity"  # it is packed already
    if archive.size is not None:
        response["Content-Length"] = str(archive.size)
    return response


async def in_threads(pieces: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    """The same for an event loop, which must not wait for v0. Closed with whoever reads."""
    try:
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece
    finally:
        with suppress(ValueError):  # in a thread still; it ends with its last holder
            pieces.close()
