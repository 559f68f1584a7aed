"""Starting a chat: the form, from a prompt alone to code that exists already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, member
from dashboard.actions import Invalid, submissions
from dashboard.actions.acting import usable_keys
from dashboard.actions.chat_requests import (
    LARGEST_UPLOADS,
    MEGABYTE,
    MOST_FILES,
    SOURCES,
    ChatRequest,
)
from dashboard.actions.prompts import create_chat
from dashboard.htmx import go_to, render_page
from dashboard.models import Project
from dashboard.upstream import can
from dashboard.upstream.errors import Refused
from dashboard.upstream.prompts import Source
from dashboard.views.mcp_servers import TICKED, Offer, ids_in, offer_for_new_chat
from dashboard.views.prompts import (
    OFFERED_PRIVACY,
    TEXTAREA,
    ManyFiles,
    PromptForm,
    UploadsField,
    initial,
    next_url,
    plain_lines,
)
from dashboard.views.refusals import explain

PROJECTS_SHOWN = 300
SOURCE_WORDS = {
    "": ("A prompt", "sparkles"),
    "files": ("Files", "file"),
    "zip": ("ZIP archive", "folder"),
    "repo": ("Git repository", "branch"),
    "registry": ("Registry", "table"),
    "template": ("Template", "copy"),
}
ADVANCED = (
    "title", "system", "image_generations", "thinking", "attachments", "skills", "mcp_servers",
    "metadata",
)  # fmt: skip
LINES = {"rows": 2, "spellcheck": "false"}


class ChatForm(PromptForm):
    begins = True

    privacy = forms.ChoiceField(label="Privacy", choices=OFFERED_PRIVACY, initial="private")
    project = forms.ChoiceField(required=False, label="Project")
    key = forms.ChoiceField(
        required=False, label="v0 key", help_text="The account that owns and pays for the chat."
    )
    source = forms.ChoiceField(
        required=False, choices=[(name, words[0]) for name, words in SOURCE_WORDS.items()]
    )
    archive = UploadsField(
        most=LARGEST_UPLOADS, required=False, label="Upload a ZIP archive",
        widget=ManyFiles(attrs={"accept": ".zip", "multiple": False}),
        help_text=f"Up to {LARGEST_UPLOADS // MEGABYTE} MB; larger ones by address.",
    )  # fmt: skip
    zip = forms.CharField(required=False, label="Or its address")
    repo = forms.CharField(
        required=False, label="Repository",
        help_text="A public one on GitHub, or a private one that is connected through Vercel.",
    )  # fmt: skip
    branch = forms.CharField(required=False, label="Branch")
    registry = forms.CharField(
        required=False, label="Address of the entry",
        help_text="An entry of a shadcn registry: the address of its JSON.",
    )  # fmt: skip
    template = forms.CharField(required=False, label="Template id")
    title = forms.CharField(required=False, label="Title")
    system = forms.CharField(
        required=False, label="System prompt", widget=TEXTAREA(attrs={"rows": 4}),
        help_text="How v0 should work in this chat: stack, style, things to avoid.",
    )  # fmt: skip
    skills = forms.CharField(
        required=False, label="Skills", widget=TEXTAREA(attrs=LINES | {"rows": 3}),
        help_text="Up to three, one per line: an id of skills.sh, or “user: name”, “team: name” "
        "or “project: name” for skills of your own.",
    )  # fmt: skip
    metadata = forms.CharField(
        required=False, label="Metadata", widget=TEXTAREA(attrs=LINES),
        help_text="One “name = value” per line. v0 keeps it with the chat.",
    )  # fmt: skip
    image_generations = forms.BooleanField(
        required=False, label="Let v0 generate images", help_text="Up to five per version."
    )
    thinking = forms.BooleanField(required=False, label="Let v0 think longer before it writes")

    def __init__(self, request: TeamRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {str(key.pk): key for key in usable_keys(request.member)}
        offered = [(name, str(key)) for name, key in self.keys.items()]
        cast(forms.ChoiceField, self.fields["key"]).choices = offered
        projects = Project.objects.visible_to(request.member).present().order_by("name", "id")
        self.projects = {row.upstream_id: row for row in projects[:PROJECTS_SHOWN]}
        named = [(name, row.name) for name, row in self.projects.items()]
        cast(forms.ChoiceField, self.fields["project"]).choices = [("", "No project"), *named]
        self.fields["prompt"].required = False  # the action knows when it is needed
        self.team, self.generation = request.team, request.team.generation
        if reason := can(self.generation, "thinking"):
            self.fields["thinking"].disabled, self.fields["thinking"].help_text = True, reason
        if reason := can(self.generation, "prompt_title"):
            self.fields["title"].help_text = f"{reason} Give a title where it begins with code."

    def clean_metadata(self) -> dict[str, str]:
        pairs = [line.partition("=") for line in self.cleaned_data["metadata"].splitlines()]
        pairs = [pair for pair in pairs if any(part.strip() for part in pair)]
        if not all(between for _, between, _ in pairs):
            raise forms.ValidationError("Write each entry as “name = value”.")
        return {name.strip(): value.strip() for name, _, value in pairs}

    def clean_skills(self) -> tuple[dict[str, str], ...]:
        lines = self.cleaned_data["skills"].splitlines()
        return tuple(skill(line.strip()) for line in lines if line.strip())

    @property
    def file_rows(self) -> list[tuple[str, str]]:
        """Names and texts as they were typed; at least one row to type into."""
        if not self.is_bound:
            return [(name, text) for name, text in self.initial.get("files", ())] or [("", "")]
        data = cast(Any, self.data)
        rows = zip(data.getlist("file_name"), data.getlist("file_text"), strict=False)
        return list(rows)[: MOST_FILES + 1] or [("", "")]

    @property
    def ways(self) -> list[dict[str, Any]]:
        """What a chat can begin with, and why not where it cannot."""
        chosen = self["source"].value() or ""
        return [
            {
                "value": value,
                "label": label,
                "icon": icon,
                "chosen": value == chosen,
                "reason": can(self.generation, SOURCES[value]) if value else None,
            }
            for value, (label, icon) in SOURCE_WORDS.items()
        ]

    def as_request(self) -> ChatRequest:
        values = self.cleaned_data
        names = ("prompt", "model_id", "privacy", "image_generations", "thinking", "attachments",
                 "uploads", "title", "metadata", "skills")  # fmt: skip
        return ChatRequest(
            **{name: values[name] for name in names},
            project=self.projects.get(values["project"]),
            system=plain_lines(values["system"]),
            mcp_server_ids=values["mcp_servers"],
            source=self.as_source(),
            archive=next(iter(values["archive"]), None) if values["source"] == "zip" else None,
        )

    def as_source(self) -> Source | None:
        values, kind = self.cleaned_data, self.cleaned_data["source"]
        if not kind:
            return None
        files = ((name, plain_lines(text)) for name, text in self.file_rows)
        return Source(
            kind=kind,
            files=tuple(files) if kind == "files" else (),
            url=values.get(kind, "") if kind in ("zip", "repo", "registry") else "",
            branch=values["branch"] if kind == "repo" else "",
            template_id=values["template"] if kind == "template" else "",
        )

    @property
    def is_advanced(self) -> bool:
        """Whether a folded field holds something that must be seen."""
        return any(self[name].value() or self[name].errors for name in ADVANCED)


def skill(line: str) -> dict[str, str]:
    """What a line of the form means."""
    kind, colon, name = (part.strip() for part in line.partition(":"))
    if colon and kind in ("user", "team"):
        return {"type": "memory", "scope": kind, "skill_name": name}
    if colon and kind == "project":
        return {"type": "project", "skill_name": name}
    return {"type": "remote", "id": line}


def skill_line(told: Mapping[str, str]) -> str:
    """The line that means this skill."""
    if told["type"] == "remote":
        return told["id"]
    return f"{told.get('scope', told['type'])}: {told['skill_name']}"


def as_typed(fields: dict[str, Any]) -> dict[str, Any]:
    """The form's start, from what a submission has kept."""
    kind = fields.get("source", "")
    lines = {
        "skills": "\n".join(skill_line(told) for told in fields.get("skills", ())),
        "mcp_servers": "\n".join(fields.get("mcp_servers", ())),
        "metadata": "\n".join(f"{n} = {v}" for n, v in fields.get("metadata", {}).items()),
    }
    address = {kind: fields.get("url", "")} if kind in ("zip", "repo", "registry") else {}
    return initial({**fields, **lines, **address})


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def chat_create(request: TeamRequest) -> HttpResponse:
    if request.method == "GET":
        return show_form(request, opened(request))
    if "more" in request.POST:
        return show_form(request, with_another_file(request))
    if "servers" in request.POST:
        return with_servers(request)
    form = ChatForm(request, request.POST, request.FILES)
    if not form.is_valid():
        return show_form(request, form, status=form.status)
    values = form.cleaned_data
    try:
        sent = create_chat(
            member=request.member, nonce=values["nonce"], request=form.as_request(),
            key=form.keys.get(values["key"]),
        )  # fmt: skip
    except (Invalid, Refused) as error:
        explain(form, error)
        return show_form(request, form, status=form.status)
    if form.was_refused(sent):
        return show_form(request, form, status=form.status)
    return go_to(cast(HttpRequest, request), next_url(request, sent))


