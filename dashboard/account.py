"""How allauth behaves here: who may sign up, how the secrets of second factors are stored, how
often a session is noted as seen, and whether somebody is still signed in."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from dashboard import crypto

SEEN_SECONDS = 60
# What sealed secrets of second factors are bound to. allauth does not say whose secret it is.
SECOND_FACTOR = "second-factor"
CANNOT_COMPARE = (
    "The dashboard cannot read your second factor: the key it was sealed with is missing. Ask "
    "those who run it to put that ring key back, or to remove your second factor."
)
log = structlog.get_logger(__name__)


class CannotCompare(ValidationError):
    """A stored second factor does not open. Forms say so themselves, SealedPages the pages."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals what allauth stores of authenticator apps and recovery codes with the key ring."""

    @sensitive_variables("text")
    def encrypt(self, text: str) -> str:
        return crypto.seal(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return crypto.open_sealed(encrypted_text, SECOND_FACTOR)
        except crypto.CannotOpen as failure:
            log.error("a second factor does not open", reason=str(failure))
            raise CannotCompare(CANNOT_COMPARE) from None


class SealedPages:
    """Says on the pages about second factors why they cannot be shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, CannotCompare):
            return None
        return render(request, "mfa/sealed.html", {"sentence": CANNOT_COMPARE}, status=503)


class SessionActivity:
    """Keeps “last seen” in the list of sessions true to the minute.

    allauth's own middleware writes at every request, also at each poll of a running chat.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"seen:{key}", 1, SEEN_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def session_of(request: HttpRequest) -> int:
    """The id of the row of the session in which this request's person is signed in."""
    key = request.session.session_key
    name = f"session:{key}"
    if (known := cache.get(name)) is not None:
        return int(known)
    rows = UserSession.objects.filter(session_key=key).values_list("pk", flat=True)
    if not rows:
        UserSession.objects.create_from_request(request)
        rows = rows.all()
    cache.set(name, rows[0], SEEN_SECONDS)
    return cast(int, rows[0])


def signed_in(session: int) -> int | None:
    """The id of the person who is signed in in the session with this row; None once it has ended:
    by signing out, by time, or because the password was changed elsewhere."""
    key = UserSession.objects.filter(pk=session).values_list("session_key", flat=True).first()
    return person_of(key) if key else None


def person_of(session_key: str | None) -> int | None:
    """The same for the session with this key."""
    asked = HttpRequest()
    asked.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return auth.get_user(asked).pk
