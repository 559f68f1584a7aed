"""Asks people to prove who they are again before something sensitive, when their login is old."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpResponse

from dashboard.access import TeamRequest
from dashboard.htmx import go_to


def stale_login(request: TeamRequest) -> HttpResponse | None:
    """Where to send somebody whose last proof is too old; None when it is fresh.

    allauth's own decorator keeps a refused POST in the session to play it again, which would
    store a pasted key in the clear. Here the form is simply asked for again.
    """
    proofs = get_authentication_records(request, request.user)
    # A session cannot be older than its account, and signing up leaves no record of a proof.
    joined = request.user.date_joined.timestamp()
    latest = max([joined, *(float(proof["at"]) for proof in proofs)])
    if time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return None
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:  # nothing to prove it with: a login through somebody else's service
        return None
    return go_to(request, f"{methods[0]['url']}?{urlencode({'next': request.get_full_path()})}")
