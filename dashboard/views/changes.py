"""Small changes of one chat: name, privacy, favourite, project, a further message, deletion.

Each is a page of its own; with JavaScript its form is shown in a dialog over the chat.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid, prompts, submissions
from dashboard.actions import chats as chat_actions
from dashboard.actions.acting import Standing, standing
from dashboard.htmx import answer, details, go_to, page_of, render_page, target, toast
from dashboard.models import Chat, Project, Submission
from dashboard.upstream import can
from dashboard.upstream.errors import Refused
from dashboard.views.chats_bulk import back_url
from dashboard.views.new_chat import PROJECTS_SHOWN
from dashboard.views.prompts import OFFERED_PRIVACY, PromptForm, initial, next_url
from dashboard.views.reasons import is_writing, needs_key, silence
from dashboard.views.refusals import explain

STAYS_OPEN = ("tab", "file", "view")


def chat_url(request: TeamRequest, chat: Chat) -> str:
    return reverse("chat", args=[request.team.slug, chat.upstream_id])


@dataclass(frozen=True)
class Link:
    """Where to look before one decides."""

    label: str
    url: str


def ask(
    request: TeamRequest,
    chat: Chat,
    form: forms.Form,
    *,
    title: str,
    action: str,
    text: str = "",
    tone: str = "",
    link: Link | None = None,
) -> HttpResponse:
    """The page or the dialog with this form; what is wrong with it answers 422."""
    page = cast(HttpRequest, request)
    context = {
        "level": 2 if target(page) == "ask" else 1,
        "chat": chat, "form": form, "title": title, "action": action, "text": text,
        "tone": tone, "link": link, "back": chat_url(request, chat),
    }  # fmt: skip
    return render_page(
        page, "chats/ask.html", context, fragments=("ask",),
        status=422 if form.errors else 200,
    )  # fmt: skip


def posted(request: TeamRequest) -> QueryDict | None:
    """What was posted, also where it is nothing at all; None for a page that is only read."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether a valid form's action went through; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        act()
    except (Invalid, Refused) as error:
        explain(form, error)
    return not form.errors


class NameForm(forms.Form):
    name = forms.CharField(max_length=255, label="Name")


@require_http_methods(["GET", "POST"])
@member(can="chat-change")
def chat_rename(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    form = NameForm(posted(request), initial={"name": row.name})
    if form.is_bound and attempt(
        form,
        lambda: chat_actions.rename_chat(
            member=request.member, chat=row, name=form.cleaned_data["name"]
        ),
    ):
        return answer(cast(HttpRequest, request), chat_url(request, row), "Renamed.")
    return ask(request, row, form, title="Rename chat", action="Rename")


class PrivacyForm(forms.Form):
    privacy = forms.ChoiceField(
        label="Who can see the chat", choices=OFFERED_PRIVACY, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "POST"])
