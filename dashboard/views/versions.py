"""One version of a chat, or what one was before it was edited: going back to it, deploying it.
Forks are in forks.py, its files in files.py."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid, acting
from dashboard.actions.deployments import deploy_version
from dashboard.actions.restores import Newer, restore_version, state_name
from dashboard.htmx import answer
from dashboard.models import Chat, Version
from dashboard.upstream.errors import Refused
from dashboard.views.changes import Link, ask, chat_url, posted
from dashboard.views.refusals import explain

RESTORES = {  # what v0 does then
    "v1": "v0 adds a new version with these files and goes on from it.",
    "v2": "v0 sets the chat back to this code and notes it in the conversation.",
}
LOST = {  # and where v0 has lost the files, by whether they are stored here
    True: "Where it has lost this code, the files that are stored here are written back.",
    False: "Its files are not stored here: where v0 has lost this code, nothing is changed.",
}
KEPT = "Every version stays in the list. No prompt is sent, so it costs no credits."
DEPLOYS = {
    "v1": "v0 publishes this version to the web at an address of its own. You can watch the build.",
    "v2": "v0 publishes the chat as it is now to the web, in the chat's Vercel project; if it has "
    "none, v0 makes one. How the build goes is told by Vercel only.",
}
NO_PROMPT = "No prompt is sent, so it costs no credits; Vercel may charge for what it serves."
FEW = 3  # paths named in a sentence


def get_version(chat: Chat, version: str) -> Version:
    """A version of the chat or a former state of one, by its id; 404 without one."""
    states = Version.states.filter(chat=chat).select_related("replaced_by")
    found = get_object_or_404(states, upstream_id=version)
    found.chat = chat
    return found


def compare_url(request: TeamRequest, old: Version, new: Version) -> str:
    address = reverse("chat-compare", args=[request.team.slug, new.chat.upstream_id])
    return f"{address}?{urlencode({'from': old.upstream_id, 'to': new.upstream_id})}"


class RestoreForm(forms.Form):
    """`began` names the newest version as it was when the person decided."""

    began = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@member(can="file-change")
def restore(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    chosen = get_version(source, version)
    form = RestoreForm(posted(request), initial={"began": began(source, chosen)})
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["began"]
        try:
            restore_version(member=request.member, version=chosen, began=seen)
        except Newer as newer:
            form = again(newer)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            text = f"The chat is back at {chosen.name}."
            return answer(cast(HttpRequest, request), chat_url(request, source), text)
    text, link = told(request, chosen)
    title = f"Restore {chosen.name}"
    return ask(request, source, form, title=title, action="Restore", text=text, link=link)


def newest_of(chat: Chat) -> Version | None:
    return chat.versions.order_by("-number").first()


def files_of(version: Version) -> dict[str, str]:
    """The names of the stored contents by path."""
    return dict(version.files.values_list("path", "content_id"))


def began(chat: Chat, chosen: Version) -> str:
    """What a restore of a former state replaces; v0 itself replaces nothing."""
    newest = newest_of(chat) if chosen.is_former else None
    return state_name(files_of(newest).items()) if newest else ""


def again(newer: Newer) -> RestoreForm:
    """The form for somebody who knows now what else has changed."""
    form = RestoreForm({"began": newer.began})
    few, more = newer.paths[:FEW], len(newer.paths) - FEW
    named = ", ".join(few) + (f" and {more} more" if more > 0 else "")
    form.add_error(
        None,
        "The newest version was changed in v0 since you opened this. What a restore replaces now: "
        f"{named or 'nothing'}. Look at both first, then decide.",
    )
    return form


def told(request: TeamRequest, chosen: Version) -> tuple[str, Link | None]:
    """What a restore does, in words, and where to look at it first."""
    newest = newest_of(chosen.chat) if chosen.is_former else None
    if newest is None:
        key = with_key(request, chosen.chat, to_write=True)
        return f"{does(chosen)} {KEPT} {key}", None
    present, stored = files_of(newest), files_of(chosen)
    if present == stored:
        return f"{newest!s} has these files already.", None
    newest.chat = chosen.chat
    written = "into the chat, which makes a new version"
    if chosen.chat.generation == "v1":
        written = f"into {newest.name}, the newest one"
    also = ""
    if chosen.chat.generation == "v1" and present.keys() - stored.keys():
        also = "Deleting files makes a new version. "
    text = (
        "v0 keeps nothing of what a version was before an edit. These files are written "
        f"{written}: {counted(present, stored)}. What {newest.name} has now stays in the list. "
        f"{also}No prompt is sent, so it costs no credits."
    )
    return text, Link("Compare both first", compare_url(request, newest, chosen))


def does(chosen: Version) -> str:
    """What v0 does to restore a version."""
    generation = chosen.chat.generation
    words = RESTORES.get(generation, "v0 goes back to this version.")
    return words if generation == "v1" else f"{words} {LOST[chosen.files_at is not None]}"


def counted(before: dict[str, str], after: dict[str, str]) -> str:
    """How many files change on the way, in words."""
    changed = sum(before[path] != after[path] for path in before.keys() & after.keys())
    numbers = (
        (changed, "changes", "change"),
        (len(after.keys() - before.keys()), "is added", "are added"),
        (len(before.keys() - after.keys()), "is deleted", "are deleted"),
    )
    parts = [
        f"{number} file{'s' * (number > 1)} {many if number > 1 else one}"
        for number, one, many in numbers
        if number
    ]
    return ", ".join(parts)


@require_http_methods(["GET", "POST"])
@member(can="deploy")
def deploy(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    chosen, is_v2 = get_version(source, version), source.generation == "v2"
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = deploy_version(member=request.member, version=chosen)
        except (Refused, Invalid) as error:
            explain(form, error)
        else:
            url = reverse("deployment", args=[request.team.slug, made.upstream_id])
            return answer(cast(HttpRequest, request), url, f"{chosen} is building.")
    does = DEPLOYS.get(source.generation, "v0 publishes this version to the web.")
    text = f"{does} {NO_PROMPT} {with_key(request, source, to_write=is_v2)}"
    return ask(request, source, form, title=f"Deploy {chosen.name}", action="Deploy", text=text)


def with_key(request: TeamRequest, chat: Chat, *, to_write: bool = False) -> str:
    """Which key this is done with, in a sentence; "" where there is none."""
    try:
        key = acting.key_for(request.member, chat, to_write=to_write)
    except Refused:
        return ""
    if key.owner_id == request.user.pk:
        return f"v0 is asked with your key {key}."
    return f"v0 is asked with {key}, a key that {key.owner.label} shares."
