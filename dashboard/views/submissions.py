"""Starting a chat, and the page of a prompt on its way to v0."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import TeamRequest, member
from dashboard.actions import Invalid
from dashboard.actions.acting import usable_keys
from dashboard.actions.chats import ChatRequest, create_chat
from dashboard.htmx import go_to, render_page
from dashboard.models import Chat, Key, Project, Submission
from dashboard.templatetags.ui import PRIVACY
from dashboard.upstream.errors import Refused
from dashboard.views.refusals import explain

MODEL_IDS = ("v0-mini", "v0-pro", "v0-max", "v0-max-fast")  # known today; any other is let through
MODELS = [("", "v0's choice"), *((name, name) for name in MODEL_IDS)]
PROJECTS_SHOWN = 300
INCOMPLETE = "Part of this form was missing. It is complete now: please send it again."
TEXTAREA = forms.Textarea
OFFERED_PRIVACY = [
    (value, f"{PRIVACY[value][0]} — {told}")
    for value, told in (
        ("private", "only you"),
        ("team", "your v0 team can view"),
        ("team-edit", "your v0 team can view and edit"),
        ("unlisted", "anyone with the link"),
        ("public", "everybody"),
    )
]


def plain_lines(text: str) -> str:
    """A form's text with the line ends that v0 expects."""
    return text.replace("\r\n", "\n")


class PromptForm(forms.Form):
    """A prompt, sent once per nonce. What it may contain is settled by the action."""

    nonce = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE))
    prompt = forms.CharField(
        label="What should v0 build?",
        strip=False,
        error_messages={"required": "Write what v0 should do."},
        widget=TEXTAREA(attrs={"rows": 7, "data-grow": "7"}),
    )
    model_id = forms.CharField(
        required=False, max_length=60, label="Model", widget=forms.Select(choices=MODELS)
    )
    attachments = forms.CharField(
        required=False,
        label="Attachments",
        widget=TEXTAREA(attrs={"rows": 2, "placeholder": "https://…", "spellcheck": "false"}),
        help_text="URLs of images or files, one per line.",
    )

    @property
    def usable_nonce(self) -> str:
        """The nonce the form came with, or a new one where that was no nonce."""
        return str(uuid.uuid4()) if "nonce" in self.errors else str(self["nonce"].value())

    def clean_prompt(self) -> str:
        return plain_lines(self.cleaned_data["prompt"])

    def clean_attachments(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["attachments"].split())


class ChatForm(PromptForm):
    privacy = forms.ChoiceField(label="Privacy", choices=OFFERED_PRIVACY, initial="private")
    project = forms.ChoiceField(required=False, label="Project")
    key = forms.ModelChoiceField(
        Key.objects.none(), required=False, empty_label=None, label="v0 key",
        help_text="The account that owns and pays for the chat.",
    )  # fmt: skip
    system = forms.CharField(
        required=False, label="System prompt", widget=TEXTAREA(attrs={"rows": 4}),
        help_text="How v0 should work in this chat: stack, style, things to avoid.",
    )  # fmt: skip
    image_generations = forms.BooleanField(
        required=False, label="Let v0 generate images", help_text="Up to five per version."
    )
    thinking = forms.BooleanField(required=False, label="Let v0 think longer before it writes")

    def __init__(self, request: TeamRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = usable_keys(request.member)
        cast("forms.ModelChoiceField[Key]", self.fields["key"]).queryset = self.keys
        projects = Project.objects.visible_to(request.member).present().order_by("name", "id")
        self.projects = {row.upstream_id: row for row in projects[:PROJECTS_SHOWN]}
        named = [(name, row.name) for name, row in self.projects.items()]
        cast(forms.ChoiceField, self.fields["project"]).choices = [("", "No project"), *named]

    def as_request(self) -> ChatRequest:
        values = self.cleaned_data
        return ChatRequest(
            prompt=values["prompt"],
            model_id=values["model_id"],
            privacy=values["privacy"],
            project=self.projects.get(values["project"]),
            system=plain_lines(values["system"]),
            image_generations=values["image_generations"],
            thinking=values["thinking"],
            attachments=values["attachments"],
        )

    @property
    def is_advanced(self) -> bool:
        """Whether a folded field holds something that must be seen."""
        names = ("system", "image_generations", "thinking", "attachments")
        return any(self[name].value() or self[name].errors for name in names)


def initial(values: dict[str, Any]) -> dict[str, Any]:
    """A form's start, from the fields of a submission or of an address; with a nonce of its own."""
    attached = values.get("attachments", ())
    lines = "\n".join(attached) if isinstance(attached, list | tuple) else attached
    return {**values, "attachments": lines, "nonce": uuid.uuid4()}


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def chat_create(request: TeamRequest) -> HttpResponse:
    if request.method == "GET":
        wanted = {name: request.GET[name] for name in ("prompt", "project") if name in request.GET}
        return show_form(request, ChatForm(request, initial=initial(wanted)))
    form = ChatForm(request, request.POST)
    if not form.is_valid():
        return show_form(request, form, status=422)
    values = form.cleaned_data
    try:
        sent = create_chat(
            member=request.member, nonce=values["nonce"], request=form.as_request(),
            key=values["key"],
        )  # fmt: skip
    except (Invalid, Refused) as error:
        explain(form, error)
        return show_form(request, form, status=422)
    return go_to(cast(HttpRequest, request), next_url(request, sent))


def show_form(request: TeamRequest, form: ChatForm, *, status: int = 200) -> HttpResponse:
    keys = list(form.keys)
    context = {"form": form, "keys": keys, "many_keys": len(keys) > 1}
    return render_page(cast(HttpRequest, request), "chats/new.html", context,
                       fragments=("new-chat",), status=status)  # fmt: skip


def next_url(request: TeamRequest, sent: Submission) -> str:
    """Where a prompt leads: to its chat once it has arrived, else to its own page."""
    if sent.state == Submission.State.SENT and sent.chat is not None:
        return reverse("chat", args=[request.team.slug, sent.chat.upstream_id])
    return reverse("submission", args=[request.team.slug, sent.nonce])


@require_GET
@member()
def submission(request: TeamRequest, nonce: uuid.UUID) -> HttpResponse:
    mine = Submission.objects.filter(team=request.team, user=request.user)
    sent = get_object_or_404(mine.select_related("chat", "key"), nonce=nonce)
    page = cast(HttpRequest, request)
    if sent.state == Submission.State.SENT and sent.chat is not None:
        return go_to(page, next_url(request, sent))
    context: dict[str, Any] = {"sent": sent, "prompt": sent.request.get("prompt", "")}
    context["is_waiting"] = sent.state in (Submission.State.SENDING, Submission.State.UNCLEAR)
    if sent.state == Submission.State.FAILED:
        again = initial(sent.request)
        context["chat"] = chat = seen(request, sent.chat)
        context["form"] = PromptForm(initial=again) if chat else ChatForm(request, initial=again)
    return render_page(page, "chats/submission.html", context, fragments=("submission",))


def seen(request: TeamRequest, chat: Chat | None) -> Chat | None:
    """The chat a message was meant for, if the person sees it still."""
    visible = Chat.objects.visible_to(request.member)
    return visible.filter(pk=chat.pk).first() if chat else None
