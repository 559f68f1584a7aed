"""The page of one chat: the conversation, the stage with its tabs, and the rail of versions.

What changes a chat is in changes.py; forks and deployments of a version are in versions.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Case, Q, Subquery, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import submissions
from dashboard.actions.acting import Standing
from dashboard.htmx import render_page, target
from dashboard.models import Activity, Chat, Deployment, Version
from dashboard.views import activity
from dashboard.views.ask_card import card, waiting_in
from dashboard.views.changes import chat_url, composer_for, voice
from dashboard.views.controls import controls
from dashboard.views.conversation import conversation
from dashboard.views.edits import state_of
from dashboard.views.files import file_pane
from dashboard.views.live import stamp
from dashboard.views.previews import preview_of
from dashboard.views.rail import versions_of
from dashboard.views.reasons import is_writing
from dashboard.views.running import failure_of, fix_control

TABS = {
    "preview": ("Preview", "eye"),
    "files": ("Files", "code"),
    "deployments": ("Deployments", "rocket"),
    "history": ("History", "history"),
}
ROWS_SHOWN = 100  # deployments and lines of history
FORKS_SHOWN = 20
FRAGMENTS = ("live", "stage")
OPENED = ("file", "view", "find")  # what the address says of the Files tab


@dataclass
class Place:
    """Where in the page somebody is: the tab, the version if one was chosen, and of its files what
    is open or looked for."""

    base: str
    tab: str
    number: str  # the place of the chosen version or state; "" follows the latest one
    opened: dict[str, str] = field(default_factory=dict)

    def url(self, **changed: str) -> str:
        values = {"tab": self.tab, "version": self.number, **changed}
        kept = {name: value for name, value in values.items() if value}
        if kept.get("tab") == "preview":
            del kept["tab"]
        return f"{self.base}?{urlencode(kept)}" if kept else self.base

    def of(self, version: Version) -> str:
        """The same tab of this version, with the same file open. Of a former state nothing is left
        to see but its files."""
        tab = "files" if version.is_former and self.tab == "preview" else self.tab
        return self.url(version=version.place, tab=tab, **self.opened)


@require_GET
@member()
def chat(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat, last_state=submissions.last_state(request.member))
    row.team = request.team  # known already; links of its messages name it
    versions = versions_of(row)
    chosen, remark = chosen_in(request, row, versions)
    place = place_in(request, row, chosen)
    shown = chosen or to_follow(row, versions)
    fragment = target(cast(HttpRequest, request))
    context = frame_of(request, row, place, versions, shown) | kin(request, row)
    context |= {"apart": fragment, "remark": remark}
    if fragment != "stage" or context["is_running"]:  # a poll must know where it stands now
        context |= talk(request, row, is_running=context["is_running"])
    if fragment != "live" or row.status != Chat.Status.RUNNING:
        context |= stage(request, row, place, versions, shown, context["own"])
    if fragment not in FRAGMENTS or row.gone_at:
        context["composer"] = composer_for(request, row)
    return render_page(cast(HttpRequest, request), "chats/chat.html", context, fragments=FRAGMENTS)


def chosen_in(
    request: TeamRequest, row: Chat, versions: list[Version]
) -> tuple[Version | None, str]:
    """The version that the address names, or in which the files of the message are that it names;
    and what has to be said of that one."""
    asked, remark = request.GET.get("version", ""), ""
    if not asked and "message" in request.GET:
        asked, remark = state_of(row, request.GET["message"])
    return next((one for one in versions if one.place == asked), None), remark


def place_in(request: TeamRequest, row: Chat, chosen: Version | None) -> Place:
    tab, said = request.GET.get("tab", ""), request.GET
    return Place(
        base=chat_url(request, row),
        tab=tab if tab in TABS else "preview",
        number=chosen.place if chosen else "",
        opened={name: said[name] for name in OPENED if name in said} if tab == "files" else {},
    )


def to_follow(row: Chat, versions: list[Version]) -> Version | None:
    """What is shown where nobody chose: the newest version, and while v0 writes the one before it,
    so that pages that were open and those that are opened now show the same."""
    newest = versions[0] if versions else None
    return newest_of(versions, "completed", "failed") or newest if is_writing(row) else newest


def newest_of(versions: list[Version], *states: str) -> Version | None:
    return next((one for one in versions if one.status in states and not one.is_former), None)


def talk(request: TeamRequest, row: Chat, *, is_running: bool) -> dict[str, Any]:
    """The messages, and how far they go."""
    whole = request.GET.get("messages") == "all"
    said, has_earlier = conversation(row, whole=whole, is_running=is_running)
    return {
        "said": said,
        "has_earlier": has_earlier,
        "stamp": stamp(row, said[-1].id if said else ""),
        "failure": failure_of(row, said),
    }


def frame_of(
    request: TeamRequest, row: Chat, place: Place, versions: list[Version], shown: Version | None
) -> dict[str, Any]:
    """What every part of the page needs."""
    is_running = row.status == Chat.Status.RUNNING and row.gone_at is None and not row.is_stalled
    return {
        "chat": row,
        "place": place,
        "version": shown,
        "versions": [(one, place.of(one)) for one in versions],
        "follows": not place.number,
        "is_running": is_running,
        "is_next": is_running and not any(one.status == "pending" for one in versions[:1]),
        "live_url": ""
        if row.gone_at
        else reverse("chat-live", args=[request.team.slug, row.upstream_id]),
        "earlier_url": place.url(messages="all"),
        "files_url": place.url(tab="files"),
    } | deeds(request, row, versions, shown)


def deeds(
    request: TeamRequest, row: Chat, versions: list[Version], shown: Version | None
) -> dict[str, Any]:
    """What v0 waits for, and what the person can say and do in the chat."""
    ask, own = waiting_in(request, row)
    return voice(request, row, own) | {
        "own": own,
        "controls": controls(request, row, versions, shown, own),
        "deletion": deletion_of(row) if row.gone_at else None,
        "card": card(request, ask, own) if ask else None,
    }


def stage(
    request: TeamRequest, row: Chat, place: Place, versions: list[Version],
    shown: Version | None, own: Standing,
) -> dict[str, Any]:  # fmt: skip
    """The open tab and what it shows."""
    tabs = [
        {"label": label, "icon": icon, "url": place.url(tab=name), "current": name == place.tab}
        for name, (label, icon) in TABS.items()
    ]
    found: dict[str, Any] = {"tabs": tabs}
    if place.tab == "preview" and shown is not None:
        found["preview"] = preview_of(request, row, shown, newest_of(versions, "completed"))
    elif place.tab == "files" and shown is not None:
        found["pane"] = file_pane(request, shown, place.url, own)
        args = [request.team.slug, row.upstream_id, shown.upstream_id]
        found["alone_url"] = reverse("version-files", args=args)
    elif place.tab == "deployments":
        rows = row.deployments.select_related("version").order_by("-created_at", "-id")
        found["deployments"] = [
            (one, fix_control(request, one, own) if one.state == "failed" else None)
            for one in of_chat(row, rows[:ROWS_SHOWN])
        ]
    elif place.tab == "history":
        rows_of_chat = activity.rows_for(request.member).filter(chat=row)[:ROWS_SHOWN]
        found["lines"] = activity.feed(rows_of_chat, request.member)
    return found


def of_chat(row: Chat, deployments: Iterable[Deployment]) -> Iterator[Deployment]:
    """Each with the chat that is known already."""
    for one in deployments:
        one.chat = row
        yield one


def kin(request: TeamRequest, row: Chat) -> dict[str, Any]:
    """Where the chat comes from, and the forks below its rail, which is part of every fragment."""
    related = Chat.objects.visible_to(request.member).filter(
        Q(forked_from=row) | Q(pk=row.forked_from_id or 0)
    )
    origin = Version.states.filter(pk=row.forked_from_version_id or 0)
    found = list(
        related.annotate(
            origin=Subquery(origin.values("number")),
            state=Subquery(origin.values("edition")),
            is_fork=Case(When(pk=row.forked_from_id or 0, then=0), default=1),
        )
        .only("upstream_id", "name", "gone_at")
        .order_by("is_fork", "-created_at", "-pk")[: FORKS_SHOWN + 2]
    )
    forks = [one for one in found if one.pk != row.forked_from_id]
    return {
        "parent": next((one for one in found if one.pk == row.forked_from_id), None),
        "forks": forks[:FORKS_SHOWN],
        "has_more_forks": len(forks) > FORKS_SHOWN,
    }


def deletion_of(row: Chat) -> Activity | None:
    """Who deleted the chat here, if somebody did."""
    deletions = Activity.objects.filter(chat=row, verb="chat.delete").select_related("actor")
    return deletions.order_by("-at").first()
