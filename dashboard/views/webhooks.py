"""Webhooks of the team's keys: the list, one with what it brought, and adding, changing, deleting.

The address that v0 posts to is in hints.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard import crypto
from dashboard.access import TeamRequest, can, get_webhook, member
from dashboard.actions import Invalid, webhooks
from dashboard.htmx import answer, render_page
from dashboard.models import Chat, Delivery, Generation, Key, Webhook
from dashboard.sync.webhooks import address
from dashboard.upstream.errors import Refused
from dashboard.views.refusals import explain, posted

DELIVERIES_SHOWN = 30
BODY_SHOWN = 4_000  # characters
CHATS_OFFERED = 200
EVENT_WORDS = {
    "chat.created": "A chat was created",
    "chat.updated": "A chat was changed",
    "chat.deleted": "A chat was deleted",
    "message.created": "A message was written",
    "message.updated": "A message was changed",
    "message.deleted": "A message was deleted",
    "message.finished": "v0 finished a message",
}
OUTCOMES = {
    Delivery.Outcome.LOOK: ("The chat is read again", "The chat was read again", "ok"),
    Delivery.Outcome.SYNC: ("The next sync was brought forward",) * 2 + ("live",),
    Delivery.Outcome.NOTHING: ("Nothing: the key is paused or rejected",) * 2 + ("warn",),
}


@dataclass
class Row:
    """A webhook as the pages show it. `chat` is None where it hears of every chat."""

    webhook: Webhook
    chat: Chat | None
    may_change: bool
    is_mine: bool

    @property
    def api(self) -> str:
        return " and ".join(self.webhook.generations) or "unknown"

    @property
    def place(self) -> str:
        return "This dashboard" if self.webhook.is_ours else self.webhook.host or "unknown"

    @property
    def events(self) -> list[tuple[str, str]]:
        """Each event with its words."""
        return [(name, EVENT_WORDS.get(name, "")) for name in map(str, self.webhook.events)]

    @property
    def hears_all(self) -> bool:
        return set(webhooks.EVENTS) <= set(self.webhook.events)

    @property
    def is_counted(self) -> bool:
        """Whether what it should have told of and did not is known."""
        return self.hears_all and not self.webhook.upstream_chat_id


@dataclass
class Arrival:
    """One delivery. `body` is None for everybody but the key's holder."""

    event: str
    received_at: Any
    chat: Chat | None
    text: str
    tone: str
    body: str | None


def rows_of(request: TeamRequest, found: Sequence[Webhook]) -> list[Row]:
    """Those that the person may know of: of single chats only where they see the chat."""
    chats = chats_by_id(request, [one.upstream_chat_id for one in found])
    rows = []
    for one in found:
        chat, is_mine = chats.get(one.upstream_chat_id), one.key.owner_id == request.user.pk
        if chat is not None or is_mine or not one.upstream_chat_id:
            change = webhooks.may_change(request.member, one)
            rows.append(Row(one, chat, change, is_mine))
    return rows


def chats_by_id(request: TeamRequest, ids: Sequence[str]) -> dict[str, Chat]:
    """The chats among these that the person sees."""
    wanted = {id_ for id_ in ids if id_}
    rows = Chat.objects.visible_to(request.member).filter(upstream_id__in=wanted)
    return {chat.upstream_id: chat for chat in rows} if wanted else {}


@require_GET
@member()
def webhooks_list(request: TeamRequest) -> HttpResponse:
    found = Webhook.objects.present().filter(team=request.team).select_related("key__owner")
    rows = rows_of(request, list(found.order_by("name", "pk")))
    keys = list(webhooks.keys_to_listen_with(request.member))
    context = {
        "rows": [row for row in rows if row.webhook.upstream_id],
        "waiting": [row for row in rows if not row.webhook.upstream_id],
        "why_not": why_not_add(request, keys),
        "has_key": bool(keys),
        "may_sync": can(request.member, "sync-run") and bool(keys),
    }
    return render_page(cast(HttpRequest, request), "webhooks/list.html", context)


def why_not_add(request: TeamRequest, keys: Sequence[Key]) -> str:
    """Why nothing can be added, in words; "" where it can."""
    if not can(request.member, "webhook-change"):
        return "Your role is viewer: members, admins and owners add webhooks."
    if not keys:
        return "You need a v0 key of your own: v0 tells of the chats that the key sees."
    return webhooks.why_not()


@require_GET
@member()
def webhook(request: TeamRequest, webhook: int) -> HttpResponse:
    one = get_webhook(request, webhook)
    (row,) = rows_of(request, [one])
    newest = one.deliveries.order_by("-id")[:DELIVERIES_SHOWN]
    context = {
        "row": row,
        "webhook": one,
        "address": whole_address(row) if row.may_change or row.is_mine else "",
        "arrivals": arrivals(request, row, list(newest)),
    }
    return render_page(
        cast(HttpRequest, request), "webhooks/webhook.html", context, fragments=("arrivals",)
    )


def whole_address(row: Row) -> str:
    """A foreign address, for those who may know it."""
    if row.webhook.is_ours or not row.webhook.sealed_address:
        return ""
    try:
        return address(row.webhook)
    except crypto.CannotOpen:
        return ""


