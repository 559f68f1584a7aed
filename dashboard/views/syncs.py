"""Runs of the mirror: the list, one run with its progress, and starting one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import TeamRequest, can, get_key, get_sync, member
from dashboard.actions import syncs as actions
from dashboard.htmx import answer, render_page
from dashboard.models import Key, Membership, SyncRun
from dashboard.sync import lease
from dashboard.templatetags.ui import span, words
from dashboard.upstream.errors import Refused

PER_PAGE = 30
TRIGGERS = {
    SyncRun.Trigger.FIRST: "First sync",
    SyncRun.Trigger.SCHEDULE: "On schedule",
    SyncRun.Trigger.PERSON: "Manual",
    SyncRun.Trigger.COMMAND: "By command",
}
AREAS = {  # as a run names them, in the order in which they are told
    "account": "Account",
    "projects": "Projects",
    "chats": "Chats",
    "newer chats": "Chats of v2",
    "costs": "Costs of messages",
    "versions": "Versions",
    "files": "Files",
    "deployments": "Deployments",
    "usage": "Usage and limits",
    "webhooks": "Webhooks",
}
READ_ONLY = {  # areas without things to count: the words for nothing new, and for news
    "account": ("read", "read"),
    "usage": ("as before", "new figures"),
}
COUNTS = {"created": "new", "changed": "changed", "gone": "gone", "unchanged": "unchanged"}


@dataclass
class AreaResult:
    """What a run did in one area, in words."""

    name: str
    text: str
    error: str


def results(run: SyncRun) -> list[AreaResult]:
    """What came of each area, in the order of AREAS."""
    return [
        AreaResult(
            AREAS.get(name, words(name)),
            counted(name, run.counts.get(name)),
            str(run.errors.get(name, "")),
        )
        for name in ordered({*run.counts, *run.errors})
    ]


def ordered(names: Iterable[str]) -> list[str]:
    places = list(AREAS)
    return sorted(names, key=lambda name: (places.index(name) if name in places else 99, name))


def counted(name: str, numbers: object) -> str:
    """Counts of an area as a phrase: 3 new, 1 changed."""
    if not isinstance(numbers, dict):
        return ""
    if name in READ_ONLY:
        return READ_ONLY[name][bool(numbers.get("created"))]
    parts = [
        f"{number:,} {COUNTS.get(what, words(what).lower())}"
        for what, number in numbers.items()
        if number
    ]
    return ", ".join(parts) or "nothing changed"


def summary(run: SyncRun) -> str:
    """What changed over all areas, in one line."""
    parts = []
    for name in ordered(run.counts):
        numbers = run.counts[name]
        if isinstance(numbers, dict) and name not in READ_ONLY:
            moved = sum(numbers.get(what, 0) for what in ("created", "changed", "gone"))
            if moved:
                noun = AREAS.get(name, words(name)).lower()
                parts.append(f"{moved:,} {noun.removesuffix('s') if moved == 1 else noun}")
    return ", ".join(parts) if parts else ("nothing changed" if run.is_over else "")


def took(run: SyncRun) -> timedelta | None:
    if run.started_at is None:
        return None
    return (run.finished_at or timezone.now()) - run.started_at


def silence(run: SyncRun) -> str:
    """What to say where the worker of a run is not heard of any more."""
    found = lease.silence(run)
    if found is None:
        return ""
    ago = span(found.since.total_seconds())
    if found.is_overdue:
        return (
            f"Its worker went silent {ago} ago, and no other has taken over. Ask those who run "
            "this dashboard whether its workers and beat are running."
        )
    left = span(found.left.total_seconds())
    return f"Its worker went silent {ago} ago. If it stays so, another takes over within {left}."


def decorate(run: SyncRun) -> SyncRun:
    """Gives a run the words that the templates show beside its own fields."""
    run.words = {  # type: ignore[attr-defined]
        "summary": summary(run),
        "trigger": TRIGGERS.get(SyncRun.Trigger(run.trigger), run.trigger),
        "took": took(run),
        "silence": silence(run),
        "results": results(run),
        "error": " ".join(str(error) for error in run.errors.values()),
    }
    return run


class SyncFilters(forms.Form):
    key = forms.ChoiceField(required=False, label="Key")
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Any state"), *((value, value.capitalize()) for value in SyncRun.State)],
    )

    def __init__(self, request: TeamRequest, keys: list[Key]) -> None:
        super().__init__(request.GET)
        cast(forms.ChoiceField, self.fields["key"]).choices = [
            ("", "Any key"),
            *((str(key.pk), str(key)) for key in keys),
        ]

    def narrow(self, rows: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
        self.is_valid()
        if self.cleaned_data.get("key"):
            rows = rows.filter(key=self.cleaned_data["key"])
        if self.cleaned_data.get("state"):
            rows = rows.filter(state=self.cleaned_data["state"])
        return rows

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.values())


def may_sync(watcher: Membership, keys: list[Key]) -> bool:
    """Whether a press of the button would start anything."""
    usable = [key for key in keys if key.state == Key.State.OK]
    mine = [key for key in usable if key.owner_id == watcher.user_id]
    return can(watcher, "sync-run") and bool(usable if can(watcher, "key-oversee") else mine)


@require_GET
@member()
def syncs(request: TeamRequest) -> HttpResponse:
    keys = list(Key.objects.filter(team=request.team).present().order_by("label", "pk"))
    filters = SyncFilters(request, keys)
    rows = SyncRun.objects.filter(team=request.team).select_related("key", "requested_by")
    rows = filters.narrow(rows).order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    runs = [decorate(run) for run in page.object_list]
    context = {
        "filters": filters,
        "active": filters.active,
        "page": page,
        "runs": runs,
        "running": any(not run.is_over for run in runs),
        "may_sync": may_sync(request.member, keys),
        "has_keys": bool(keys),
    }
    return render_page(request, "syncs/list.html", context, fragments=("rows",))


@require_GET
@member()
def sync(request: TeamRequest, sync: int) -> HttpResponse:
    run = decorate(get_sync(request, sync))
    return render_page(request, "syncs/sync.html", {"run": run}, fragments=("progress",))


@require_POST
@member(can="sync-run")
def sync_start(request: TeamRequest) -> HttpResponse:
    """Starts a sync of one key, or of all that the person may sync."""
    wanted = request.POST.get("key", "")
    key = get_key(request, int(wanted)) if wanted.isdecimal() else None
    try:
        runs = actions.start_sync(member=request.member, key=key)
    except Refused as error:
        return answer(request, reverse("syncs", args=[request.team.slug]), error.sentence, "bad")
    if len(runs) == 1:
        url = reverse("sync", args=[request.team.slug, runs[0].pk])
        return answer(request, url, "The sync has started.")
    url = reverse("syncs", args=[request.team.slug])
    return answer(request, url, f"{len(runs)} syncs have started.")
