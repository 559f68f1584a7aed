"""Forks and new projects are made once per nonce: a double click makes one, and an unclear
outcome is looked up before anybody may try again."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dashboard.actions import acting, submissions
from dashboard.models import Key, Membership, Submission
from dashboard.sync.submissions import look_up
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused

PATIENCE = 10.0  # seconds that a second click waits for the first
LOOK_EVERY = 0.1
STATE = Submission.State
UNDER_WAY = "This is under way already. Wait a moment, then look at the list."
LOOKED_FOR = (
    "v0’s answer was lost on its way, so this may or may not have happened. It is looked for in "
    "the next minutes and appears here by itself if it has. Pressing again makes no second one."
)


def once(
    member: Membership,
    nonce: uuid.UUID,
    key: Key,
    remote: Remote,
    request: dict[str, Any],
    make: Callable[[Submission], None],
) -> Submission:
    """Calls `make` once per nonce; it stores what v0 answered and settles the submission.

    A further call gets the first one's outcome. What v0 refused may be tried with the same nonce.
    """
    submission, is_mine = begin(member, nonce, key, request)
    if not is_mine:
        return outcome(submission, remote)
    try:
        make(submission)
    except Refused as refusal:
        if refusal.kind not in acting.UNCLEAR:
            submissions.settle(submission, STATE.FAILED, error=refusal.sentence)
            raise
        look = timezone.now() + submissions.FIRST_LOOK
        submissions.settle(submission, STATE.UNCLEAR, error=refusal.sentence, follow_at=look)
        return outcome(submission, remote)
    submission.refresh_from_db()
    return submission


def begin(
    member: Membership, nonce: uuid.UUID, key: Key, request: dict[str, Any]
) -> tuple[Submission, bool]:
    """The submission of this nonce, and whether it is the caller who may send it."""
    values = {"key": key, "request": request, "follow_at": timezone.now() + submissions.LOST}
    owner = {"team_id": member.team_id, "user_id": member.user_id}
    submission, is_new = Submission.objects.get_or_create(nonce=nonce, defaults=values | owner)
    if is_new:
        return submission, True
    same = all(submission.request.get(name) == request.get(name) for name in ("kind", "version"))
    if not same or (submission.team_id, submission.user_id) != (member.team_id, member.user_id):
        raise PermissionDenied("This was sent by somebody else.")
    again = Submission.objects.filter(pk=submission.pk, state=STATE.FAILED).update(
        state=STATE.SENDING, error="", created_at=timezone.now(), **values
    )
    submission.refresh_from_db()
    return submission, bool(again)


def outcome(submission: Submission, remote: Remote) -> Submission:
    """What came of a submission that somebody has sent; raises Refused where that is unknown."""
    end = time.monotonic() + PATIENCE
    while submission.state == STATE.SENDING and time.monotonic() < end:
        time.sleep(LOOK_EVERY)
        submission.refresh_from_db()
    if submission.state == STATE.UNCLEAR:
        with suppress(Refused):  # the follower looks again
            look_up(remote, submission)
        submission.refresh_from_db()
    if submission.state == STATE.SENT:
        return submission
    if submission.state == STATE.FAILED:
        raise Refused(submission.error, kind="invalid")
    sentence = LOOKED_FOR if submission.state == STATE.UNCLEAR else UNDER_WAY
    raise Refused(sentence, kind="unclear" if submission.state == STATE.UNCLEAR else "conflict")
