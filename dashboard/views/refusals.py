"""What forms are made from, and how a refusal of an action reaches the form it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.http import HttpRequest, QueryDict

from dashboard.actions import Invalid, TooLarge
from dashboard.upstream.errors import Refused

TOO_LARGE = "too-large"  # the code of a form's errors about size, and v0's kind of refusal


def explain(form: forms.Form, error: Invalid | Refused) -> None:
    """Puts the sentence beside the field it is about, or above the form."""
    field = error.field if isinstance(error, Invalid) else ""
    is_large = isinstance(error, TooLarge) or getattr(error, "kind", "") == TOO_LARGE
    told = forms.ValidationError(error.sentence, code=TOO_LARGE if is_large else None)
    form.add_error(field if field in form.fields else None, told)


@contextmanager
def explained(form: forms.Form) -> Iterator[None]:
    """Explains what is refused within, and goes on."""
    try:
        yield
    except (Invalid, Refused) as error:
        explain(form, error)


def refusing(form: forms.Form) -> int:
    """The status of an answer that shows what is wrong with this form."""
    codes = {one.code for errors in form.errors.values() for one in errors.as_data()}
    return 413 if TOO_LARGE in codes else 422


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also where it is nothing at all; None for a page that is only read."""
    return request.POST if request.method == "POST" else None
