"""The team's history. feed() serves every page that shows a part of it; how its rows read is in
activity_words.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, can, member
from dashboard.htmx import render_page
from dashboard.models import Activity, Chat, Membership, User
from dashboard.templatetags.ui import words
from dashboard.views.activity_words import AREAS, outcome, sentence, told

PER_PAGE = 50
PERIODS = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days"}


@dataclass
class Change:
    name: str
    before: str
    after: str


@dataclass
class Line:
    """What components/activity.html shows of one row."""

    person: str
    text: str
    target: str
    url: str
    when: Any
    icon: str = ""
    changes: list[Change] = field(default_factory=list)


def changes(row: Activity) -> list[Change]:
    """What was changed, without what the sentence says already."""
    if outcome(row):
        return []
    names = [*row.before, *(name for name in row.after if name not in row.before)]
    found = []
    for name in names:
        before, after = told(row.before.get(name)), told(row.after.get(name))
        if before != after and not (not before and after in row.target):
            found.append(Change(words(name), before, after or "nothing"))
    return found


def lent(row: Activity) -> list[Change]:
    """Whose key was used, where it was not the actor's own."""
    if row.key is None or row.key.owner_id == row.actor_id or row.verb.startswith("key."):
        return []
    return [Change("With the key of", "", row.key.owner.label)]


def address(row: Activity, slug: str, watcher: Membership) -> str:
    """Where the thing is now; nowhere for what is gone or not the watcher's to open."""
    if row.deployment is not None and row.verb != "deployment.delete":
        return reverse("deployment", args=[slug, row.deployment.upstream_id])
    if row.chat is not None:
        return reverse("chat", args=[slug, row.chat.upstream_id])
    if row.project is not None:
        return reverse("project", args=[slug, row.project.upstream_id])
    key = row.key
    if key is None or key.removed_at is not None or not row.verb.startswith("key."):
        return ""
    opens = key.owner_id == watcher.user_id or can(watcher, "key-oversee")
    return reverse("key", args=[slug, key.pk]) if opens else ""


def rows_for(watcher: Membership) -> Any:
    """What the watcher may read, newest first, with everything feed() needs."""
    seen = Chat.objects.visible_to(watcher)
    return (
        Activity.objects.visible_to(watcher)
        .filter(Q(deployment=None) | Q(deployment__chat__in=seen))
        .select_related("actor", "chat", "project", "deployment", "key__owner")
        .order_by("-at", "-id")
    )


def feed(rows: Iterable[Activity], watcher: Membership) -> list[Line]:
    slug = watcher.team.slug
    return [
        Line(
            person=row.actor.label if row.actor else "",
            icon="" if row.actor else AREAS.get(row.verb.partition(".")[0], ("", "activity"))[1],
            text=sentence(row),
            target=row.target,
            url=address(row, slug, watcher),
            when=row.at,
            changes=changes(row) + lent(row),
        )
        for row in rows
    ]


class ActivityFilters(forms.Form):
    q = forms.CharField(required=False, label="Search by name")
    person = forms.ChoiceField(required=False, label="Person")
    area = forms.ChoiceField(
        required=False,
        label="Area",
        choices=[("", "Everything"), *((name, label) for name, (label, _) in AREAS.items())],
    )
    period = forms.ChoiceField(
        required=False, label="Period", choices=[("", "Any time"), *PERIODS.items()]
    )
    chat = forms.CharField(required=False, widget=forms.HiddenInput)
    project = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: TeamRequest) -> None:
        super().__init__(request.GET)
        people = User.objects.filter(memberships__team=request.team).order_by("email")
        cast(forms.ChoiceField, self.fields["person"]).choices = [
            ("", "Everybody"),
            *((str(person.pk), person.label) for person in people),
        ]

    def narrow(self, rows: Any) -> Any:
        """Only what the filters ask for; a value that makes no sense is no filter."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in wanted:
            rows = rows.filter(target__icontains=wanted["q"])
        if "person" in wanted:
            rows = rows.filter(Q(actor=wanted["person"]) | Q(person=wanted["person"]))
        if "area" in wanted:
            rows = rows.filter(verb__startswith=wanted["area"] + ".")
        if "period" in wanted:
            rows = rows.filter(at__gte=timezone.now() - timedelta(days=int(wanted["period"])))
        for name in ("chat", "project"):
            if name in wanted:
                rows = rows.filter(**{f"{name}__upstream_id": wanted[name]})
        return rows

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.values())


@require_GET
@member()
def activity(request: TeamRequest) -> HttpResponse:
    filters = ActivityFilters(request)
    rows = filters.narrow(rows_for(request.member))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "active": filters.active,
        "page": page,
        "lines": feed(page.object_list, request.member),
    }
    return render_page(
        cast(HttpRequest, request), "activity/list.html", context, fragments=("rows",)
    )
