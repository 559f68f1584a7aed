"""Versions: going on from one in a chat of its own."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from dashboard import access
from dashboard.actions import Invalid, acting, history, submissions
from dashboard.actions.once import once
from dashboard.models import Chat, Membership, Submission, Version
from dashboard.sync import made
from dashboard.sync.submissions import CLOCKS_DIFFER, FORK
from dashboard.upstream.errors import Refused

A_WHILE = CLOCKS_DIFFER * 2
EDITED = (
    "v0 has this version only as it was edited since. Begin a chat with the stored files instead."
)
UNFINISHED = "v0 did not finish this version, so it copies nothing of it."


def fork_version(
    *,
    member: Membership,
    version: Version,
    nonce: uuid.UUID,
    privacy: str = Chat.Privacy.PRIVATE,
) -> Chat:
    """A new chat that begins with this version. v0 keeps no lineage, so the row here does."""
    access.require(member, "chat-create")
    if privacy not in Chat.Privacy.values:
        raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
    if version.is_former:
        raise Refused(EDITED, kind="gone")
    if version.status != Version.Status.COMPLETED:
        raise Refused(UNFINISHED, kind="conflict")
    source = version.chat
    with acting.remote_of_chat(member, source) as (key, remote):

        def make(submission: Submission) -> None:
            record = remote.fork(source.upstream_id, version.upstream_id, privacy)
            with transaction.atomic():
                fork = made.keep_fork(key, record, version)
                after = made.fork_details(fork)
                history.record(member, "chat.fork", target=fork, chat=fork, key=key, after=after)
                submissions.settle(submission, Submission.State.SENT, chat=fork)

        sent = once(member, nonce, key, remote, request_of(version, privacy), make)
    if sent.chat is None:
        raise Invalid("nonce", "Reload the page and try again.")
    return sent.chat


def request_of(version: Version, privacy: str) -> dict[str, object]:
    """What is asked for; `besides` are chats that cannot be the fork, for they are there before."""
    team = Chat.objects.filter(team=version.chat.team_id, created_at__gte=timezone.now() - A_WHILE)
    return {
        "kind": FORK,
        "version": version.pk,
        "privacy": str(privacy),
        "besides": list(team.values_list("upstream_id", flat=True)),
    }
