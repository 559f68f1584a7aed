"""What pages offer about runs: stopping one, and what to do when one, or a deployment, failed."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import TeamRequest, get_chat, get_deployment, member
from dashboard.actions import Invalid
from dashboard.actions.acting import Standing
from dashboard.actions.running import (
    MOST_OF_ERROR,
    fix_deployment,
    fix_error,
    stop_chat,
    told_of_failure,
)
from dashboard.htmx import answer, details, go_to, render_page, toast
from dashboard.models import Chat, Deployment
from dashboard.templatetags.ui import money_to
from dashboard.upstream.errors import Refused
from dashboard.views.changes import chat_url
from dashboard.views.controls import Control
from dashboard.views.conversation import EMPTY, STOPPED, Said
from dashboard.views.estimates import estimates
from dashboard.views.prompts import INCOMPLETE, next_url, plain_lines
from dashboard.views.reasons import WRITING, is_writing, silence
from dashboard.views.refusals import explain, posted

NO_REASON = "The build failed, and v0 gave no reason."
# A line of a log that says what is wrong, the surest signs first; how much of it is shown at once.
SIGNS = [r"error\b\s*:|not found|cannot|could not|can't|unexpected", r"\berrors?\b|\bfail"]
AT_A_GLANCE = 220  # characters
BLOCK_END = re.compile(r"(?=</(?:p|li|pre|blockquote)>)|<br>")
ASK_TO_FIX = "ask v0 to fix it"


@dataclass
class Failure:
    """Why the last run came to nothing, and what can be sent: the error, or the prompt again."""

    title: str
    text: str
    error: str = ""
    asked: Said | None = None
    tone: str = "bad"
    nonce: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def prompt(self) -> str:
        return self.asked.source if self.asked else ""

    @property
    def attachments(self) -> str:
        """The addresses that were attached, one per line."""
        return "\n".join(one.url for one in self.asked.attachments if one.url) if self.asked else ""

    @property
    def lacks_files(self) -> bool:
        """Whether files were attached that are not kept here, so that they are not sent again."""
        return self.asked is not None and not all(one.url for one in self.asked.attachments)

    @property
    def reason(self) -> str:
        """The lines of the error that tell most, as much as is read at a glance."""
        lines = [line.rstrip() for line in self.error.splitlines() if line.strip()]
        signs = ((place for place, line in enumerate(lines) if re.search(sign, line, re.IGNORECASE))
                 for sign in SIGNS)  # fmt: skip
        begin = next(chain.from_iterable(signs), 0)
        return "\n".join(lines[begin : begin + 2])[:AT_A_GLANCE].strip()

    @property
    def is_longer(self) -> bool:
        """Whether the error says more than its reason."""
        return self.reason != self.error.strip()


def failure_of(chat: Chat, said: list[Said]) -> Failure | None:
    """None where the last run came to something, or still runs."""
    if chat.status == Chat.Status.RUNNING or not said or said[-1].is_ask:
        return None
    last = said[-1]
    asked = said[-2] if len(said) > 1 and said[-2].is_ask else None
    if last.ending == EMPTY:
        return Failure(
            "v0 answered nothing",
            "That happens now and then. Send the prompt again.",
            error=last.error,
            asked=asked,
        )
    if last.ending == STOPPED:
        text = "The version is unfinished. Send a message to go on."
        return Failure("This run was stopped", text, asked=asked, tone="warn")
    if chat.status != Chat.Status.FAILED:
        return None
    text = "Let v0 fix it, or ask for something else."
    return Failure("This version failed", text, error=error_of(last), asked=asked)


def error_of(last: Said) -> str:
    """What v0 said when it broke off, and what a command or tool put out last; where there is
    neither, how the answer ends."""
    outputs = [part.output for part in last.parts if part.output]
    texts = [part for part in last.parts if part.is_text]
    if told := [text for text in (last.error, *outputs[-1:]) if text]:
        return "\n\n".join(told)
    if not texts:
        return last.source or NO_REASON
    shown = texts[-1].prose or unescape(strip_tags(BLOCK_END.sub("\n", texts[-1].html)))
    return shown.strip() or NO_REASON


@require_POST
@member(can="chat-create")
def chat_stop(request: TeamRequest, chat: str) -> HttpResponse:
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    text, tone = "v0 stops as soon as it can.", "ok"
    try:
        stop_chat(member=request.member, chat=row)
    except Refused as refusal:
        text, tone = refusal.sentence, "bad"
    if details(page):
        return toast(HttpResponse(status=204), text, tone)
    return answer(page, chat_url(request, row), text, tone)


class FixForm(forms.Form):
    nonce = forms.UUIDField()
    error = forms.CharField(max_length=2 * MOST_OF_ERROR)


@require_POST
@member(can="chat-create")
def chat_fix(request: TeamRequest, chat: str) -> HttpResponse:
    row, page = get_chat(request, chat), cast(HttpRequest, request)
    form = FixForm(request.POST)
    if not form.is_valid():
        text = "The error was not sent. Reload the page and try again."
        return answer(page, chat_url(request, row), text, "bad")
    try:
        sent = fix_error(member=request.member, chat=row, **form.cleaned_data)
    except (Invalid, Refused) as error:
        return answer(page, chat_url(request, row), error.sentence, "bad")
    return go_to(page, next_url(request, sent))


def fix_control(request: TeamRequest, deployment: Deployment, own: Standing) -> Control:
    """The button that has v0 mend a failed deployment."""
    chat = deployment.chat
    why = silence(request.member, chat, own, ASK_TO_FIX)
    return Control(
        f"fix-{deployment.pk}", "Fix with v0", "wand",
        reverse("deployment-fix", args=[request.team.slug, deployment.upstream_id]),
        why or (WRITING if is_writing(chat) else ""),
    )  # fmt: skip


class DeploymentFixForm(forms.Form):
    nonce = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE)
    )
    prompt = forms.CharField(
        label="What v0 is told", strip=False, widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Write what v0 should fix."},
    )  # fmt: skip

    def clean_prompt(self) -> str:
        return plain_lines(self.cleaned_data["prompt"])

    def with_nonce(self) -> DeploymentFixForm:
        """The same form; where its nonce was missing, with a new one and a word about it."""
        if "nonce" not in self.errors:
            return self
        form = DeploymentFixForm({"prompt": self["prompt"].value(), "nonce": uuid.uuid4()})
        form.add_error(None, INCOMPLETE)
        return form


@require_http_methods(["GET", "POST"])
@member(can="chat-create")
def deployment_fix(request: TeamRequest, deployment: str) -> HttpResponse:
    row, page = get_deployment(request, deployment), cast(HttpRequest, request)
    back = reverse("deployment", args=[request.team.slug, row.upstream_id])
    if row.state != Deployment.State.FAILED:
        return answer(
            page, back, "This deployment has not failed; there is nothing to fix.", "warn"
        )
    start = {"nonce": uuid.uuid4(), "prompt": told_of_failure(row)}
    form = DeploymentFixForm(posted(page), initial=start)
    if form.is_bound and form.is_valid():
        try:
            sent = fix_deployment(member=request.member, deployment=row, **form.cleaned_data)
            return go_to(page, next_url(request, sent))
        except (Invalid, Refused) as error:
            explain(form, error)
    context = {
        "chat": row.chat, "form": form.with_nonce(), "title": "Fix with v0", "action": "Send to v0",
        "text": what_a_fix_does(request, row), "back": back,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render_page(page, "chats/ask.html", context, fragments=("ask",), status=status)


def what_a_fix_does(request: TeamRequest, deployment: Deployment) -> str:
    """What is sent where, from which state v0 goes on, and what that will probably cost."""
    chat = deployment.chat
    text = (
        f"v0 gets this as a message in “{chat.label}” and answers with a new version, which you "
        "can then deploy."
    )
    if deployment.version.number < chat.version_count:
        text += (
            f" It goes on from version {chat.version_count}, the newest one, not from version "
            f"{deployment.version.number}: look whether the error is still there."
        )
    (usual,) = estimates(request.team, [chat.model_id], first=False)
    if not usual.count:
        return f"{text} The answer costs v0 credits, like any other message."
    return f"{text} The answer will probably cost {money_to(usual.low, usual.high)}."
