"""What every page's frame shows: the team, its areas, the sync state, the person, the theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from dashboard.access import CAN, can, why_not
from dashboard.models import Ask, Key, Membership, User

THEMES = ("system", "light", "dark")
AREAS = [  # URL name, label, icon, group, the key that goes there after g
    ("home", "Home", "home", "", "h"),
    ("inbox", "Inbox", "inbox", "", "i"),
    ("chats", "Chats", "chat", "", "c"),
    ("projects", "Projects", "project", "", "p"),
    ("deployments", "Deployments", "rocket", "", "d"),
    ("playground", "Playground", "wand", "", "y"),
    ("usage", "Usage and limits", "gauge", "Oversight", "u"),
    ("keys", "Keys", "key", "Oversight", "k"),
    ("activity", "Activity", "activity", "Oversight", "a"),
    ("team", "People", "people", "Team", "t"),
    ("syncs", "Syncs", "sync", "Team", "s"),
    ("webhooks", "Webhooks", "bell", "Team", "w"),
]
WITHIN = {"chats": ["carries"]}  # pages of an area that stand below another address


@dataclass
class Area:
    label: str
    url: str
    icon: str
    group: str
    letter: str
    current: bool
    count: int = 0


@dataclass
class SyncState:
    text: str
    tone: str
    url: str


@dataclass
class Frame:
    """The frame's values; `team` is None on pages outside of a team."""

    theme: str
    signup_open: bool
    person: User | None = None
    team: Any = None
    teams: list[dict[str, Any]] = field(default_factory=list)
    role: str = ""
    can: dict[str, bool] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    sync: SyncState | None = None
    inbox_url: str = ""
    waiting: int = 0  # what v0 waits for, for those who may answer
    new_chat_url: str = ""
    why_no_chat: str = ""  # why the person's role cannot begin one
    search_url: str = ""


def frame(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "system")
    value = Frame(
        theme=theme if theme in THEMES else "system", signup_open=bool(settings.SIGNUP_OPEN)
    )
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": value}
    value.person = user
    membership: Membership | None = getattr(request, "member", None)
    if membership is not None:
        fill_team(value, membership, request.path)
    return {"frame": value}


def fill_team(value: Frame, member: Membership, path: str) -> None:
    slug = member.team.slug
    value.team, value.role = member.team, member.role
    mine = Membership.objects.filter(user=member.user_id).select_related("team")
    mine = mine.annotate(waiting=waiting(member)).order_by("team__name")
    value.teams = [
        {
            "name": row.team.name,
            "url": reverse("home", args=[row.team.slug]),
            "role": row.role,
            "current": row.team_id == member.team_id,
        }
        for row in mine
    ]
    value.can = {permission.replace("-", "_"): can(member, permission) for permission in CAN}
    if can(member, "chat-create"):
        value.waiting = next((row.waiting for row in mine), 0)
    value.areas = areas(slug, path, {"inbox": value.waiting})
    value.inbox_url = reverse("inbox", args=[slug])
    value.sync = sync_state(member)
    value.new_chat_url = reverse("chat-create", args=[slug]) if can(member, "chat-create") else ""
    value.why_no_chat = why_not(member, "chat-create", "begin chats")
    value.search_url = reverse("chats", args=[slug])


def waiting_now(member: Membership) -> int:
    """How much v0 waits for, as the frame of the member's pages tells it."""
    return asks_waiting(member).count() if can(member, "chat-create") else 0


def asks_waiting(member: Membership) -> QuerySet[Ask]:
    """What v0 waits for in the team's chats that the member sees."""
    return Ask.objects.waiting().visible_to(member).filter(chat__gone_at=None)


def waiting(member: Membership) -> Subquery:
    """How many that are, beside another query."""
    rows = asks_waiting(member).order_by()
    number = Func("pk", function="count", output_field=IntegerField())
    return Subquery(rows.annotate(number=number).values("number"))


def areas(slug: str, path: str, counts: Mapping[str, int]) -> list[Area]:
    found = []
    for name, label, icon, group, letter in AREAS:
        url = reverse(name, args=[slug])
        begins = [url, *(reverse(inner, args=[slug]) for inner in WITHIN.get(name, ()))]
        current = path == url if name == "home" else path.startswith(tuple(begins))
        found.append(Area(label, url, icon, group, letter, current, counts.get(name, 0)))
    return found


def sync_state(member: Membership) -> SyncState:
    """One line about the mirror: how old it is and what is wrong with it."""
    url = reverse("syncs", args=[member.team.slug])
    keys = list(
        Key.objects.filter(team=member.team_id)
        .present()
        .only("state", "last_synced_at", "lease_until")
    )
    now = timezone.now()
    if not keys:
        return SyncState("No v0 key yet", "quiet", reverse("keys", args=[member.team.slug]))
    if any(key.lease_until and key.lease_until > now for key in keys):
        return SyncState("Syncing…", "live", url)
    rejected = sum(key.state == Key.State.REJECTED for key in keys)
    if rejected:
        return SyncState(f"{rejected} of {len(keys)} v0 keys rejected", "bad", url)
    synced = [key.last_synced_at for key in keys if key.last_synced_at]
    if not synced:
        return SyncState("Not synced yet", "quiet", url)
    age = now - min(synced)
    late = age > timedelta(minutes=3 * member.team.sync_minutes + 1)
    return SyncState(f"Synced {spoken(age)} ago", "warn" if late else "ok", url)


def spoken(age: timedelta) -> str:
    """A duration in one word and unit: 40 s, 3 min, 2 h, 5 d."""
    seconds = max(0, int(age.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size == 60 and seconds >= 60):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
