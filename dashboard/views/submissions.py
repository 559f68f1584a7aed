"""The page of a prompt on its way to v0, and dropping one that v0 refused. What v0 refused stands
in the form it came from, of prompts.py or new_chat.py; here only what has no place there."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import TeamRequest, can, member
from dashboard.actions import submissions
from dashboard.actions.prompts import first_nonce
from dashboard.htmx import go_to, render_page
from dashboard.models import Chat, Submission
from dashboard.views.new_chat import ChatForm, as_typed
from dashboard.views.prompts import PromptForm, first_prompt_left, initial, next_url


@require_GET
@member()
def submission(request: TeamRequest, nonce: uuid.UUID) -> HttpResponse:
    sent, page = own(request, nonce), cast(HttpRequest, request)
    url = form_url(request, sent) if waits_in_form(request, sent) else next_url(request, sent)
    if url != request.path:
        return go_to(page, url)
    context: dict[str, Any] = {"sent": sent, "prompt": sent.request.get("prompt", "")}
    context["is_waiting"] = sent.state in (Submission.State.SENDING, Submission.State.UNCLEAR)
    if sent.state == Submission.State.FAILED:
        context["chat"] = chat = seen(request, sent.chat)
        again = initial(sent.request) if chat else as_typed(sent.request)
        context["form"] = PromptForm(initial=again) if chat else ChatForm(request, initial=again)
    elif first_prompt_left(sent):
        start = {**initial(sent.request), "nonce": first_nonce(sent.nonce)}
        context |= {"chat": seen(request, sent.chat), "form": PromptForm(initial=start)}
    return render_page(page, "chats/submission.html", context, fragments=("submission",))


@require_POST
@member(can="chat-create")
def submission_drop(request: TeamRequest, nonce: uuid.UUID) -> HttpResponse:
    sent = own(request, nonce)
    submissions.drop(request.member, sent)
    return go_to(cast(HttpRequest, request), form_url(request, sent))


def own(request: TeamRequest, nonce: uuid.UUID) -> Submission:
    """A prompt of the person who asks; that of somebody else does not exist."""
    mine = Submission.objects.filter(team=request.team, user=request.user)
    return get_object_or_404(mine.select_related("chat", "key"), nonce=nonce)


def waits_in_form(request: TeamRequest, sent: Submission) -> bool:
    """Whether v0 refused it and its words stand in the form of the chat, or of a new one."""
    if sent.state != Submission.State.FAILED or not can(request.member, "chat-create"):
        return False
    chat = seen(request, sent.chat)
    is_lost = sent.chat is not None and chat is None  # one that this person sees no more
    return not is_lost and submissions.unsent(request.member, chat) == sent


def form_url(request: TeamRequest, sent: Submission) -> str:
    """Where it was written: the page of its chat, or the form of a new one."""
    chat = seen(request, sent.chat)
    if chat is None:
        return reverse("chat-create", args=[request.team.slug])
    return reverse("chat", args=[request.team.slug, chat.upstream_id])


def seen(request: TeamRequest, chat: Chat | None) -> Chat | None:
    """The chat a message was meant for, if the person sees it still."""
    visible = Chat.objects.visible_to(request.member)
    return visible.filter(pk=chat.pk).first() if chat else None
