"""Deployments: the list, one deployment with its log and its line of descent, and deleting."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Left
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import TeamRequest, get_deployment, member, why_not
from dashboard.actions import deployments as actions
from dashboard.actions.acting import Standing, standing_asked
from dashboard.htmx import answer, render_page
from dashboard.models import (
    Author,
    Deployment,
    DeploymentLine,
    Message,
    Project,
    project_seen_by,
)
from dashboard.templatetags.chats import web_address
from dashboard.upstream import can as offers
from dashboard.upstream.errors import Refused
from dashboard.views.activity import feed, rows_for
from dashboard.views.controls import Control
from dashboard.views.reasons import needs_key
from dashboard.views.running import fix_control

ONLY_AT_VERCEL = "v2 starts deployments and cannot delete them. Delete this one at Vercel."
PER_PAGE = 30
LINES_PER_PAGE = 500
FEW = 6
SIBLINGS = 12
LEVELS = {"": "All lines", "warn": "Warnings and errors", "error": "Errors"}
LEVEL_WORDS = {
    "warn": ("warn", "warning", "error", "fatal"),
    "error": ("error", "fatal"),
}


class DeploymentFilters(forms.Form):
    q = forms.CharField(required=False, label="Search by chat or URL")
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Any state"), *((value, value.capitalize()) for value in Deployment.State)],
    )
    project = forms.ChoiceField(required=False, label="Project")
    author = forms.ChoiceField(required=False, label="Author")

    def __init__(self, request: TeamRequest) -> None:
        super().__init__(request.GET)
        projects = Project.objects.visible_to(request.member).order_by("name")
        authors = Author.objects.filter(team=request.team).order_by("name", "email")
        cast(forms.ChoiceField, self.fields["project"]).choices = [
            ("", "Any project"),
            *projects.values_list("upstream_id", "name"),
        ]
        cast(forms.ChoiceField, self.fields["author"]).choices = [
            ("", "Anybody"),
            *((author.upstream_id, str(author)) for author in authors),
        ]

    def narrow(self, rows: QuerySet[Deployment]) -> QuerySet[Deployment]:
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in wanted:
            named = Q(chat__name__icontains=wanted["q"]) | Q(web_url__icontains=wanted["q"])
            rows = rows.filter(named | Q(upstream_id=wanted["q"]))
        if "state" in wanted:
            rows = rows.filter(state=wanted["state"])
        if "project" in wanted:
            rows = rows.filter(project__upstream_id=wanted["project"])
        if "author" in wanted:
            rows = rows.filter(chat__author__upstream_id=wanted["author"])
        return rows

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.values())


@require_GET
@member()
def deployments(request: TeamRequest) -> HttpResponse:
    filters = DeploymentFilters(request)
    seen = Deployment.objects.visible_to(request.member).present()
    rows = filters.narrow(seen.select_related("chat__author", "version"))
    rows = rows.prefetch_related(project_seen_by(request.member)).order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [described(row) for row in page.object_list]
    context = {"filters": filters, "active": filters.active, "page": page}
    return render_page(request, "deployments/list.html", context, fragments=("rows",))


@require_GET
@member()
def deployment(request: TeamRequest, deployment: str) -> HttpResponse:
    row = described(get_deployment(request, deployment))
    wanted = request.GET.get("level", "")
    level = wanted if wanted in LEVELS else ""
    levels = levels_of(row, level)
    total = next(entry["count"] for entry in levels if entry["current"])
    history = rows_for(request.member).filter(deployment=row)
    descent, own = descent_of(request, row)
    context = {
        "deployment": row,
        "inspect": inspect_control(row),
        "delete": delete_control(request, row, own),
        "fix": fix_control(request, row, own) if row.state == Deployment.State.FAILED else None,
        "no_log": offers(row.chat.generation, "deployment_logs"),
        "story": story_of(row),
        "descent": descent,
        "log": log_of(row, level, total, request.GET.get("page")),
        "levels": levels,
        "level": level,
        "lines": feed(history[:FEW], request.member),
    }
    template = "deployments/deployment.html"
    return render_page(request, template, context, fragments=("state", "log"))


def described(row: Deployment) -> Deployment:
    """Gives a deployment the time it took, or has been building for, and its short address."""
    end = row.finished_at or (timezone.now() if row.state == Deployment.State.BUILDING else None)
    row.took = end - row.created_at if end else None  # type: ignore[attr-defined]
    row.shown = row.web_url.partition("://")[2].rstrip("/") or row.web_url  # type: ignore[attr-defined]
    return row


def story_of(row: Deployment) -> str:
    """The state in a sentence."""
    if row.gone_at is not None:
        return "Deleted. This record is kept."
    return {
        "building": "Vercel is building this version.",
        "ready": "Live on the web.",
        "failed": "The build failed; nothing was published.",
    }.get(row.state, "v0 does not report how it ended.")


def inspect_control(row: Deployment) -> Control:
    url = web_address(row.inspector_url)
    why = "" if url else "v0 did not tell where Vercel shows this build."
    return Control("inspect", "Inspect", "external", url, why, "away")


def delete_control(request: TeamRequest, row: Deployment, own: Standing) -> Control:
    why = why_not(request.member, "deploy")
    if row.gone_at is not None:
        why = "This deployment was deleted already."
    elif not why and offers(row.chat.generation, "deployments"):
        why = ONLY_AT_VERCEL
    url = reverse("deployment-delete", args=[request.team.slug, row.upstream_id])
    return Control("delete", "Delete", "trash", url, why or needs_key() * (not own.has_key))


def descent_of(request: TeamRequest, row: Deployment) -> tuple[list[Deployment], Standing]:
    """The chat's deployments, oldest first, each with the prompt that its version came from; and,
    asked along with them, what the person can do in the chat."""
    prompt = (
        Message.objects.filter(
            chat=OuterRef("chat"), role="user", created_at__lte=OuterRef("version__created_at")
        )
        .order_by("-created_at", "-pk")
        .values(
            asked=JSONObject(text=Left("content", 300), name="author__name", mail="author__email")
        )
    )
    same_chat = Deployment.objects.filter(Q(gone_at=None) | Q(pk=row.pk), chat=row.chat_id)
    has_key, may_write = standing_asked(request.member, row.chat)
    rows = same_chat.annotate(
        asked=Subquery(prompt[:1]), has_key=has_key, may_write=may_write
    ).select_related("version")
    newest = [described(other) for other in rows.order_by("-created_at", "-pk")[:SIBLINGS]]
    if all(other.pk != row.pk for other in newest):
        newest.append(row)
    told: Any = newest[0]
    return newest[::-1], Standing(told.has_key, told.may_write)


def log_of(row: Deployment, level: str, total: int, number: str | None) -> Page[DeploymentLine]:
    """A page of the log; the newest one where no other is asked for."""
    lines = row.lines.order_by("created_at", "pk")
    if level in LEVEL_WORDS:
        lines = lines.filter(level__in=LEVEL_WORDS[level])
    log = Paginator(lines, LINES_PER_PAGE)
    log.count = total  # a cached property, and known already
    return log.get_page(number or log.num_pages)


def levels_of(row: Deployment, current: str) -> list[dict[str, Any]]:
    """The level filter as links, each with how many lines it shows."""
    counts = dict(
        DeploymentLine.objects.filter(deployment=row)
        .order_by()
        .values_list("level")
        .annotate(Count("pk"))
    )
    return [
        {
            "label": label,
            "url": f"?level={level}#log" if level else "?#log",
            "current": level == current,
            "count": sum(
                number for word, number in counts.items() if not level or word in LEVEL_WORDS[level]
            ),
        }
        for level, label in LEVELS.items()
    ]


@require_http_methods(["GET", "POST"])
@member(can="deploy")
def deployment_delete(request: TeamRequest, deployment: str) -> HttpResponse:
    row = get_deployment(request, deployment)
    url = reverse("deployment", args=[request.team.slug, row.upstream_id])
    if request.method == "GET":
        return render_page(request, "deployments/delete.html", {"deployment": row, "url": url})
    try:
        actions.delete_deployment(member=request.member, deployment=row)
    except Refused as error:
        return answer(request, url, error.sentence, "bad")
    return answer(
        request, reverse("deployments", args=[request.team.slug]), "The deployment was deleted."
    )
