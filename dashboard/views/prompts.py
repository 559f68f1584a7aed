"""The form of a prompt, which a new chat and a further message share, and where one leads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from dashboard.access import TeamRequest
from dashboard.actions.chat_requests import (
    BY_ADDRESS,
    KINDS,
    LARGEST_UPLOAD,
    LARGEST_UPLOADS,
    MEGABYTE,
    MOST_ATTACHMENTS,
    Upload,
    too_large,
)
from dashboard.actions.prompts import first_nonce, wishes
from dashboard.models import Submission, Team
from dashboard.templatetags.ui import PRIVACY
from dashboard.views.estimates import Estimate, estimates
from dashboard.views.mcp_servers import TICKED, ids_field, ids_in
from dashboard.views.refusals import TOO_LARGE, refusing

MODEL_IDS = ("v0-mini", "v0-pro", "v0-max", "v0-max-fast")  # known today; any other is let through
MODELS = [("", "v0's choice"), *((name, name) for name in MODEL_IDS)]
INCOMPLETE = "Part of this form was missing. It is complete now: please send it again."
TEXTAREA = forms.Textarea
OFFERED_PRIVACY = [
    (value, f"{PRIVACY[value][0]} — {told}")
    for value, told in (
        ("private", "only you"),
        ("team", "your v0 team can view"),
        ("team-edit", "your v0 team can view and edit"),
        ("unlisted", "anyone with the link"),
        ("public", "everybody"),
    )
]


def plain_lines(text: str) -> str:
    """A form's text with the line ends that v0 expects."""
    return text.replace("\r\n", "\n")


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Any, files: MultiValueDict[str, UploadedFile[Any]], name: str
    ) -> list[UploadedFile[Any]]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class UploadsField(forms.FileField):
    """Files from somebody's computer, none of them larger than `most` bytes.

    The browser tells of that when files are chosen, and of how large they are `together` and how
    many they are, which the action checks. `instead` says what to do then.
    """

    def __init__(
        self,
        *,
        most: int,
        together: int = 0,
        count: int = 1,
        instead: str = BY_ADDRESS,
        **options: Any,
    ) -> None:
        self.most, self.together, self.count, self.instead = most, together, count, instead
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            "data-largest": self.most,
            "data-together": self.together,
            "data-most": self.count,
            "data-instead": self.instead,
        }

    def clean(
        self, data: Sequence[UploadedFile[Any]], initial: object = None
    ) -> tuple[Upload, ...]:
        for file in data:
            if (file.size or 0) > self.most:
                told = too_large(file.name or "", file.size or 0, self.most, self.instead)
                raise forms.ValidationError(told, code=TOO_LARGE)
        return tuple(Upload(file.name or "", file.read()) for file in data)


ALONG = {
    "system": "the system prompt",
    "skills": "the skills",
    "image_generations": "making images",
    "thinking": "thinking",
}


