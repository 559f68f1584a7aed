"""A new chat that begins with a version: as v0 copies it, or from the files stored here."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.forks import NOT_STORED, fork_stored
from dashboard.actions.versions import UNFINISHED, fork_version
from dashboard.htmx import answer
from dashboard.models import Chat, Generation, Version
from dashboard.upstream import can
from dashboard.upstream.errors import Refused
from dashboard.views.changes import ask
from dashboard.views.prompts import OFFERED_PRIVACY
from dashboard.views.refusals import explain, posted
from dashboard.views.versions import get_version

COPY = "copy"
COPIES = {
    "v1": "As v0 forks it, with its conversation",
    "v2": "As v0 duplicates the chat, with its conversation",
}
FORKS = (
    "v0 makes a new chat that begins with this version, under the account of the key. This chat "
    "stays as it is. No prompt is sent, so it costs no credits; what you ask for there does."
)
EDITED = "v0 copies this version only as it was edited since."
GONE = "v0 has deleted this chat, so the new one begins with the files that are stored here."


class ForkForm(forms.Form):
    """The ways are those that there are for this version."""

    nonce = forms.UUIDField(required=False, widget=forms.HiddenInput)
    way = forms.ChoiceField(label="How", required=False, widget=forms.RadioSelect)
    privacy = forms.ChoiceField(
        label="Who can see the new chat", choices=OFFERED_PRIVACY, initial="private"
    )

    def __init__(self, version: Version, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices, self.note = ways(version)
        self.first = choices[0][0] if choices else ""
        self.initial = {**self.initial, "way": self.first, "nonce": uuid.uuid4()}
        cast(forms.ChoiceField, self.fields["way"]).choices = choices
        if len(choices) < 2:
            del self.fields["way"]

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data.get("way") or self.first)


def ways(version: Version) -> tuple[list[tuple[str, str]], str]:
    """How a version can be forked, and a sentence on what cannot be."""
    chat, found = version.chat, []
    lacking = not_copied(version)
    if chat.gone_at is None and not lacking:
        found.append((COPY, COPIES.get(chat.generation, "As v0 copies it")))
    if version.files_at is not None:
        begun = [chat.generation, *(one for one in Generation.values if one != chat.generation)]
        found += [(one, f"From its files alone, as a new chat of API {one}") for one in begun]
    if chat.gone_at is not None:
        note = GONE
    else:
        note = f"{lacking} Its stored files can still begin a chat." if lacking else ""
    return found, note if found else NOT_STORED


def not_copied(version: Version) -> str:
    """Why v0 itself has no copy of this to give, in a sentence; "" where it has."""
    if version.is_former:
        return EDITED
    if version.status != Version.Status.COMPLETED:
        return UNFINISHED
    is_newest = not version.chat.versions.filter(number__gt=version.number).exists()
    return "" if is_newest else can(version.chat.generation, "fork_version") or ""


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def fork(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    begun = get_version(source, version)
    form = ForkForm(begun, posted(cast(HttpRequest, request)))
    if form.is_bound and form.is_valid():
        try:
            made = forked(request, form, begun)
        except (Refused, Invalid) as error:
            explain(form, error)
        else:
            url = reverse("chat", args=[request.team.slug, made.upstream_id])
            return answer(cast(HttpRequest, request), url, f"Forked {begun.name}.")
    return ask(
        request, source, form, title=f"Fork {begun.name}", action="Fork",
        text=f"{FORKS} {form.note}".strip(),
    )  # fmt: skip


def forked(request: TeamRequest, form: ForkForm, version: Version) -> Chat:
    """Does it, in the chosen way."""
    fields = {
        "member": request.member,
        "version": version,
        "nonce": form.cleaned_data["nonce"] or uuid.uuid4(),
        "privacy": form.cleaned_data["privacy"],
    }
    if form.chosen == COPY:
        return fork_version(**fields)
    return fork_stored(**fields, generation=form.chosen)
