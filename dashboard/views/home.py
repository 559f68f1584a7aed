"""A team's first page: what changed, what runs, what is left, and how fresh the mirror is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, can, member
from dashboard.htmx import render_page, target
from dashboard.models import Chat, Deployment, Key, Membership, SyncRun
from dashboard.views.account import LAST_TEAM, YEAR
from dashboard.views.activity import feed, rows_for
from dashboard.views.keys import keys_for
from dashboard.views.syncs import decorate
from dashboard.views.usage import latest_of
from dashboard.views.usage_figures import Figures

DAY = timedelta(days=1)


def running_chats(watcher: Membership) -> list[Chat]:
    rows = Chat.objects.visible_to(watcher).present().filter(status=Chat.Status.RUNNING)
    return list(rows.select_related("author").order_by("-running_since", "-pk")[:6])


def changed_since(watcher: Membership) -> dict[str, int]:
    """Numbers of the last 24 hours, over what the person sees."""
    since = timezone.now() - DAY
    chats = Chat.objects.visible_to(watcher).present().filter(updated_at__gte=since)
    return chats.aggregate(
        chats=Count("pk", distinct=True),
        created=Count("pk", distinct=True, filter=Q(created_at__gte=since)),
        versions=Count("versions", distinct=True, filter=Q(versions__created_at__gte=since)),
        failed=Count("pk", distinct=True, filter=Q(status=Chat.Status.FAILED)),
    )


def latest_runs(keys: list[Key]) -> list[SyncRun]:
    """The newest run of each key."""
    rows = SyncRun.objects.filter(key__in=keys).order_by("key", "-created_at").distinct("key")
    return [decorate(run) for run in rows.select_related("key")]


def overview(watcher: Membership) -> dict[str, Any]:
    seen = Chat.objects.visible_to(watcher).present().select_related("author", "project")
    deployed = Deployment.objects.visible_to(watcher).present().select_related("chat", "version")
    keys = list(keys_for(watcher).order_by("owner__email", "label", "pk"))
    latest = latest_of(keys)
    return {
        "changed": changed_since(watcher),
        "chats": seen.order_by("-updated_at", "-pk")[:8],
        "deployments": deployed.order_by("-created_at", "-pk")[:6],
        "lines": feed(rows_for(watcher)[:8], watcher),
        "figures": [Figures(key, latest.get(key.pk)) for key in keys][:4],
        "more_keys": max(0, len(keys) - 4),
        "runs": latest_runs(keys),
    }


@require_GET
@member()
def home(request: TeamRequest) -> HttpResponse:
    """Before the first key is added and synced, the page says what to do instead."""
    context: dict[str, Any] = {"running": running_chats(request.member)}
    if target(request) != "running":
        context |= overview(request.member)
        context["may_add"] = can(request.member, "key-add")
        context["any_key"] = Key.objects.filter(team=request.team).present().exists()
    response = render_page(request, "home/home.html", context, fragments=("running",))
    if request.COOKIES.get(LAST_TEAM) != request.team.slug:
        response.set_cookie(
            LAST_TEAM, request.team.slug, max_age=YEAR, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response
