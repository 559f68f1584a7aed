"""The playground: a page that asks the Model API, and shows the answer while it is written.

With JavaScript the answer comes as events, else with the next page. What is sent is settled by the
action; nothing of it is kept here.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, cast

from asgiref.sync import async_to_sync, sync_to_async
from django import forms
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, can, member, require
from dashboard.actions import Invalid
from dashboard.actions import playground as actions
from dashboard.actions.acting import usable_keys
from dashboard.actions.playground import (
    LARGEST_IMAGES,
    MOST_IMAGES,
    Request,
    Run,
    Turn,
    image_again,
    with_image,
)
from dashboard.htmx import render_page
from dashboard.models import Key, Membership
from dashboard.snippets import snippets
from dashboard.texts import highlight_source
from dashboard.upstream.errors import Refused
from dashboard.views.prompts import INCOMPLETE, ManyFiles, UploadsField, plain_lines
from dashboard.views.refusals import TOO_LARGE, explain, explained, refusing

TEMPLATE = "playground/playground.html"
EVENTS = "text/event-stream"
KNOWN_MODELS = ("v0-1.5-md", "v0-1.5-lg", "v0-1.0-md", "v0-mini", "v0-pro", "v0-max")
SHOWN = ("key", "model", "temperature", "system", "images", "tools")
ENDINGS = {
    "length": "The answer ends here because it reached the limit of tokens.",
    "content_filter": "The answer was ended by a filter of contents.",
}


class PlaygroundForm(forms.Form):
    nonce = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )
    key = forms.ModelChoiceField(Key.objects.none(), label="v0 key", empty_label=None)
    model = forms.CharField(
        initial=KNOWN_MODELS[0],
        widget=forms.TextInput(attrs={"list": "known-models", "spellcheck": "false"}),
    )
    temperature = forms.FloatField(
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 2, "step": "0.1"}),
        help_text="0 to 2. Empty: the model's own.",
    )
    system = forms.CharField(
        required=False,
        label="System message",
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": "2"}),
    )
    images = UploadsField(
        most=LARGEST_IMAGES,
        together=LARGEST_IMAGES,
        count=MOST_IMAGES,
        instead="Take smaller images.",
        required=False,
        label="Images for the newest message",
        widget=ManyFiles(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=f"Up to {MOST_IMAGES} in a conversation, {LARGEST_IMAGES // 1_000_000} MB "
        "together. Each stays with its message.",
    )
    tools = forms.CharField(
        required=False,
        label="Tools, as JSON",
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        help_text="A list, as OpenAI's API takes it. Calls are shown, never run.",
    )

    def __init__(self, member: Membership, *data: Any) -> None:
        super().__init__(*data)
        cast("forms.ModelChoiceField[Key]", self.fields["key"]).queryset = usable_keys(member)
        self.turns = [Turn("user")]
        self.turn_errors: list[str] = []

    def clean(self) -> None:
        """Puts the conversation together. Images that were chosen go to its newest message, also
        where something else is wrong: a browser forgets what was chosen."""
        data = cast(QueryDict, self.data)
        rows = zip(data.getlist("role"), data.getlist("text"), strict=False)
        self.turns = [
            Turn(role, plain_lines(text), tuple(self.kept(data.getlist(f"image-{place}"))))
            for place, (role, text) in enumerate(rows)
        ] or self.turns
        for file in self.files.getlist("images"):
            if (file.size or 0) <= LARGEST_IMAGES:  # of others its field has told
                file.seek(0)
                with explained(self):
                    self.turns = with_image(self.turns, file.read())

    def kept(self, images: Iterable[str]) -> Iterator[str]:
        """Those of a message's images that arrived whole."""
        for image in images:
            with explained(self):
                yield image_again(image)

    def request(self) -> Request:
        told = self.cleaned_data
        texts = {name: plain_lines(told[name]) for name in ("system", "tools")}
        return Request(
            told["model"], turns=tuple(self.turns), temperature=told["temperature"], **texts
        )


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
        (one.label, one.name, highlight_source(one.name, one.text), one.text)
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
    if "more" in request.POST:
        change(form, request.POST["more"])
        return None
    if not form.is_valid():
        return None
    told = form.cleaned_data
    try:
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


def sent(request: TeamRequest, form: PlaygroundForm, run: Run) -> Stream | None:
    """Sends it and waits for the whole answer; where the browser reads along, for its beginning
    only: what v0 refuses at once has a status then."""
    if request.headers.get("Accept") != EVENTS:
        async_to_sync(finish)(run)
        return None
    stream = Stream(request, form, run, run.pieces())
    async_to_sync(stream.open)()
    return stream


def change(form: PlaygroundForm, wish: str) -> None:
    """Adds a message, or removes an image: `without 0 1`. What else is wrong is not told yet."""
    for name in {*form.errors} - {"images"}:
        del form.errors[name]
    place = re.fullmatch(r"without (\d{1,3}) (\d{1,3})", wish)
    if place is None:
        role = "user" if form.turns[-1].role == "assistant" else "assistant"
        form.turns.append(Turn(role))
    elif (turn := int(place[1])) < len(form.turns):
        images = list(form.turns[turn].images)
        del images[int(place[2]) : int(place[2]) + 1]
        form.turns[turn] = replace(form.turns[turn], images=tuple(images))


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
