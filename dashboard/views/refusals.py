"""What forms are made from, and how a refusal of an action reaches the form it came from."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, QueryDict

from dashboard.actions import Invalid
from dashboard.upstream.errors import Refused


def explain(form: forms.Form, error: Invalid | Refused) -> None:
    """Puts the sentence beside the field it is about, or above the form."""
    field = error.field if isinstance(error, Invalid) else ""
    form.add_error(field if field in form.fields else None, error.sentence)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also where it is nothing at all; None for a page that is only read."""
    return request.POST if request.method == "POST" else None
