"""The team's inbox: everything that agents wait for, and the page on which one is answered."""

from __future__ import annotations

from typing import cast

from django import forms
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import TeamRequest, get_ask, member, require
from dashboard.actions import Invalid
from dashboard.actions import inbox as actions
from dashboard.actions.acting import standing
from dashboard.actions.inbox import AlreadyAnswered
from dashboard.htmx import answer, details, render_page
from dashboard.models import Ask, Author
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import SetupRecord
from dashboard.views.ask_card import KINDS, AnswerForm, card, headline
from dashboard.views.refusals import explain, posted

PER_PAGE = 30
CHECKED_SECONDS = 3  # several people who wait for one set-up ask v0 once
SETUP_WORDS = {
    "pending": ("Nobody has set it up yet.", "quiet"),
    "ready": ("It is set up: v0 can go on.", "ok"),
    "failed": ("The set-up failed.", "bad"),
}


class InboxFilters(forms.Form):
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Waiting"), ("closed", "Answered"), ("all", "All")],
    )
    kind = forms.ChoiceField(
        required=False,
        label="Kind",
        choices=[("", "Any kind"), *((str(kind), word) for kind, (word, _) in KINDS.items())],
    )
    author = forms.ChoiceField(required=False, label="Owner")
    dangerous = forms.BooleanField(required=False, label="Dangerous")

    def __init__(self, request: TeamRequest) -> None:
        super().__init__(request.GET)
        authors = Author.objects.filter(team=request.team).order_by("name", "email", "id")
        cast(forms.ChoiceField, self.fields["author"]).choices = [
            ("", "Anybody"),
            *((author.upstream_id, str(author)) for author in authors),
        ]

    def narrow(self, rows: QuerySet[Ask]) -> QuerySet[Ask]:
        """Only what the filters ask for; the oldest that waits, or the newest that does not."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if "kind" in wanted:
            rows = rows.filter(kind=wanted["kind"])
        if "author" in wanted:
            rows = rows.filter(chat__author__upstream_id=wanted["author"])
        if "dangerous" in wanted:
            rows = rows.filter(is_dangerous=True)
        waits = [Ask.State.OPEN, Ask.State.SECOND]
        if wanted.get("state") == "all":
            return rows.order_by("-asked_at", "-pk")
        if wanted.get("state") == "closed":
            return rows.exclude(state__in=waits).order_by("-asked_at", "-pk")
        return rows.filter(state__in=waits).order_by("asked_at", "pk")

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.values())


@require_GET
@member()
def inbox(request: TeamRequest) -> HttpResponse:
    filters = InboxFilters(request)
    seen = Ask.objects.visible_to(request.member)
    rows = filters.narrow(seen.select_related("chat__author", "first_by", "answered_by"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [described(row) for row in page.object_list]
    context = {"filters": filters, "active": filters.active, "page": page}
    return render_page(request, "inbox/list.html", context, fragments=("rows",))


def described(row: Ask) -> Ask:
    """Gives an ask the words that the list shows."""
    word, icon = KINDS[Ask.Kind(row.kind)]
    row.word, row.icon, row.headline = word, icon, headline(row)  # type: ignore[attr-defined]
    return row


@require_http_methods(["GET", "POST"])
@member()
def ask(request: TeamRequest, ask: int) -> HttpResponse:
    row = get_ask(request, ask)
    form = AnswerForm(row, posted(request)) if request.method == "POST" else None
    if form is not None:
        require(request.member, "chat-create")
        done = sent(request, row, form)
        if done is not None:
            return done
    back = request.POST.get("back", "inbox")
    shown = card(request, row, standing(request.member, row.chat), form)
    context = {"card": shown, "chat": row.chat, "back": back}
    page = cast(HttpRequest, request)
    return render_page(page, "inbox/ask.html", context, fragments=("ask-card",),
                       status=422 if form is not None else 200)  # fmt: skip


def sent(request: TeamRequest, row: Ask, form: AnswerForm) -> HttpResponse | None:
    """Where to go after the answer; None where the form says what is wrong with it."""
    page = cast(HttpRequest, request)
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw_ask(member=request.member, ask=row)
            return answer(page, back_url(request, row), "Taken back. Nothing was sent to v0.")
        if not form.is_valid():
            return None
        done = actions.answer_ask(member=request.member, ask=row, answer=form.answer())
    except AlreadyAnswered as refusal:
        return answer(page, back_url(request, row), refusal.sentence, "warn")
    except (Invalid, Refused) as error:
        explain(form, error)
        return None
    if done.state == Ask.State.SECOND:
        text = "Allowed. Another person has to confirm it before v0 goes on."
        return answer(page, back_url(request, row), text, "warn")
    return answer(page, back_url(request, row), "Answered. v0 goes on.")


def back_url(request: TeamRequest, row: Ask) -> str:
    """The inbox for whoever came from there, else the chat."""
    if request.POST.get("back") == "inbox":
        return reverse("inbox", args=[request.team.slug])
    return reverse("chat", args=[request.team.slug, row.chat.upstream_id])


@require_POST
@member(can="chat-create")
def ask_setup(request: TeamRequest, ask: int) -> HttpResponse:
    """How far the set-up is: beside the button that asked, or as a message on the page."""
    row, page = get_ask(request, ask), cast(HttpRequest, request)
    try:
        found = setup_of(request, row)
    except AlreadyAnswered as refusal:
        return answer(page, back_url(request, row), refusal.sentence, "warn")
    except (Invalid, Refused) as error:
        found = SetupRecord("unknown", str(error))
    words, tone = SETUP_WORDS.get(found.state, ("", "bad"))
    text = " ".join(filter(None, [words, found.text if found.state != "ready" else ""]))
    if not details(page):
        return answer(page, reverse("ask", args=[request.team.slug, row.pk]), text, tone)
    shown = card(request, row, standing(request.member, row.chat))
    context = {"card": shown, "setup": found, "text": text, "tone": tone}
    return render_page(page, "inbox/setup.html", context)


def setup_of(request: TeamRequest, row: Ask) -> SetupRecord:
    name = f"setup:{row.pk}"
    found = cache.get(name)
    if found is None:
        record = actions.check_setup(member=request.member, ask=row)
        cache.set(name, (record.state, record.text), CHECKED_SECONDS)
        return record
    return SetupRecord(*found)
