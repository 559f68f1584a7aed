"""What the page of a chat offers about its runs: stopping one, and what to do when one failed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.running import MOST_OF_ERROR, fix_error, stop_chat
from dashboard.htmx import answer, details, go_to, toast
from dashboard.models import Chat
from dashboard.upstream.errors import Refused
from dashboard.views.changes import chat_url
from dashboard.views.conversation import EMPTY, STOPPED, Said
from dashboard.views.prompts import next_url

NO_REASON = "The build failed, and v0 gave no reason."


@dataclass
class Failure:
    """Why the last run came to nothing, and what can be sent: the error, or the prompt again."""

    title: str
    text: str
    error: str = ""
    prompt: str = ""
    nonce: uuid.UUID = field(default_factory=uuid.uuid4)


def failure_of(chat: Chat, said: list[Said]) -> Failure | None:
    """None where the last run came to something, or still runs."""
    if chat.status == Chat.Status.RUNNING or not said or said[-1].is_ask:
        return None
    last = said[-1]
    prompt = said[-2].source if len(said) > 1 and said[-2].is_ask else ""
    if last.ending == EMPTY:
        return Failure(
            "v0 answered nothing",
            "That happens now and then. Send the prompt again.",
            prompt=prompt,
        )
    if last.ending == STOPPED:
        text = "The version is unfinished. Send a message to go on."
        return Failure("This run was stopped", text, prompt=prompt)
    if chat.status != Chat.Status.FAILED:
        return None
    outputs = [part.output for part in last.parts if part.output]
    error = (outputs[-1] if outputs else last.source) or NO_REASON
    text = "Let v0 fix it, or ask for something else."
    return Failure("This version failed", text, error=error, prompt=prompt)


@require_POST
@member(can="chat-create")
def chat_stop(request: TeamRequest, chat: str) -> HttpResponse:
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    text, tone = "v0 stops as soon as it can.", "ok"
    try:
        stop_chat(member=request.member, chat=row)
    except Refused as refusal:
        text, tone = refusal.sentence, "bad"
    if details(page):
        return toast(HttpResponse(status=204), text, tone)
    return answer(page, chat_url(request, row), text, tone)


class FixForm(forms.Form):
    nonce = forms.UUIDField()
    error = forms.CharField(max_length=2 * MOST_OF_ERROR)


@require_POST
@member(can="chat-create")
def chat_fix(request: TeamRequest, chat: str) -> HttpResponse:
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    form = FixForm(request.POST)
    if not form.is_valid():
        text = "The error was not sent. Reload the page and try again."
        return answer(page, chat_url(request, row), text, "bad")
    try:
        sent = fix_error(member=request.member, chat=row, **form.cleaned_data)
    except (Invalid, Refused) as error:
        return answer(page, chat_url(request, row), error.sentence, "bad")
    return go_to(page, next_url(request, sent))
