"""What is done with one version of a chat in place: restore, deploy. Forks are in forks.py, its
files in files.py."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.deployments import deploy_version
from dashboard.actions.restores import restore_version
from dashboard.htmx import answer
from dashboard.models import Chat, Version
from dashboard.upstream.errors import Refused
from dashboard.views.changes import ask, attempt, chat_url, posted
from dashboard.views.refusals import explain


def get_version(chat: Chat, version: str) -> Version:
    found = get_object_or_404(chat.versions.all(), upstream_id=version)
    found.chat = chat
    return found


@require_http_methods(["GET", "POST"])
@member(can="file-change")
def restore(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    chosen = get_version(source, version)
    form = forms.Form(posted(request))
    if form.is_bound and attempt(
        form, lambda: restore_version(member=request.member, version=chosen)
    ):
        text = f"The chat is back at version {chosen.number}."
        return answer(cast(HttpRequest, request), chat_url(request, source), text)
    return ask(
        request, source, form, title=f"Restore version {chosen.number}", action="Restore",
        text="Its files become the newest version, from which v0 goes on. Nothing is lost: "
        "every version stays in the list.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@member(can="deploy")
def deploy(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    source = get_chat(request, chat)
    chosen = get_version(source, version)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = deploy_version(member=request.member, version=chosen)
        except (Refused, Invalid) as error:
            explain(form, error)
        else:
            url = reverse("deployment", args=[request.team.slug, made.upstream_id])
            return answer(cast(HttpRequest, request), url, f"Version {chosen.number} is building.")
    return ask(
        request, source, form, title=f"Deploy version {chosen.number}", action="Deploy",
        text="v0 publishes this version to the web at its own URL. You can watch the build.",
    )  # fmt: skip
