"""Projects: the list, one project with its chats and deployments, and the form for both."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import TeamRequest, get_project, member, why_not
from dashboard.actions import Invalid
from dashboard.actions import projects as actions
from dashboard.actions.acting import usable_keys
from dashboard.htmx import answer, render_page
from dashboard.models import Chat, Deployment, Membership, Project
from dashboard.upstream.errors import Refused
from dashboard.views.activity import feed, rows_for
from dashboard.views.controls import Control
from dashboard.views.reasons import needs_key
from dashboard.views.refusals import explain, posted

DELETED = "This project was deleted in v0, so it is read-only."
PER_PAGE = 30
CHATS_PER_PAGE = 20
FEW = 6
SORTS: dict[str, tuple[Any, str]] = {
    "name": (Lower("name").asc(), "pk"),
    "-name": (Lower("name").desc(), "-pk"),
    "updated": ("updated_at", "pk"),
    "-updated": ("-updated_at", "-pk"),
    "chats": ("chat_count", "pk"),
    "-chats": ("-chat_count", "-pk"),
    "deployments": ("deployment_count", "pk"),
    "-deployments": ("-deployment_count", "-pk"),
}


class ProjectFilters(forms.Form):
    q = forms.CharField(required=False, label="Search projects")
    privacy = forms.ChoiceField(
        required=False,
        label="Privacy",
        choices=[("", "Any privacy"), ("team", "Team"), ("private", "Private")],
    )
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput
    )

    def narrow(self, rows: QuerySet[Project]) -> QuerySet[Project]:
        self.is_valid()
        if self.cleaned_data.get("q"):
            rows = rows.filter(name__icontains=self.cleaned_data["q"])
        if self.cleaned_data.get("privacy"):
            rows = rows.filter(privacy=self.cleaned_data["privacy"])
        return rows.order_by(*SORTS[self.sorted_by])

    @property
    def sorted_by(self) -> str:
        return self.cleaned_data.get("sort") or "-updated"

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "privacy"))


class ProjectForm(forms.Form):
    name = forms.CharField(max_length=255)
    description = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the project is for, at most 1,000 characters.",
    )
    instructions = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="v0 follows these in every chat of the project, at most 2,000 characters.",
    )
    privacy = forms.ChoiceField(
        choices=[("team", "Team: everyone in the v0 team"), ("private", "Private: only you")],
        help_text="On a personal v0 account every project is private.",
    )


class NewProjectForm(ProjectForm):
    """Creates one project, however often it is sent."""

    nonce = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_nonce(self) -> uuid.UUID:
        return self.cleaned_data["nonce"] or uuid.uuid4()


def counted(rows: QuerySet[Any], field: str) -> Coalesce:
    """How many of the rows belong to each project, as a subquery."""
    per_project = rows.filter(project=OuterRef("pk")).order_by().values("project")
    number = per_project.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def with_counts(rows: QuerySet[Project], watcher: Membership) -> QuerySet[Project]:
    """Projects with the numbers of chats and deployments that the watcher sees."""
    chats = Chat.objects.visible_to(watcher).present()
    deployments = Deployment.objects.visible_to(watcher).present()
    return rows.annotate(
        chat_count=counted(chats, "chats"), deployment_count=counted(deployments, "deployments")
    )


def change_bars(request: TeamRequest, doing: str, *, has_key: bool) -> str:
    """Why the person cannot do this with the team's projects; "" if they can."""
    barred = why_not(request.member, "project-change", doing)
    return barred or ("" if has_key else needs_key(doing))


def create_control(request: TeamRequest) -> Control:
    url = reverse("project-create", args=[request.team.slug])
    has_key = usable_keys(request.member).exists()
    why = change_bars(request, "create projects", has_key=has_key)
    return Control("create", "New project", "plus", url, why, way="page")


def project_controls(request: TeamRequest, row: Project) -> list[Control]:
    """What can be done with a project, which was asked for with `has_key`."""
    edit = change_bars(request, "edit projects", has_key=cast(Any, row).has_key)
    begin = why_not(request.member, "chat-create", "begin chats")
    if row.gone_at is not None:
        edit = begin = DELETED
    slug, query = request.team.slug, urlencode({"project": row.upstream_id})
    edit_url = reverse("project-edit", args=[slug, row.upstream_id])
    begin_url = f"{reverse('chat-create', args=[slug])}?{query}"
    return [
        Control("edit", "Edit", "edit", edit_url, edit, way="page"),
        Control("begin", "New chat here", "plus", begin_url, begin, way="page"),
    ]


@require_GET
@member()
def projects(request: TeamRequest) -> HttpResponse:
    filters = ProjectFilters(request.GET)
    seen = Project.objects.visible_to(request.member).present()
    rows = filters.narrow(with_counts(seen, request.member))
    context = {
        "filters": filters,
        "active": filters.active,
        "sort": filters.sorted_by,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "create": create_control(request),
    }
    return render_page(request, "projects/list.html", context, fragments=("rows",))


@require_GET
@member()
def project(request: TeamRequest, project: str) -> HttpResponse:
    row = get_project(request, project, has_key=Exists(usable_keys(request.member)))
    chats = Chat.objects.visible_to(request.member).present().filter(project=row)
    page = Paginator(
        chats.select_related("author").order_by("-updated_at", "-pk"), CHATS_PER_PAGE
    ).get_page(request.GET.get("page"))
    deployments = Deployment.objects.visible_to(request.member).present().filter(project=row)
    history = rows_for(request.member).filter(project=row)
    context = {
        "project": row,
        "page": page,
        "deployments": deployments.select_related("chat").order_by("-created_at")[:FEW],
        "lines": feed(history[:FEW], request.member),
        "controls": project_controls(request, row),
    }
    return render_page(request, "projects/project.html", context, fragments=("chats",))


@require_http_methods(["GET", "POST"])
@member(can="project-change")
def project_create(request: TeamRequest) -> HttpResponse:
    form = NewProjectForm(posted(request), initial={"privacy": "team", "nonce": uuid.uuid4()})
    if form.is_valid():
        try:
            row = actions.create_project(member=request.member, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("project", args=[request.team.slug, row.upstream_id])
            return answer(request, url, f"{row.name} was created in v0.")
    context = {"form": form, "project": None}
    status = 422 if form.is_bound else 200
    return render_page(request, "projects/form.html", context, fragments=("form",), status=status)


@require_http_methods(["GET", "POST"])
@member(can="project-change")
def project_edit(request: TeamRequest, project: str) -> HttpResponse:
    row = get_project(request, project)
    now = {name: getattr(row, name) for name in ("name", "description", "instructions", "privacy")}
    form = ProjectForm(posted(request), initial=now)
    if form.is_valid():
        try:
            actions.edit_project(member=request.member, project=row, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("project", args=[request.team.slug, row.upstream_id])
            return answer(request, url, "The project was saved.")
    context = {"form": form, "project": row}
    status = 422 if form.is_bound else 200
    return render_page(request, "projects/form.html", context, fragments=("form",), status=status)