def opened(request: TeamRequest) -> ChatForm:
    """The form with what its address gives, or else with what v0 refused of this person last."""
    wanted = {name: request.GET[name] for name in ("prompt", "project") if name in request.GET}
    left = None if "prompt" in wanted else submissions.unsent(request.member)
    if left is None:
        return ChatForm(request, initial=initial(wanted))
    form = ChatForm(request, initial={**as_typed(left.request), "key": left.key_id, **wanted})
    form.unsent = left
    return form


def with_another_file(request: TeamRequest) -> ChatForm:
    """The form as it was typed, unjudged, with one more row; for browsers without JavaScript."""
    typed = ChatForm(request, request.POST)
    return ChatForm(request, initial={**request.POST.dict(), "files": [*typed.file_rows, ("", "")]})


def with_servers(request: TeamRequest) -> HttpResponse:
    """The form as it was typed, with boxes for MCP servers; for browsers without JavaScript."""
    typed = ChatForm(request, request.POST)
    chosen = ids_in(" ".join([request.POST.get("mcp_servers", ""), *request.POST.getlist(TICKED)]))
    found = offer_for_new_chat(request, chosen)
    found.name = TICKED
    left = "\n".join(id_ for id_ in chosen if id_ not in found.listed)
    start = {**request.POST.dict(), "files": typed.file_rows, "mcp_servers": left}
    return show_form(request, ChatForm(request, initial=start), offer=found)


def show_form(
    request: TeamRequest, form: ChatForm, *, status: int = 200, offer: Offer | None = None
) -> HttpResponse:
    return render_page(cast(HttpRequest, request), "chats/new.html", {"form": form, "offer": offer},
                       fragments=("new-chat",), status=status)  # fmt: skip
