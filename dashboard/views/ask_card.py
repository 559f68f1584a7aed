"""One ask as the chat, the inbox and its own page show it: what v0 wants to know, and the form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse

from dashboard.access import TeamRequest, can
from dashboard.actions.acting import Standing, standing, standing_asked, writers
from dashboard.actions.inbox import MOST_CHARACTERS, NOBODY_ELSE, who_confirms
from dashboard.models import Ask, Chat, User
from dashboard.upstream import asks
from dashboard.upstream.asks import Answer
from dashboard.views.reasons import unable

KINDS = {  # the word for people, and the icon
    Ask.Kind.QUESTIONS: ("Questions", "question"),
    Ask.Kind.PLAN: ("Plan", "file"),
    Ask.Kind.PERMISSIONS: ("Permission", "shield"),
    Ask.Kind.INTEGRATION: ("Integration", "link"),
    Ask.Kind.CONNECT: ("Vercel Connect", "link"),
}
TEXT_OF = {  # what the free text is for
    Ask.Kind.PLAN: "What should change, or why not (optional when you approve)",
    Ask.Kind.PERMISSIONS: "A word to v0 (optional)",
}
LONGEST_INPUT = 4_000


class AnswerForm(forms.Form):
    """An answer to this ask. Fields of questions are numbered: v0's ids could be anything."""

    do = forms.CharField(max_length=20)
    text = forms.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2, "data-draft": ""}),
    )
    names = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, ask: Ask, data: QueryDict | None = None) -> None:
        wanted = wanted_names(ask)
        super().__init__(data, auto_id=f"ask-{ask.pk}-%s")
        self.asked = ask.asked.get("questions", [])
        cast(forms.MultipleChoiceField, self.fields["names"]).choices = [
            (name, name) for name in wanted
        ]
        self.fields["text"].label = TEXT_OF.get(Ask.Kind(ask.kind), "")
        for number, question in enumerate(self.asked):
            choices = [(one["label"], one["label"]) for one in question["options"]]
            many = question["multiSelect"]
            self.fields[f"q{number}"] = (
                forms.MultipleChoiceField(
                    required=False, choices=choices, widget=forms.CheckboxSelectMultiple
                )
                if many
                else forms.ChoiceField(required=False, choices=choices, widget=forms.RadioSelect)
            )
            self.fields[f"own{number}"] = forms.CharField(
                required=False, max_length=MOST_CHARACTERS
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number, _ in enumerate(self.asked):
            if not values.get(f"q{number}") and not values.get(f"own{number}"):
                self.add_error(f"q{number}", "Choose an answer, or write your own.")
        return values

    def answer(self) -> Answer:
        values = self.cleaned_data
        selected: dict[str, list[str]] = {}
        texts: dict[str, str] = {}
        for number, question in enumerate(self.asked):
            chosen = values[f"q{number}"]
            if values[f"own{number}"] and not question["multiSelect"]:
                chosen = ""  # own words instead: a choice of one cannot be taken back
            selected[question["id"]] = (
                chosen if isinstance(chosen, list) else [chosen] * bool(chosen)
            )
            if values[f"own{number}"]:
                texts[question["id"]] = values[f"own{number}"]
        return Answer(values["do"], values["text"], selected, texts, values["names"])

    @property
    def questions(self) -> Iterator[dict[str, Any]]:
        """Each question with its fields."""
        for number, question in enumerate(self.asked):
            choice = self[f"q{number}"]
            told = [one.get("description") or "" for one in question["options"]]
            yield question | {
                "choice": choice,
                "own": self[f"own{number}"],
                "is_single": not question["multiSelect"],
                "options": zip(choice.subwidgets, told, strict=True),
            }


@dataclass
class Permission:
    """A use of a tool, as people read it before they allow it."""

    tool: str
    text: str  # the command or script where there is one
    given: str  # all that the tool is given, as JSON


@dataclass
class Card:
    """What templates/chats/ask_card.html shows."""

    ask: Ask
    url: str
    chat_url: str
    title: str
    icon: str
    form: AnswerForm
    silence: str  # why this person cannot answer; "" if they can
    needs_key: bool
    needs_second: bool = False
    is_first: bool = False  # this person has allowed it, and another one must confirm
    who_confirms: str = ""  # where two people are needed, who the second one can be
    is_stuck: bool = False  # two people are needed, and there is only one
    may_change_rule: bool = False
    risks: list[str] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> BoundField:
        return self.form["text"]


def waiting_in(request: TeamRequest, chat: Chat) -> tuple[Ask | None, Standing]:
    """What the chat's agent waits for, if it does, and what this person can do in the chat."""
    if chat.status == Chat.Status.WAITING and chat.gone_at is None:
        has_key, may_write = standing_asked(request.member, chat)
        rows = Ask.objects.waiting().filter(chat=chat).select_related("first_by")
        person = JSONObject(name="user__name", email="user__email")
        able = ArraySubquery(writers(chat).values(person=person))
        rows = rows.annotate(has_key=has_key, may_write=may_write, able=able)
        found: Any = rows.order_by("-asked_at").first()
        if found is not None:
            found.chat = chat
            return found, Standing(found.has_key, found.may_write)
    return None, standing(request.member, chat)


def able_in(ask: Ask) -> list[str]:
    """The names of those who can answer; they come with the ask where `waiting_in` found it."""
    if "able" in vars(ask):
        return [User(**person).label for person in vars(ask)["able"]]
    return [one.user.label for one in writers(ask.chat)]


def card(request: TeamRequest, ask: Ask, own: Standing, form: AnswerForm | None = None) -> Card:
    """The card with this form, or a fresh one."""
    slug = request.team.slug
    needs_second = ask.is_dangerous and request.team.two_for_danger
    told = who_confirms(request.member, ask) if needs_second and ask.is_waiting else ""
    return Card(
        ask=ask,
        url=reverse("ask", args=[slug, ask.pk]),
        chat_url=reverse("chat", args=[slug, ask.chat.upstream_id]),
        title=title(ask),
        icon=KINDS[Ask.Kind(ask.kind)][1],
        form=form or AnswerForm(ask),
        silence=unable(request.member, ask.chat, own, partial(able_in, ask)),
        needs_key=not own.has_key and can(request.member, "chat-create"),
        needs_second=needs_second,
        who_confirms=told,
        is_stuck=told == NOBODY_ELSE,
        may_change_rule=can(request.member, "team-change"),
        is_first=needs_second and is_first(request, ask),
        risks=asks.risks(ask.asked),
        permissions=[permission(one) for one in ask.asked.get("permissions", ())],
        said=asks.said(ask.kind, ask.answer) if ask.answer else {},
    )


def is_first(request: TeamRequest, ask: Ask) -> bool:
    """Whether it is this person who has allowed it."""
    return ask.state == Ask.State.SECOND and ask.first_by_id == request.user.pk


def wanted_names(ask: Ask) -> list[str]:
    """The integrations and presets that v0 asks for."""
    names = ("requestedIntegrations", "requestedMcpPresets")
    return [str(one) for name in names for one in ask.asked.get(name, ())]


def title(ask: Ask) -> str:
    """What v0 wants, in a sentence."""
    asked = ask.asked
    if ask.kind == Ask.Kind.QUESTIONS:
        number = len(asked["questions"])
        return "v0 asks a question" if number == 1 else f"v0 asks {number} questions"
    if ask.kind == Ask.Kind.PLAN:
        return "v0 proposes a plan"
    if ask.kind == Ask.Kind.PERMISSIONS:
        return "v0 asks for permission"
    if ask.kind == Ask.Kind.INTEGRATION:
        return "v0 asks you to connect something"
    return f"v0 asks you to set up {asked['connectorName']}"


def headline(ask: Ask) -> str:
    """What it is about, in a few words."""
    asked = ask.asked
    if ask.kind == Ask.Kind.QUESTIONS:
        return " ".join(str(one["question"]) for one in asked["questions"])
    if ask.kind == Ask.Kind.PLAN:
        return str(asked.get("summary") or asked["plan"].strip().splitlines()[0].lstrip("# "))
    if ask.kind == Ask.Kind.PERMISSIONS:
        uses = [permission(one) for one in asked["permissions"]]
        return ", ".join(f"{use.tool} {use.text}".strip() for use in uses)
    if ask.kind == Ask.Kind.INTEGRATION:
        return "Connect " + ", ".join(wanted_names(ask))
    return f"Set up {asked['connectorName']}"


def permission(asked: dict[str, Any]) -> Permission:
    given = asked.get("input")
    values = given if isinstance(given, dict) else {}
    text = next((str(values[name]) for name in asks.RISKS if values.get(name)), "")
    shown = "" if given is None else json.dumps(given, indent=2, ensure_ascii=False)
    return Permission(str(asked.get("toolName", "")), text, shown[:LONGEST_INPUT])