@member(can="chat-change")
def chat_privacy(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    form = PrivacyForm(posted(request), initial={"privacy": row.privacy})
    if form.is_bound and attempt(
        form,
        lambda: chat_actions.set_chat_privacy(
            member=request.member, chat=row, privacy=form.cleaned_data["privacy"]
        ),
    ):
        return answer(cast(HttpRequest, request), chat_url(request, row), "Privacy changed.")
    text = "Owners of the v0 team can open private chats in v0 itself."
    return ask(request, row, form, title="Chat privacy", action="Change", text=text)


@require_POST
@member(can="chat-change")
def chat_favorite(request: TeamRequest, chat: str) -> HttpResponse:
    """Answers with the star alone where the star was pressed, else goes back to that page."""
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    favorite, text, tone = request.POST.get("favorite") == "true", "", "bad"
    try:
        chat_actions.set_chat_favorite(member=request.member, chat=row, favorite=favorite)
        text, tone = ("Marked as favourite." if favorite else "Unmarked as favourite."), "ok"
    except Refused as refusal:
        text = refusal.sentence
    if not details(page):
        return answer(page, back_url(request), text, tone)
    context = {"chat": row, "url": request.path}
    return toast(render_page(page, "chats/star.html", context), text, tone)


class ProjectForm(forms.Form):
    project = forms.ChoiceField(required=False, label="Project")

    def __init__(self, request: TeamRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Project.objects.visible_to(request.member).present().order_by("name", "id")
        self.rows = {row.upstream_id: row for row in rows[:PROJECTS_SHOWN]}
        choices = [("", "No project"), *((name, row.name) for name, row in self.rows.items())]
        cast(forms.ChoiceField, self.fields["project"]).choices = choices

    @property
    def chosen(self) -> Project | None:
        return self.rows.get(self.cleaned_data["project"])


@require_http_methods(["GET", "POST"])
@member(can="chat-change")
def chat_assign(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    start = {"project": row.project.upstream_id if row.project else ""}
    form = ProjectForm(request, posted(request), initial=start)
    if form.is_bound and attempt(
        form,
        lambda: chat_actions.assign_chat(member=request.member, chat=row, project=form.chosen),
    ):
        text = f"Assigned to {form.chosen.name}." if form.chosen else "Removed from its project."
        return answer(cast(HttpRequest, request), chat_url(request, row), text)
    text = (
        f"{reason} “No project” therefore applies in this dashboard only, until v0 reports "
        "another project for the chat."
        if (reason := can(row.generation, "unassign_project"))
        else "v2 has no projects of its own. The dashboard keeps this in the chat's metadata."
    )
    return ask(request, row, form, title="Assign to a project", action="Assign", text=text)


@require_http_methods(["GET", "POST"])
@member(can="chat-delete")
def chat_delete(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    form = forms.Form(posted(request))
    if form.is_bound and attempt(
        form, lambda: chat_actions.delete_chat(member=request.member, chat=row)
    ):
        url = reverse("chats", args=[request.team.slug])
        return answer(cast(HttpRequest, request), url, f"“{row.label}” was deleted.")
    text = (
        "v0 moves the chat to its trash and removes it permanently after 30 days. Its messages, "
        "versions and files stay readable here."
    )
    return ask(request, row, form, title=f"Delete “{row.label}”?", action="Delete", text=text,
               tone="bad")  # fmt: skip


@require_POST
@member(can="chat-create")
def message_send(request: TeamRequest, chat: str) -> HttpResponse:
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    form = PromptForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        try:
            sent = prompts.send_message(
                member=request.member, chat=row, nonce=values["nonce"], prompt=values["prompt"],
                model_id=values["model_id"], attachments=values["attachments"],
                uploads=values["uploads"], mcp_server_ids=values["mcp_servers"],
            )  # fmt: skip
            if not form.was_refused(sent):
                return go_to(page, with_tab(page, next_url(request, sent)))
        except (Invalid, Refused) as error:
            explain(form, error)
    context = {"chat": row, "composer": form, "back": chat_url(request, row)}
    context |= voice(request, row) | {"is_running": bool(target(page)) and is_writing(row)}
    return render_page(
        page, "chats/send.html", context, fragments=("composer",), status=form.status
    )


def with_tab(page: HttpRequest, url: str) -> str:
    """The chat's page with the tab and the file that are open beside the conversation; not with the
    version that is, for what v0 writes now comes after it."""
    before = urlsplit(page_of(page))
    opened = {name: value for name, value in parse_qsl(before.query) if name in STAYS_OPEN}
    return f"{url}?{urlencode(opened)}" if before.path == url and opened else url


def voice(request: TeamRequest, chat: Chat, own: Standing | None = None) -> dict[str, Any]:
    """Whether the person can write in the chat, and why not."""
    own = own or standing(request.member, chat)
    silent = silence(request.member, chat, own, "send messages")
    return {"silence": silent, "needs_key": silent == needs_key("send messages")}


def composer_for(request: TeamRequest, chat: Chat) -> PromptForm:
    """An empty composer, or one with what v0 refused of this person last. The chat comes with the
    `last_state` of what they sent."""
    is_left = cast(Any, chat).last_state == Submission.State.FAILED
    left = submissions.unsent(request.member, chat) if is_left else None
    if left is None:
        return fresh_composer(chat)
    form = PromptForm(initial=initial(left.request))
    form.unsent = left
    return form


def fresh_composer(chat: Chat) -> PromptForm:
    return PromptForm(initial={"nonce": uuid.uuid4(), "model_id": chat.model_id})


@require_GET
@member(can="chat-create")
def chat_estimate(request: TeamRequest, chat: str) -> HttpResponse:
    """What a further message will probably cost; the page of the chat asks for it afterwards."""
    row = get_chat(request, chat)
    form = fresh_composer(row)
    form.team = request.team
    context = {"chat": row, "composer": form, "back": chat_url(request, row)}
    return render_page(
        cast(HttpRequest, request), "chats/estimate.html", context, fragments=("estimate",)
    )
