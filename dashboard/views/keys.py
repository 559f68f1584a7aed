"""v0 keys: the list, adding one, one key with what depends on it, and what its owner may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import TeamRequest, can, get_key, member
from dashboard.actions import Invalid
from dashboard.actions import keys as actions
from dashboard.htmx import answer, render_page
from dashboard.models import ChatSight, Key, Membership, SyncRun
from dashboard.upstream.errors import Refused
from dashboard.views.activity import feed, rows_for
from dashboard.views.freshness import stale_login
from dashboard.views.refusals import explain, posted
from dashboard.views.syncs import decorate

FEW = 8


class KeyForm(forms.Form):
    plain = forms.CharField(
        label="v0 API key",
        max_length=1000,
        help_text="Create one in v0 under Settings, API Keys, and paste it here.",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )
    label = forms.CharField(
        max_length=80,
        help_text="A name to tell it apart, such as “Laptop” or “Shop team”.",
    )


class LabelForm(forms.Form):
    label = forms.CharField(max_length=80, label="Name")


def keys_for(watcher: Membership) -> QuerySet[Key]:
    """One's own keys; every key of the team for those who oversee keys."""
    rows = Key.objects.filter(team=watcher.team_id).present().select_related("owner")
    return rows if can(watcher, "key-oversee") else rows.filter(owner=watcher.user_id)


def dependents(key: Key) -> dict[str, int]:
    """How many chats the key sees, and how many no other present key of the team sees."""
    others = ChatSight.objects.filter(chat=OuterRef("chat"), key__removed_at=None).exclude(key=key)
    sights = ChatSight.objects.filter(key=key, chat__gone_at=None)
    return sights.aggregate(
        chats=Count("pk"),
        only=Count("pk", filter=~Exists(others)),
        private=Count("pk", filter=Q(chat__privacy="private")),
    )


@require_GET
@member()
def keys(request: TeamRequest) -> HttpResponse:
    rows = keys_for(request.member).annotate(
        chat_count=Count("chat_sights", filter=Q(chat_sights__chat__gone_at=None))
    )
    found = list(rows.order_by("owner__email", "label", "pk"))
    mine = [key for key in found if key.owner_id == request.user.pk]
    context = {
        "mine": mine,
        "others": [key for key in found if key.owner_id != request.user.pk],
        "oversees": can(request.member, "key-oversee"),
        "may_add": can(request.member, "key-add"),
    }
    return render_page(request, "keys/list.html", context)


@require_http_methods(["GET", "POST"])
@member(can="key-add")
def key_add(request: TeamRequest) -> HttpResponse:
    """The pasted key is checked with v0 before it is stored, and never shown again."""
    stale = stale_login(request)
    if stale is not None:
        return stale
    form = KeyForm(posted(request))
    if form.is_valid():
        try:
            key = actions.add_key(member=request.member, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("key", args=[request.team.slug, key.pk])
            return answer(request, url, f"{key.label} was added. The first sync has started.")
    status = 422 if form.is_bound else 200
    return render_page(request, "keys/add.html", {"form": form}, fragments=("form",), status=status)


@require_GET
@member()
def key(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    runs = [decorate(run) for run in row.sync_runs.order_by("-created_at", "-pk")[:FEW]]
    history = rows_for(request.member).filter(key=row)
    own = row.owner_id == request.user.pk
    context = {
        "key": row,
        "runs": runs,
        "latest": runs[0] if runs else None,
        "first": bool(runs) and runs[0].trigger == SyncRun.Trigger.FIRST,
        "depends": dependents(row),
        "lines": feed(history[:FEW], request.member),
        "rename": LabelForm(initial={"label": row.label}),
        "own": own and can(request.member, "key-add"),
        "manages": can(request.member, "key-oversee") or (own and can(request.member, "key-add")),
    }
    return render_page(request, "keys/key.html", context, fragments=("progress",))


def carry_out(request: TeamRequest, key: Key, change: Any, text: str) -> HttpResponse:
    """Runs one change and goes back to the key's page with what came of it."""
    url = reverse("key", args=[request.team.slug, key.pk])
    try:
        change()
    except (Invalid, Refused) as error:
        return answer(request, url, error.sentence, "bad")
    return answer(request, url, text)


@require_POST
@member(can="key-add")
def key_check(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    url = reverse("key", args=[request.team.slug, row.pk])
    try:
        checked = actions.check_key(member=request.member, key=row)
    except (Invalid, Refused) as error:
        return answer(request, url, error.sentence, "bad")
    if checked.state == Key.State.REJECTED:
        return answer(request, url, checked.state_reason, "bad")
    return answer(request, url, "The key works.")


@require_POST
@member(can="key-add")
def key_rename(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    form = LabelForm(request.POST)
    if not form.is_valid():
        url = reverse("key", args=[request.team.slug, row.pk])
        return answer(request, url, "A key's name has 1 to 80 characters.", "bad")
    label = form.cleaned_data["label"]
    return carry_out(
        request,
        row,
        lambda: actions.rename_key(member=request.member, key=row, label=label),
        f"The key is now called {label}.",
    )


@require_POST
@member(can="key-add")
def key_share(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    shared = request.POST.get("shared") == "true"
    return carry_out(
        request,
        row,
        lambda: actions.share_key(member=request.member, key=row, shared=shared),
        "Members of the team can now use this key." if shared else "Only you can use this key now.",
    )


@require_POST
@member(can="key-add")
def key_pause(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    paused = request.POST.get("paused") == "true"
    return carry_out(
        request,
        row,
        lambda: actions.pause_key(member=request.member, key=row, paused=paused),
        "The key is paused. It is not used or synced until you resume it."
        if paused
        else "The key is active again.",
    )


@require_http_methods(["GET", "POST"])
@member(can="key-add")
def key_remove(request: TeamRequest, key: int) -> HttpResponse:
    row = get_key(request, key)
    stale = stale_login(request)
    if stale is not None:
        return stale
    if request.method == "GET":
        context = {"key": row, "depends": dependents(row)}
        return render_page(request, "keys/remove.html", context)
    url = reverse("keys", args=[request.team.slug])
    try:
        actions.remove_key(member=request.member, key=row)
    except (Invalid, Refused) as error:
        return answer(request, url, error.sentence, "bad")
    return answer(request, url, f"{row.label} was removed and the stored key erased.")
