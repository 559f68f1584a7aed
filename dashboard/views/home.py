"""A team's first page: what changed, what runs, what is left, and how fresh the mirror is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import JSONObject, Left
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, can, member
from dashboard.htmx import render_page, target
from dashboard.models import Chat, Deployment, Key, Membership, Message, SyncRun
from dashboard.views.account import LAST_TEAM, YEAR
from dashboard.views.activity import feed, rows_for
from dashboard.views.syncs import decorate
from dashboard.views.usage import latest_of
from dashboard.views.usage_figures import Figures

DAY = timedelta(days=1)
SHOWN = 8
RUNNING = 6
RUN_FIELDS = (
    "state", "trigger", "area", "attempts", "done_items", "total_items", "requests", "errors",
    "counts",
)  # fmt: skip
ASKED = 240  # characters of a prompt that stand for a missing picture
COUNTED = 101  # chats looked at to say how many changed


def chats_of(watcher: Membership) -> tuple[list[Chat], list[Chat]]:
    """The running chats, and the chats that changed last, in one query; where v0 has no picture
    of one, with the words it was last asked with."""
    said = Message.objects.filter(chat=OuterRef("pk"), role="user").order_by("-created_at", "-pk")
    words = Subquery(said.values(words=Left("content", ASKED))[:1])
    asked = Case(When(screenshot_url="", then=words), default=Value(""))
    chats = Chat.objects.visible_to(watcher).present().annotate(asked=asked)
    seen = chats.select_related("author").defer("metadata")
    # Every running chat is followed, and there is an index for those.
    followed = seen.filter(status=Chat.Status.RUNNING).exclude(follow_at=None)
    recent = seen.order_by("-updated_at", "-pk")[:COUNTED]
    running: dict[int, Chat] = {}
    changed: dict[int, Chat] = {}
    for chat in followed.order_by("-running_since", "-pk")[:RUNNING].union(recent, all=True):
        changed[chat.pk] = chat
        if chat.status == Chat.Status.RUNNING and not chat.is_stalled:
            running[chat.pk] = chat
    newest = sorted(changed.values(), key=lambda chat: chat.updated_at, reverse=True)
    return list(running.values())[:RUNNING], newest


def changed_today(chats: list[Chat]) -> dict[str, Any]:
    """Numbers of the last 24 hours; `more` where there are more than were looked at."""
    since = timezone.now() - DAY
    today = [chat for chat in chats if chat.updated_at >= since]
    return {
        "chats": min(len(today), COUNTED - 1),
        "more": len(today) >= COUNTED,
        "created": sum(chat.created_at >= since for chat in today),
        "failed": sum(chat.status == Chat.Status.FAILED for chat in today),
    }


def keys_with_runs(watcher: Membership) -> list[Key]:
    """Every key of the team with what its newest sync came to."""
    runs = SyncRun.objects.filter(key=OuterRef("pk")).order_by("-created_at")
    run = runs.values(run=JSONObject(id="pk", **{name: name for name in RUN_FIELDS}))
    rows = Key.objects.filter(team=watcher.team_id).present().select_related("owner")
    return list(rows.annotate(run=Subquery(run[:1])).order_by("owner__email", "label", "pk"))


def run_of(key: Any) -> SyncRun | None:
    """The newest sync of a key from keys_with_runs, with its words."""
    return decorate(SyncRun(key=key, **key.run)) if key.run else None


def overview(watcher: Membership, chats: list[Chat]) -> dict[str, Any]:
    deployed = Deployment.objects.visible_to(watcher).present().select_related("chat", "version")
    keys = keys_with_runs(watcher)
    overseen = can(watcher, "key-oversee")
    mine = [key for key in keys if overseen or key.owner_id == watcher.user_id]
    latest = latest_of(mine)
    runs = [(key, run_of(key)) for key in keys]
    unfinished = (run for _, run in runs if run and not run.is_over)
    return {
        "changed": changed_today(chats),
        "deployments": deployed.order_by("-created_at", "-pk")[:6],
        "lines": feed(rows_for(watcher)[:SHOWN], watcher),
        "figures": [Figures(key, latest.get(key.pk)) for key in mine][:4],
        "more_keys": max(0, len(mine) - 4),
        "keys": runs[:SHOWN],
        "first": next((run for run in unfinished if run.trigger == SyncRun.Trigger.FIRST), None),
        "may_add": can(watcher, "key-add"),
    }


@require_GET
@member()
def home(request: TeamRequest) -> HttpResponse:
    """Before the first key is added and synced, the page says what to do instead."""
    running, chats = chats_of(request.member)
    context: dict[str, Any] = {"running": running, "chats": chats[:SHOWN]}
    if target(request) != "work":
        context |= overview(request.member, chats)
    response = render_page(request, "home/home.html", context, fragments=("work",))
    if request.COOKIES.get(LAST_TEAM) != request.team.slug:
        response.set_cookie(
            LAST_TEAM, request.team.slug, max_age=YEAR, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response
