"""The list of chats: its filters, its keyset paging and its bulk bar. One chat is in chat.py."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, can, member
from dashboard.htmx import render_page
from dashboard.keyset import Keyset, Slice, capped_count
from dashboard.models import Author, Chat, Key, Project, project_seen_by
from dashboard.models.chats import ChatQuerySet, begins_word
from dashboard.templatetags.ui import PRIVACY

PER_PAGE = 50
OPTIONS_SHOWN = 300  # projects and authors to choose from
SORTS = {
    "": Keyset("updated_at", descending=True),
    "created": Keyset("created_at", descending=True),
    "name": Keyset("name", descending=False),
}
STATUSES = [
    ("running", "Running"),
    ("waiting", "Waiting"),
    ("ready", "Ready"),
    ("failed", "Failed"),
    ("empty", "No version yet"),
    ("gone", "Deleted"),
]


class ChatFilters(forms.Form):
    """What the address of the list says. A value that makes no sense is no filter."""

    q = forms.CharField(required=False, max_length=200, label="Search by title")
    project = forms.ChoiceField(required=False, label="Project")
    author = forms.ChoiceField(required=False, label="Author")
    status = forms.ChoiceField(
        required=False, label="Status", choices=[("", "Any status"), *STATUSES]
    )
    privacy = forms.ChoiceField(
        required=False,
        label="Privacy",
        choices=[("", "Any privacy"), *((name, word) for name, (word, _) in PRIVACY.items())],
    )
    generation = forms.ChoiceField(
        required=False,
        label="Made with",
        choices=[("", "Any API"), ("v1", "API v1"), ("v2", "API v2")],
    )
    favorite = forms.BooleanField(required=False, label="Favourites")
    sort = forms.ChoiceField(
        required=False,
        label="Order",
        choices=[("", "Last changed"), ("created", "Newest"), ("name", "By name")],
    )

    def __init__(self, request: TeamRequest) -> None:
        super().__init__(request.GET)
        self.address = request.path
        projects = Project.objects.visible_to(request.member).present().order_by("name", "id")
        authors = Author.objects.filter(team=request.team).order_by("name", "email", "id")
        self.projects = list(projects.values_list("upstream_id", "name")[:OPTIONS_SHOWN])
        self.offer("project", "Any project", [("none", "No project"), *self.projects])
        people = [(author.upstream_id, str(author)) for author in authors[:OPTIONS_SHOWN]]
        self.offer("author", "Any author", people)
        self.is_valid()
        self.wanted = {name: value for name, value in self.cleaned_data.items() if value}
        for name in self.wanted:
            self.fields[name].widget.attrs["class"] = "set"

    def offer(self, name: str, nothing: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", nothing), *choices]

    def narrow(self, rows: ChatQuerySet) -> ChatQuerySet:
        wanted = self.wanted
        gone = wanted.get("status") == "gone"
        rows = rows.filter(gone_at__isnull=not gone)
        if "q" in wanted:
            rows = rows.titled(wanted["q"])
        if wanted.get("project") == "none":
            rows = rows.filter(project=None)
        elif "project" in wanted:
            rows = rows.filter(project__upstream_id=wanted["project"])
        if "author" in wanted:
            rows = rows.filter(author__upstream_id=wanted["author"])
        if "status" in wanted and not gone:
            rows = rows.filter(status=wanted["status"])
        if "privacy" in wanted:
            rows = rows.filter(privacy=wanted["privacy"])
        if "generation" in wanted:
            rows = rows.filter(generation=wanted["generation"])
        return rows.filter(favorite=True) if "favorite" in wanted else rows

    @property
    def active(self) -> bool:
        return any(name != "sort" for name in self.wanted)

    @property
    def only_beginnings(self) -> bool:
        return begins_word(self.wanted.get("q", ""))

    def chips(self) -> list[dict[str, str]]:
        """Each filter that is set, in words, with the address of the list without it."""
        chips = []
        for name, value in self.wanted.items():
            if name == "sort":
                continue
            field, text = self.fields[name], f"“{value}”"
            if name == "q" and self.only_beginnings:
                text = f"words that begin with {text}"
            if isinstance(field, forms.ChoiceField):
                text = dict(cast(list[tuple[str, str]], field.choices))[value]
            elif isinstance(field, forms.BooleanField):
                text = "only"
            rest = {key: kept for key, kept in self.values().items() if key != name}
            chips.append({"label": str(field.label).replace("Search by title", "Title"),
                          "text": text, "url": f"{self.address}?{urlencode(rest)}"})  # fmt: skip
        return chips

    def values(self) -> dict[str, str]:
        """The filters as they stand in the address."""
        return {name: "on" if value is True else value for name, value in self.wanted.items()}


@require_GET
@member()
def chats(request: TeamRequest) -> HttpResponse:
    filters = ChatFilters(request)
    rows = filters.narrow(Chat.objects.visible_to(request.member))
    told = rows.select_related("author").prefetch_related(project_seen_by(request.member))
    shown: Slice[Chat] = SORTS[filters.wanted.get("sort", "")].cut(
        told.defer("metadata"), request.GET, PER_PAGE
    )
    context = {
        "filters": filters,
        "shown": shown,
        "total": capped_count(rows),
        "is_running": any(
            chat.status == Chat.Status.RUNNING and not chat.is_stalled for chat in shown.rows
        ),
        "can_change": can(request.member, "chat-change"),
        "can_delete": can(request.member, "chat-delete"),
        "clear_url": reverse("chats", args=[request.team.slug]),
    }
    if not shown.rows and not filters.active:
        context["has_key"] = Key.objects.filter(team=request.team).present().exists()
    return render_page(cast(HttpRequest, request), "chats/list.html", context, fragments=("rows",))
