"""The bulk bar of the chat list: one action for many chats, one sentence about what came of it."""

from __future__ import annotations

from collections import Counter
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dashboard.access import TeamRequest, member, require
from dashboard.actions.chats import Outcome, change_chats
from dashboard.htmx import answer, render_page
from dashboard.models import Chat, Project

MOST = 100
WORDS = {  # the button: the action's name of it, what was done in words, the permission
    "assign": ("assign", "assigned to the project", "chat-change"),
    "favorite": ("favorite", "marked as favourite", "chat-change"),
    "unfavorite": ("favorite", "unmarked as favourite", "chat-change"),
    "delete": ("delete", "deleted", "chat-delete"),
}


def back_url(request: TeamRequest) -> str:
    """The page of ours that the form came from, else the list."""
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("chats", args=[request.team.slug])


@require_POST
@member(can="chat-change")
def chats_bulk(request: TeamRequest) -> HttpResponse:
    page, back = cast(HttpRequest, request), back_url(request)
    do, wanted = request.POST.get("do", ""), request.POST.getlist("chat")[:MOST]
    if do not in WORDS:
        return answer(page, back, "Choose an action for the chats.", "warn")
    what, done, permission = WORDS[do]
    require(request.member, permission)
    visible = Chat.objects.visible_to(request.member).present()
    chats = list(visible.filter(upstream_id__in=wanted).order_by("-updated_at"))
    if not chats:
        return answer(page, back, "No chat was selected.", "warn")
    if do == "delete" and request.POST.get("sure") != "yes":
        return render_page(page, "chats/bulk_delete.html", {"chats": chats, "back": back})
    value: Project | bool | None = do == "favorite"
    if do == "assign":
        value = chosen_project(request)
        if value is None:
            return answer(page, back, "Choose the project to assign the chats to.", "warn")
    outcome = change_chats(member=request.member, chats=chats, what=what, value=value)
    text, tone = told(outcome, done)
    return answer(page, back, text, tone)


def chosen_project(request: TeamRequest) -> Project | None:
    projects = Project.objects.visible_to(request.member).present()
    return projects.filter(upstream_id=request.POST.get("project", "")).first()


def told(outcome: Outcome, done: str) -> tuple[str, str]:
    """What came of it in a sentence or two, and its tone."""
    number = len(outcome.done)
    text = f"{number} {'chat' if number == 1 else 'chats'} {done}." if number else ""
    for sentence, times in Counter(sentence for _, sentence in outcome.refused).items():
        text += f" {times} not: {sentence}"
    return text.strip(), "ok" if not outcome.refused else "warn" if number else "bad"
