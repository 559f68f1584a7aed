"""The page of a prompt on its way to v0. Its forms are in prompts.py and new_chat.py."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, member
from dashboard.actions.prompts import first_nonce
from dashboard.htmx import go_to, render_page
from dashboard.models import Chat, Submission
from dashboard.views.new_chat import ChatForm, as_typed
from dashboard.views.prompts import PromptForm, first_prompt_left, initial, next_url


@require_GET
@member()
def submission(request: TeamRequest, nonce: uuid.UUID) -> HttpResponse:
    mine = Submission.objects.filter(team=request.team, user=request.user)
    sent = get_object_or_404(mine.select_related("chat", "key"), nonce=nonce)
    page = cast(HttpRequest, request)
    if (url := next_url(request, sent)) != request.path:
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


def seen(request: TeamRequest, chat: Chat | None) -> Chat | None:
    """The chat a message was meant for, if the person sees it still."""
    visible = Chat.objects.visible_to(request.member)
    return visible.filter(pk=chat.pk).first() if chat else None