def arrivals(request: TeamRequest, row: Row, found: Sequence[Delivery]) -> list[Arrival]:
    chats = chats_by_id(request, [one.upstream_chat_id for one in found])
    rows = []
    for one in found:
        before, after, tone = OUTCOMES[Delivery.Outcome(one.outcome)]
        body = bytes(one.body).decode(errors="replace")[:BODY_SHOWN] if row.is_mine else None
        text = after if one.looked_at else before
        chat = chats.get(one.upstream_chat_id)
        rows.append(Arrival(one.event, one.received_at, chat, text, tone, body))
    return rows


class EventsForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="v0 shows it beside the address.")
    events = forms.MultipleChoiceField(
        label="Tell of",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )

    def __init__(self, known: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = dict.fromkeys([*webhooks.EVENTS, *known])
        events = cast(forms.MultipleChoiceField, self.fields["events"])
        events.choices = [
            (name, f"{EVENT_WORDS[name]} ({name})" if name in EVENT_WORDS else name)
            for name in offered
        ]


class WebhookForm(EventsForm):
    key = forms.ModelChoiceField(
        Key.objects.none(), label="v0 key", empty_label=None,
        help_text="v0 tells of the chats that the key's account sees.",
    )  # fmt: skip
    generation = forms.ChoiceField(
        label="API of v0", choices=[(one.value, one.value) for one in Generation],
        widget=forms.RadioSelect, help_text="The generation that keeps the webhook.",
    )  # fmt: skip
    chat = forms.CharField(
        required=False, max_length=500, label="Only this chat",
        help_text="A chat's id or address. Empty: every chat that the key sees.",
        widget=forms.TextInput(attrs={"list": "chats", "spellcheck": "false",
                                      "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ["key", "name", "events", "chat", "generation"]

    def __init__(self, request: TeamRequest, data: QueryDict | None) -> None:
        start = {
            "name": "v0 dashboard",
            "events": list(webhooks.EVENTS),
            "generation": request.team.generation,
            "chat": request.GET.get("chat", ""),
        }
        super().__init__((), data, initial=start)
        keys = cast("forms.ModelChoiceField[Key]", self.fields["key"])
        keys.queryset = webhooks.keys_to_listen_with(request.member)


def show_form(
    request: TeamRequest, template: str, form: forms.Form, context: Mapping[str, Any]
) -> HttpResponse:
    page, status = cast(HttpRequest, request), 422 if form.is_bound else 200
    whole = {"form": form, **context}
    return render_page(page, template, whole, fragments=("form",), status=status)


@require_http_methods(["GET", "POST"])
@member(can="webhook-change")
def webhook_add(request: TeamRequest) -> HttpResponse:
    form = WebhookForm(request, posted(request))
    if form.is_valid():
        try:
            made = webhooks.add_webhook(member=request.member, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("webhook", args=[request.team.slug, made.pk])
            return answer(cast(HttpRequest, request), url, "v0 now tells this dashboard.")
    chats = Chat.objects.visible_to(request.member).present().order_by("-updated_at", "-id")
    keys = list(webhooks.keys_to_listen_with(request.member))
    context = {"why_not": why_not_add(request, keys), "chats": chats[:CHATS_OFFERED]}
    return show_form(request, "webhooks/add.html", form, context)


@require_http_methods(["GET", "POST"])
@member(can="webhook-change")
def webhook_edit(request: TeamRequest, webhook: int) -> HttpResponse:
    one = get_webhook(request, webhook)
    webhooks.require_change(request.member, one)
    start = {"name": one.name, "events": one.events}
    form = EventsForm(one.events, posted(request), initial=start)
    if form.is_valid():
        try:
            webhooks.change_webhook(member=request.member, webhook=one, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("webhook", args=[request.team.slug, one.pk])
            return answer(cast(HttpRequest, request), url, "The webhook was changed in v0.")
    return show_form(request, "webhooks/edit.html", form, {"webhook": one})


@require_http_methods(["GET", "POST"])
@member(can="webhook-change")
def webhook_delete(request: TeamRequest, webhook: int) -> HttpResponse:
    one, page = get_webhook(request, webhook), cast(HttpRequest, request)
    webhooks.require_change(request.member, one)
    if request.method == "GET":
        return render_page(page, "webhooks/delete.html", {"webhook": one})
    url = reverse("webhooks", args=[request.team.slug])
    try:
        webhooks.delete_webhook(member=request.member, webhook=one)
    except (Invalid, Refused) as error:
        return answer(page, url, error.sentence, "bad")
    return answer(page, url, f"{one} was deleted in v0.")


@require_POST
@member(can="sync-run")
def webhooks_refresh(request: TeamRequest) -> HttpResponse:
    page, url = cast(HttpRequest, request), reverse("webhooks", args=[request.team.slug])
    try:
        webhooks.list_again(member=request.member)
    except Refused as refusal:
        return answer(page, url, refusal.sentence, "bad")
    return answer(page, url, "v0 is asked for its webhooks. Reload in a moment.")
