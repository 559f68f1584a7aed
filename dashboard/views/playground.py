"""The playground: a page that asks the Model API, and shows the answer while it is written.

With JavaScript the answer comes as events, else with the next page. What is sent is settled by the
action; nothing of it is kept here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, can, member, require
from dashboard.actions import Invalid
from dashboard.actions import playground as actions
from dashboard.actions.acting import usable_keys
from dashboard.actions.playground import Run, Turn
from dashboard.htmx import render_page
from dashboard.snippets import snippets
from dashboard.texts import highlight_source
from dashboard.upstream.errors import Refused
from dashboard.views.playground_form import KNOWN_MODELS, PlaygroundForm, StoppedForm, change
from dashboard.views.prompts import INCOMPLETE, plain_lines
from dashboard.views.refusals import TOO_LARGE, explain, refusing

TEMPLATE = "playground/playground.html"
STOPPED = "stopped"
EVENTS = "text/event-stream"
SHOWN = ("key", "model", "temperature", "system", "images", "tools")
ENDINGS = {
    "length": "The answer ends here because it reached the limit of tokens.",
    "content_filter": "The answer was ended by a filter of contents.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows of a call that has ended."""

    run: Run
    ending: str
    snippets: list[tuple[str, str, SafeString, str]]  # label, name, highlighted, plain


def page(request: TeamRequest, form: PlaygroundForm, run: Run | None = None) -> dict[str, Any]:
    """The page's values; after an answer the form goes on from it, with a nonce of its own."""
    if run is not None and not run.error and run.answer.text:
        form.turns = [*form.turns, Turn("assistant", run.answer.text), Turn("user")]
    may = can(request.member, "playground")
    return {
        "form": form,
        "nonce": uuid.uuid4(),
        "models": KNOWN_MODELS,
        "answer": told(run) if run else None,
        "may": may,
        "has_key": may and usable_keys(request.member).exists(),
    }


def told(run: Run) -> Answer:
    calls = [
        (one.label, one.name, highlight_source(one.name, one.text, f"{one.name}-"), one.text)
        for one in snippets(settings.V0_BASE_URL, run.fields)
    ]
    return Answer(run, ENDINGS.get(run.answer.finish_reason, ""), calls)


@require_http_methods(["GET", "POST"])
@member()
def playground(request: TeamRequest) -> HttpResponseBase:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PlaygroundForm(request.member, *data)
    status, run = 200, None
    if request.method == "POST":
        require(request.member, "playground")
        run = begun(request, form)
        stream = sent(request, form, run) if run is not None else None
        if run is not None and run.refused == TOO_LARGE:
            explain(form, Refused(run.error, kind=TOO_LARGE))
            run = None
        elif stream is not None:
            return streamed(stream)
        status = refusing(form) if form.errors or form.turn_errors else 200
    context = page(request, form, run)
    http = cast(HttpRequest, request)
    return render_page(http, TEMPLATE, context, fragments=("playground",), status=status)


def begun(request: TeamRequest, form: PlaygroundForm) -> Run | None:
    """The call that the form asks for; None where it asks for none, or for one that cannot be."""
    wish = request.POST.get("more", "")
    if wish not in ("", STOPPED):
        change(form, wish)
        return None
    if not form.is_valid():
        return None
    told = form.cleaned_data
    try:
        if wish == STOPPED:
            return stopped(request, form)
        return actions.begin(
            member=request.member, key=told["key"], nonce=told["nonce"], request=form.request()
        )
    except Invalid as error:
        if error.field == "turns":
            form.turn_errors = [error.sentence]
        elif error.field in SHOWN:
            explain(form, error)
        else:
            form.add_error(None, error.sentence)
    except Refused as error:
        explain(form, error)
    return None


def stopped(request: TeamRequest, form: PlaygroundForm) -> Run:
    """The call whose answer its reader stopped. Raises Invalid."""
    seen = StoppedForm(request.POST)
    if not seen.is_valid():
        raise Invalid("nonce", INCOMPLETE)
    told, asked = seen.cleaned_data, form.request()
    run = actions.stopped(
        member=request.member,
        nonce=form.cleaned_data["nonce"],
        request=asked,
        written=plain_lines(told["written"]),
    )
    run.first, run.seconds = told["first"], told["seconds"]
    return run


def sent(request: TeamRequest, form: PlaygroundForm, run: Run) -> Stream | None:
    """Sends it and waits for the whole answer; where the browser reads along, for its beginning
    only: what v0 refuses at once has a status then. What was stopped is not sent again."""
    if run.stopped:
        return None
    if request.headers.get("Accept") != EVENTS:
        async_to_sync(finish)(run)
        return None
    stream = Stream(request, form, run, run.pieces())
    async_to_sync(stream.open)()
    return stream


async def finish(run: Run) -> None:
    async for _ in run.pieces():
        pass


@dataclass(slots=True)
class Stream:
    """An answer on its way to a browser, piece by piece, and then as the whole page's fragment."""

    request: TeamRequest
    form: PlaygroundForm
    run: Run
    pieces: AsyncGenerator[str, None]
    first: str = ""

    async def open(self) -> None:
        """Waits for the first piece. The others are read on the same event loop."""
        self.first = await anext(self.pieces, "")

    async def events(self) -> AsyncIterator[bytes]:
        async with aclosing(self.pieces) as pieces:
            if self.first:
                yield event({"text": self.first})
            async for piece in pieces:
                yield event({"text": piece})
        yield event({"html": await sync_to_async(self.html)()})

    def html(self) -> str:
        try:
            context = page(self.request, self.form, self.run)
            http = cast(HttpRequest, self.request)
            return render_to_string(f"{TEMPLATE}#playground", context, http)
        finally:
            close_old_connections()


def streamed(stream: Stream) -> StreamingHttpResponse:
    response = StreamingHttpResponse(stream.events(), content_type=EVENTS)
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # else it would be packed, and wait for more
    return response


def event(told: Mapping[str, str]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"
