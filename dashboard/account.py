"""How allauth behaves here: who may sign up, how the secrets of second factors are stored, and how
often a session is noted as seen."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables

from dashboard import crypto

SEEN_SECONDS = 60
# What sealed secrets of second factors are bound to. allauth does not say whose secret it is.
SECOND_FACTOR = "second-factor"
CANNOT_COMPARE = (
    "The dashboard cannot open what codes of yours are compared with. Ask those who run it to put "
    "the ring key it was sealed with back, or to remove your second factor."
)
log = structlog.get_logger(__name__)


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
            raise ValidationError(CANNOT_COMPARE) from None


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
