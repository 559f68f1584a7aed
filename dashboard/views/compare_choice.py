"""The states that can be compared, which two of them are, and the chats that can be the other side.
What differs between the two is in compare.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.http import Http404
from django.utils import timezone
from django.utils.http import urlencode

from dashboard.access import TeamRequest
from dashboard.models import Chat, Version
from dashboard.models.versions import left_nothing
from dashboard.templatetags.ui import relative

MOST_CHATS, MOST_VERSIONS, FOUND_SHOWN = 30, 1_000, 8
Sides = tuple[Version | None, Version | None]  # the old one and the new one


@dataclass
class Option:
    """A version to choose. `why` it cannot be chosen, if it cannot."""

    id: str
    label: str
    why: str = ""


@dataclass
class Group:
    """The versions of one chat."""

    label: str
    options: list[Option]


def candidates(request: TeamRequest, row: Chat) -> list[Version]:
    """The versions of the chat, of its kin, and of what the address names besides, newest first,
    each before its former states."""
    seen = Chat.objects.visible_to(request.member)
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    kin = Q(pk=row.pk) | Q(pk=row.forked_from_id or 0) | Q(forked_from=row)
    if row.forked_from_id:
        kin |= Q(forked_from=row.forked_from_id)
    sides = Version.states.filter(chat=OuterRef("pk"), upstream_id__in=asked)
    named = Q(upstream_id=request.GET.get("with") or "-") | Exists(sides)
    last = Case(When(named, then=0), default=1)  # of many forks, none takes their place
    chats = seen.filter(kin | named).order_by(last, "pk").values("pk")[:MOST_CHATS]
    rows = Version.states.filter(chat__in=chats).select_related("chat", "replaced_by")
    newest_first = ("-number", F("former_of").desc(nulls_first=True), "-edition", "pk")
    rows = rows.defer("chat__metadata").order_by(*newest_first)
    rows = rows.annotate(is_empty=Case(When(left_nothing(), then=True), default=False))
    found: list[Version] = list(rows[:MOST_VERSIONS])
    wanted = {id_ for id_ in asked if id_} - {one.upstream_id for one in found}
    if wanted:
        raise Http404("One of the two versions does not exist, or you cannot see it.")
    return found


def chosen(request: TeamRequest, row: Chat, versions: list[Version]) -> Sides:
    """The two states: those asked for, else the newest and the one before it, which may be the
    version that the chat was forked from, or the newest of the chat that is asked for besides. A
    former state goes with what came after it, and what failed and left no files only where it is
    asked for. No old one where there is none."""
    by_id = {one.upstream_id: one for one in versions if one.files_at}
    own = [one for one in by_id.values() if one.chat_id == row.pk]
    origin = [one for one in by_id.values() if one.pk == row.forked_from_version_id]
    line = [*own, *origin]
    began = by_id.get(request.GET.get("from", ""))
    after = line[line.index(began) - 1] if began in own and began.is_former else None
    new = by_id.get(request.GET.get("to", "")) or after or first(line)
    later = [one for one in line if new is None or one != new]
    if new in own:
        # A state that was edited is worth looking at where there is no version before.
        later = sorted(line[line.index(new) + 1 :], key=lambda one: one.is_former)
    beside = [one for one in by_id.values() if one.chat.upstream_id == request.GET.get("with")]
    return began or first(one for one in [*later, *beside] if one != new), new


def first(versions: Iterable[Version]) -> Version | None:
    """The first that is worth comparing."""
    return next((one for one in versions if not is_empty(one)), None)


def is_empty(version: Version) -> bool:
    """Whether it failed and left no files, where it comes from `candidates`."""
    return bool(vars(version)["is_empty"])


def others(row: Chat, versions: Iterable[Version], new: Version) -> list[tuple[Chat, str]]:
    """The other chats, each with the address that compares its newest state with this one."""
    newest: dict[Chat, Version] = {}
    for one in versions:
        if one.files_at and one.chat_id != row.pk and not is_empty(one):
            newest.setdefault(one.chat, one)
    asked = {"to": new.upstream_id}
    return [
        (chat, f"?{urlencode({'from': one.upstream_id, **asked})}") for chat, one in newest.items()
    ]


def groups(row: Chat, versions: Iterable[Version]) -> list[Group]:
    """The versions by their chats, the page's own first."""
    by_chat: dict[Chat, list[Option]] = {}
    for one in sorted(versions, key=lambda one: (one.chat_id != row.pk, one.chat_id)):
        why = "" if one.files_at else "files not stored"
        label = str(one) if one.chat_id == row.pk else f"{one.chat.label}, {one.name}"
        if one.replaced_at is not None:
            label += f", {relative(one.replaced_at, timezone.now())}"
        option = Option(one.upstream_id, label, why)
        by_chat.setdefault(one.chat, []).append(option)
    return [
        Group(f"{chat.label} (API {chat.generation})", options)
        for chat, options in by_chat.items()
    ]  # fmt: skip


def found(
    request: TeamRequest, row: Chat, words: str, asked: dict[str, str], sides: Sides
) -> list[tuple[Chat, str]]:
    """Chats of that name, each with the address that compares its newest state: "" where none of
    its states is stored. It takes the side of this comparison that is not the page's chat."""
    stored = Version.objects.filter(~left_nothing(), chat=OuterRef("pk"), files_at__isnull=False)
    rows = Chat.objects.visible_to(request.member).titled(words).filter(version_count__gt=0)
    rows = rows.annotate(newest=Subquery(stored.order_by("-number").values("upstream_id")[:1]))
    rows = rows.exclude(pk=row.pk).defer("metadata").order_by("-updated_at")[:FOUND_SHOWN]
    old, new = sides
    mine, other = (old, "to") if old and new and new.chat_id != row.pk else (new, "from")
    kept = {name: value for name, value in asked.items() if name not in ("from", "to", "unfold")}
    if mine is not None:
        kept["from" if other == "to" else "to"] = mine.upstream_id
    pairs = [(one, vars(one)["newest"]) for one in rows]
    return [
        (one, f"?{urlencode({**kept, other: state, 'with': one.upstream_id})}" if state else "")
        for one, state in pairs
    ]
