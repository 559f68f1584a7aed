"""Prompts on their way to v0: each nonce is sent once, and an unclear outcome is looked up.

What a prompt may look like is in chat_requests.py. The looking up is in sync/submissions.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from dashboard.actions import Invalid, acting
from dashboard.models import Chat, Key, Membership, Submission
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused

FIRST_LOOK = timedelta(seconds=5)  # after an unclear answer
SOMEBODY_ELSE = (
    "Another message to this chat was being sent at the same moment, so this one was not. Look at "
    "the chat, then send it again if it still fits."
)
OTHER_WORDS = (
    "An earlier prompt was sent with this form already, so this one was not. It is kept here: send "
    "it again if it still fits."
)
NOT_TYPED = ("kind", "generation", "behind")  # of a request: what is found out when it is sent
NEW_CHAT = ("chat", "import")  # kinds of requests that begin one
LOST = timedelta(seconds=90)  # a process that has not said how it went by then has died


def submit(
    member: Membership,
    nonce: uuid.UUID,
    key: Key,
    request: dict[str, Any],
    send: Callable[[Remote], Chat],
    *,
    chat: Chat | None = None,
) -> Submission:
    """Sends what `send` sends, once per nonce; a second call gets the first one's row, unless
    something else is asked for: then Invalid is raised.

    v0's answer ends as SENT, its refusal as FAILED, and a lost connection as UNCLEAR; the kind of
    refusal is written into the row's `request`.
    """
    submission, is_new = Submission.objects.get_or_create(
        nonce=nonce,
        defaults={
            "team_id": member.team_id,
            "user_id": member.user_id,
            "key": key,
            "chat": chat,
            "request": request,
            "follow_at": timezone.now() + LOST,
        },
    )
    if not is_new:
        if (submission.team_id, submission.user_id) != (member.team_id, member.user_id):
            raise PermissionDenied("This prompt was sent by somebody else.")
        told = {name: value for name, value in request.items() if name not in NOT_TYPED}
        if any(submission.request.get(name) != value for name, value in told.items()):
            raise Invalid("nonce", OTHER_WORDS)
        return submission
    if chat is not None and is_being_written_to(chat, submission):
        return settle(submission, Submission.State.FAILED, error=SOMEBODY_ELSE)
    try:
        with acting.remote(key) as remote:
            found = send(remote)
    except Refused as given:
        refusal = given if chat is None else acting.or_gone(given, key, chat)
        unclear = refusal.kind in acting.UNCLEAR
        state = Submission.State.UNCLEAR if unclear else Submission.State.FAILED
        look = timezone.now() + FIRST_LOOK if unclear else None
        told = {"request": {**request, "refusal": refusal.kind}, "error": refusal.sentence}
        return settle(submission, state, follow_at=look, **told)
    return settle(submission, Submission.State.SENT, chat=found)


def is_being_written_to(chat: Chat, mine: Submission) -> bool:
    """Whether an earlier prompt to this chat is on its way this moment."""
    since = timezone.now() - LOST
    earlier = Submission.objects.filter(chat=chat, pk__lt=mine.pk, created_at__gte=since)
    return earlier.filter(state=Submission.State.SENDING).exists()


def while_writing(chat: Chat, refusal: Refused) -> Refused:
    """The refusal of a further prompt; where v0 still writes for somebody, it says for whom."""
    chat.refresh_from_db(fields=["status", "running_since"])
    if refusal.kind not in ("conflict", "invalid") or chat.status != Chat.Status.RUNNING:
        return refusal
    last = Submission.objects.filter(chat=chat, state=Submission.State.SENT).order_by("-pk").first()
    who = f", for {last.user.label}" if last else ""
    sentence = f"v0 is still writing in this chat{who}. Send this once it has finished."
    return Refused(sentence, kind="conflict")


def unsent(
    member: Membership, chat: Chat | None = None, *, but: uuid.UUID | None = None
) -> Submission | None:
    """What this person told v0 last, in this chat or for a new one, where v0 refused it; it waits
    in their form until something else is sent or they drop it. What has the nonce `but` does not
    count."""
    asked = {"chat": chat, "request__kind": "message"} if chat else {"request__kind__in": NEW_CHAT}
    rows = Submission.objects.filter(team=member.team_id, user=member.user_id, **asked)
    if but is not None:
        rows = rows.exclude(nonce=but)
    last = rows.order_by("-pk").first()
    if last is None or last.state != Submission.State.FAILED or last.request.get("dropped"):
        return None
    return last


def last_state(member: Membership) -> Subquery:
    """How the last of this person's messages to a chat went, for a query of chats that is made
    anyway: only where it failed there may be something unsent."""
    rows = Submission.objects.filter(
        team=member.team_id, user=member.user_id, chat=OuterRef("pk"), request__kind="message"
    )
    return Subquery(rows.order_by("-pk").values("state")[:1])


def drop(member: Membership, submission: Submission) -> None:
    """Forgets the words of a refused prompt of one's own; that it was sent once stays known."""
    own = Submission.objects.filter(team=member.team_id, user=member.user_id, pk=submission.pk)
    request = {"kind": submission.request.get("kind"), "dropped": True}
    own.filter(state=Submission.State.FAILED).update(request=request)


def settle(submission: Submission, state: Submission.State, **values: Any) -> Submission:
    """Writes the outcome, unless the follower has found out meanwhile."""
    unsettled = [Submission.State.SENDING, Submission.State.UNCLEAR]
    values = {"follow_at": None, "error": "", **values}
    values["error"] = values["error"][:500]
    with transaction.atomic():
        Submission.objects.filter(pk=submission.pk, state__in=unsettled).update(
            state=state, updated_at=timezone.now(), **values
        )
    submission.refresh_from_db()
    return submission