class PromptForm(forms.Form):
    """A prompt, sent once per nonce. What it may contain is settled by the action."""

    nonce = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE))
    prompt = forms.CharField(
        label="What should v0 build?",
        strip=False,
        error_messages={"required": "Write what v0 should do."},
        widget=TEXTAREA(attrs={"rows": 7, "data-grow": "7"}),
    )
    model_id = forms.CharField(
        required=False, max_length=60, label="Model", widget=forms.Select(choices=MODELS)
    )
    uploads = UploadsField(
        most=LARGEST_UPLOAD,
        together=LARGEST_UPLOADS,
        count=MOST_ATTACHMENTS,
        required=False,
        label="Attach files",
        widget=ManyFiles(attrs={"accept": ",".join(f".{end}" for end in KINDS)}),
        help_text=f"Up to {MOST_ATTACHMENTS} images, Figma files and ZIP archives, "
        f"{LARGEST_UPLOAD // MEGABYTE} MB each and {LARGEST_UPLOADS // MEGABYTE} MB together. "
        "Larger ones by address.",
    )
    attachments = forms.CharField(
        required=False,
        label="Attach by address",
        widget=TEXTAREA(attrs={"rows": 2, "placeholder": "https://…", "spellcheck": "false"}),
        help_text="Images, Figma designs or other files, one address per line.",
    )
    mcp_servers = ids_field()

    team: Team | None = None  # whose history tells what it will cost
    begins = False  # whether it is the first prompt of a chat
    unsent: Submission | None = None  # what v0 refused of it, and why

    @property
    def estimates(self) -> list[Estimate]:
        """What the prompt will probably cost, for each model that is offered."""
        offered = [value for value, _ in MODELS]
        return estimates(self.team, offered, first=self.begins) if self.team else []

    @property
    def usable_nonce(self) -> str:
        """The nonce the form came with, or a new one where that was none or can be used no more."""
        is_lost = (self.is_bound and self.unsent) or "nonce" in self.errors
        return str(uuid.uuid4()) if is_lost else str(self["nonce"].value())

    @property
    def lost_files(self) -> list[str]:
        """Names of the files it came with: a browser without JavaScript forgets them."""
        return [file.name or "" for name in self.files for file in self.files.getlist(name)]

    @property
    def goes_along(self) -> str:
        """What the refused prompt asked for and this form has no fields for, in words."""
        left = wishes(self.unsent)
        return ", ".join(word for name, word in ALONG.items() if name in left)

    def was_refused(self, sent: Submission) -> bool:
        """Whether v0 refused what this form sent. The form says so then, and can be sent again."""
        if sent.nonce == self.cleaned_data["nonce"] and sent.state == sent.State.FAILED:
            self.unsent = sent
        return self.unsent is not None

    @property
    def status(self) -> int:
        """Of the answer that shows the form with what is wrong with it, or was."""
        is_large = self.unsent is not None and self.unsent.request.get("refusal") == TOO_LARGE
        return 413 if is_large else refusing(self)

    def clean_prompt(self) -> str:
        return plain_lines(self.cleaned_data["prompt"])

    def clean_attachments(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["attachments"].split())

    def clean_mcp_servers(self) -> tuple[str, ...]:
        ticked = cast(Any, self.data).getlist(TICKED)  # without JavaScript
        return tuple(ids_in(" ".join([self.cleaned_data["mcp_servers"], *ticked])))


def initial(values: dict[str, Any]) -> dict[str, Any]:
    """A form's start, from the fields of a submission or of an address; with a nonce of its own."""
    kept = {name: value for name, value in values.items() if name != "uploads"}
    for name in ("attachments", "mcp_servers"):
        listed = kept.get(name, ())
        kept[name] = "\n".join(listed) if isinstance(listed, list | tuple) else listed
    return {**kept, "nonce": uuid.uuid4()}


def next_url(request: TeamRequest, sent: Submission) -> str:
    """Where a prompt leads: to its chat once it has arrived, else to its own page."""
    if (first := first_prompt(sent)) is not None:
        return next_url(request, first)
    if sent.state == Submission.State.SENT and sent.chat and not first_prompt_left(sent):
        return reverse("chat", args=[request.team.slug, sent.chat.upstream_id])
    return reverse("submission", args=[request.team.slug, sent.nonce])


def first_prompt(sent: Submission) -> Submission | None:
    """The prompt that followed the code a chat began with."""
    if sent.request.get("kind") != "import":
        return None
    rows = Submission.objects.filter(team=sent.team_id, user=sent.user_id)
    return rows.filter(nonce=first_nonce(sent.nonce)).select_related("chat").first()


def first_prompt_left(sent: Submission) -> bool:
    """Whether a chat was made from code, and its prompt has not been sent."""
    waits = sent.request.get("kind") == "import" and bool(sent.request.get("prompt"))
    return waits and sent.state == Submission.State.SENT and first_prompt(sent) is None
