"""Chats on their way from v1 to v2: starting, the list with its progress, and the proof of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import TeamRequest, can, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.carry import carry_chats
from dashboard.htmx import answer, render_page
from dashboard.models import Carry, Chat, Version, VersionFile
from dashboard.upstream.errors import Refused
from dashboard.views.changes import ask
from dashboard.views.chats_bulk import MOST, back_url
from dashboard.views.refusals import explain, posted

SHOWN = 200
STATE = Carry.State
WORDS = {  # the state: its word, its tone
    STATE.QUEUED: ("Waiting", ""),
    STATE.RUNNING: ("On its way", "live"),
    STATE.DONE: ("Carried", "ok"),
    STATE.DIFFERS: ("Files differ", "warn"),
    STATE.FAILED: ("Failed", "bad"),
}


def described(carry: Carry) -> Carry:
    """Gives a row the words and numbers that the templates show beside its own fields."""
    word, tone = WORDS[STATE(carry.state)]
    files = carry.carried
    row = cast(Any, carry)
    row.words = {"text": word, "tone": tone, "waits": bool(carry.look_at) and not carry.is_over}
    row.total, row.same = len(files), sum(file.is_same for file in files)
    return carry


@require_GET
@member()
def carries(request: TeamRequest) -> HttpResponse:
    """All of the team's that the person sees, or what was chosen together."""
    rows = Carry.objects.visible_to(request.member).select_related("source", "version", "target")
    batch = batch_of(request.GET.get("batch", ""))
    if batch:
        rows = rows.filter(batch=batch)
    found = [described(row) for row in rows.order_by("-pk")[:SHOWN]]
    done = sum(row.is_over for row in found)
    context = {
        "carries": found,
        "batch": batch,
        "done": done,
        "progress": f"{done:,} of {len(found):,}",
        "is_running": done < len(found),
        "failed": sum(row.state in (STATE.FAILED, STATE.DIFFERS) for row in found),
    }
    page = cast(HttpRequest, request)
    return render_page(page, "carries/list.html", context, fragments=("rows",))


def batch_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
@member()
def carry(request: TeamRequest, carry: int) -> HttpResponse:
    rows = Carry.objects.visible_to(request.member)
    rows = rows.select_related("source", "version", "target", "user", "key")
    row = described(get_object_or_404(rows, pk=carry))
    source, made = ends(row)
    asked = {"from": source.upstream_id, **({"to": made.upstream_id} if made else {})}
    context = {
        "carry": row,
        "source": source,
        "compared": urlencode(asked),
        "proof": sorted(row.carried, key=lambda file: file.is_same),
        "unlisted": unlisted(row, source),
        "may_carry": can(request.member, "chat-create"),
    }
    return render_page(
        cast(HttpRequest, request), "carries/carry.html", context, fragments=("proof",)
    )


def ends(carry: Carry) -> tuple[Version, Version | None]:
    """The state that was carried and the one that was made of it: either may have been edited
    since. None where v2's is not known."""
    made = Q(chat=carry.target_id or 0, number=1)
    both = Q(pk=carry.version_id) | Q(former_of=carry.version_id) | made
    states = list(Version.states.filter(both).select_related("replaced_by").order_by("pk"))
    files: dict[int, dict[str, str]] = {one.pk: {} for one in states}
    rows = VersionFile.objects.filter(version__in=states)
    for version, path, name in rows.values_list("version_id", "path", "content_id"):
        files[version][path] = name

    def found(chat: int | None, names: dict[str, str]) -> Version | None:
        own = (one for one in states if one.chat_id == chat and files[one.pk])
        return next((one for one in own if files[one.pk].items() <= names.items()), None)

    before = {file.path: file.before for file in carry.carried}
    after = {file.path: file.after for file in carry.carried}
    return found(carry.source_id, before) or carry.version, found(carry.target_id, after)


def unlisted(carry: Carry, source: Version) -> list[str]:
    """What v1 packs into an archive beyond the version's own files, such as configuration."""
    stored = set(source.files.values_list("path", flat=True))
    return sorted({file.path for file in carry.carried if file.before} - stored) if stored else []


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def chat_carry(request: TeamRequest, chat: str) -> HttpResponse:
    row = get_chat(request, chat)
    form = forms.Form(posted(cast(HttpRequest, request)))
    if form.is_bound and form.is_valid():
        try:
            return begun(request, [row])
        except (Invalid, Refused) as error:
            explain(form, error)
    return ask(
        request, row, form, title="Carry to v2", action="Carry",
        text="v0 makes a v2 chat with the files of the newest version, and every file is compared. "
        "The conversation and the v1 chat stay as they are. No prompt is sent, so it costs no "
        "credits. If this version was carried before, its copy is found and no second "
        "one is made.",
    )  # fmt: skip


@require_POST
@member(can="chat-create")
def carries_start(request: TeamRequest) -> HttpResponse:
    """For the chats that were picked in a list."""
    back, wanted = back_url(request), request.POST.getlist("chat")[:MOST]
    chats = Chat.objects.visible_to(request.member).filter(upstream_id__in=wanted)
    try:
        return begun(request, chats.order_by("-updated_at"))
    except (Invalid, Refused) as error:
        return answer(cast(HttpRequest, request), back, error.sentence, "bad")


def begun(request: TeamRequest, chats: Iterable[Chat]) -> HttpResponse:
    """Queues them and goes to their progress."""
    batch = carry_chats(member=request.member, chats=chats)
    found = list(Carry.objects.filter(batch=batch).values_list("pk", flat=True))
    url = f"{reverse('carries', args=[request.team.slug])}?batch={batch}"
    if len(found) == 1:
        url = reverse("carry", args=[request.team.slug, found[0]])
    text = "The chat is" if len(found) == 1 else f"{len(found)} chats are"
    return answer(cast(HttpRequest, request), url, f"{text} on the way to v2.")
