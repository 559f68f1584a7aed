"""The form of the playground: a conversation with its images, and what it is asked with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.http import QueryDict

from dashboard.actions.acting import usable_keys
from dashboard.actions.playground import (
    LARGEST_IMAGES,
    MOST_IMAGES,
    Request,
    Turn,
    image_again,
    with_image,
)
from dashboard.models import Key, Membership
from dashboard.views.prompts import INCOMPLETE, ManyFiles, UploadsField, plain_lines
from dashboard.views.refusals import explained

KNOWN_MODELS = ("v0-1.5-md", "v0-1.5-lg", "v0-1.0-md", "v0-mini", "v0-pro", "v0-max")


class PlaygroundForm(forms.Form):
    nonce = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )
    key = forms.ModelChoiceField(Key.objects.none(), label="v0 key", empty_label=None)
    model = forms.CharField(
        initial=KNOWN_MODELS[0],
        widget=forms.TextInput(attrs={"list": "known-models", "spellcheck": "false"}),
    )
    temperature = forms.FloatField(
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 2, "step": "0.01"}),
        help_text="0 to 2. Empty: the model's own.",
    )
    system = forms.CharField(
        required=False,
        label="System message",
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": "2"}),
    )
    images = UploadsField(
        most=LARGEST_IMAGES,
        together=LARGEST_IMAGES,
        count=MOST_IMAGES,
        instead="Take smaller images.",
        required=False,
        label="Images for the newest message",
        widget=ManyFiles(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=f"Up to {MOST_IMAGES} in a conversation, {LARGEST_IMAGES // 1_000_000} MB "
        "together. Each stays with its message.",
    )
    tools = forms.CharField(
        required=False,
        label="Tools, as JSON",
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        help_text="A list, as OpenAI's API takes it. Calls are shown, never run.",
    )

    def __init__(self, member: Membership, *data: Any) -> None:
        super().__init__(*data)
        cast("forms.ModelChoiceField[Key]", self.fields["key"]).queryset = usable_keys(member)
        self.turns = [Turn("user")]
        self.turn_errors: list[str] = []

    def clean(self) -> None:
        """Puts the conversation together. Images that were chosen go to its newest message, also
        where something else is wrong: a browser forgets what was chosen."""
        data = cast(QueryDict, self.data)
        rows = zip(data.getlist("role"), data.getlist("text"), strict=False)
        self.turns = [
            Turn(role, plain_lines(text), tuple(self.kept(data.getlist(f"image-{place}"))))
            for place, (role, text) in enumerate(rows)
        ] or self.turns
        for file in self.files.getlist("images"):
            if (file.size or 0) <= LARGEST_IMAGES:  # of others its field has told
                file.seek(0)
                with explained(self):
                    self.turns = with_image(self.turns, file.read())

    def kept(self, images: Iterable[str]) -> Iterator[str]:
        """Those of a message's images that arrived whole."""
        for image in images:
            with explained(self):
                yield image_again(image)

    def request(self) -> Request:
        told = self.cleaned_data
        texts = {name: plain_lines(told[name]) for name in ("system", "tools")}
        return Request(
            told["model"], turns=tuple(self.turns), temperature=told["temperature"], **texts
        )


class StoppedForm(forms.Form):
    """What a browser has seen of an answer that its reader stopped; times are in seconds."""

    written = forms.CharField(required=False, strip=False)
    first = forms.FloatField(required=False, min_value=0)
    seconds = forms.FloatField(min_value=0)


def change(form: PlaygroundForm, wish: str) -> None:
    """Begins anew, removes a message (`drop 0`) or an image (`without 0 1`), or adds a message.
    What else is wrong is not told yet."""
    for name in {*form.errors} - {"images"}:
        del form.errors[name]
    if wish == "anew":
        form.turns = [Turn("user")]
    elif place := re.fullmatch(r"drop (\d{1,3})", wish):
        del form.turns[int(place[1]) : int(place[1]) + 1]
        form.turns = form.turns or [Turn("user")]
    elif place := re.fullmatch(r"without (\d{1,3}) (\d{1,3})", wish):
        drop_image(form, int(place[1]), int(place[2]))
    else:
        role = "user" if form.turns[-1].role == "assistant" else "assistant"
        form.turns.append(Turn(role))


def drop_image(form: PlaygroundForm, turn: int, place: int) -> None:
    if turn < len(form.turns):
        images = list(form.turns[turn].images)
        del images[place : place + 1]
        form.turns[turn] = replace(form.turns[turn], images=tuple(images))
