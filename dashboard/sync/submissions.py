"""Prompts, forks and projects whose answer was lost: v0 is asked what became of them.

Nothing is ever sent again. What a fork or a project is recognised by is in made.py.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dashboard.models import Activity, Chat, Submission, Version
from dashboard.sync import made
from dashboard.sync.chats import FIRST_LOOK, store_chat
from dashboard.upstream import Remote
from dashboard.upstream.records import ChatRecord

LOOK_FOR = timedelta(minutes=3)  # v0 may be slow to list what it has begun
LOOK_EVERY = timedelta(seconds=20)
CLOCKS_DIFFER = timedelta(minutes=10)
NO_TRACE_OF_PROMPT = (
    "v0 has no trace of this prompt, so it did not arrive and cost nothing. You can send it again."
)
# Kinds of submissions that are no prompts.
FORK, STORED_FORK, PROJECT = "fork", "stored fork", "project"
NO_TRACE = {
    STORED_FORK: "No chat with these files has appeared in v0. You can fork again.",
    FORK: "No fork of this version has appeared in v0. Look for it among the newest chats; if it "
    "is not there, fork again.",
    PROJECT: "No new project of this name has appeared in v0. You can create it again.",
}
STATE = Submission.State


def look_up(remote: Remote, submission: Submission) -> None:
    """Finds what came of it, or says in the end that nothing was found."""
    kind = submission.request.get("kind")
    if kind == FORK:
        found = look_for_fork(remote, submission)
    elif kind == STORED_FORK:
        found = look_for_stored_fork(remote, submission)
    elif kind == PROJECT:
        found = look_for_project(remote, submission)
    else:
        found = look_for_prompt(remote, submission)
    if found:
        return
    if submission.created_at < timezone.now() - LOOK_FOR:
        settle(submission, STATE.FAILED, error=NO_TRACE.get(str(kind), NO_TRACE_OF_PROMPT))
    else:
        later = timezone.now() + LOOK_EVERY
        Submission.objects.filter(pk=submission.pk).update(follow_at=later, state=STATE.UNCLEAR)


def look_for_prompt(remote: Remote, submission: Submission) -> bool:
    chat = submission.chat
    record = sent_message(remote, submission, chat) if chat else new_chat(remote, submission)
    if record is None:
        return False
    is_new = chat is None
    chat = store_chat(submission.key, record)
    if settle(submission, STATE.SENT, chat=chat):
        if is_new:
            after = {"name": chat.label, "privacy": chat.privacy}
            remember(submission, "chat.create", chat, chat=chat, after=after)
        else:
            after = {"prompt": submission.request.get("prompt", "")[:500]}
            remember(submission, "chat.prompt", chat, chat=chat, after=after)
    Chat.objects.filter(pk=chat.pk, follow_at=None).update(follow_at=timezone.now() + FIRST_LOOK)
    return True


def look_for_fork(remote: Remote, submission: Submission) -> bool:
    fork = made.forked(remote, submission, submission.created_at - CLOCKS_DIFFER)
    if fork is not None and settle(submission, STATE.SENT, chat=fork):
        remember(submission, "chat.fork", fork, chat=fork, after=made.fork_details(fork))
    return fork is not None


def look_for_stored_fork(remote: Remote, submission: Submission) -> bool:
    record = new_chat(remote, submission)
    version = Version.states.filter(pk=submission.request["version"]).first()
    if record is None or version is None:
        return False
    fork = made.keep_fork(submission.key, record, version)
    if settle(submission, STATE.SENT, chat=fork):
        remember(submission, "chat.fork", fork, chat=fork, after=made.fork_details(fork))
    return True


def look_for_project(remote: Remote, submission: Submission) -> bool:
    project = made.created(remote, submission, submission.created_at - CLOCKS_DIFFER)
    if project is not None and settle(submission, STATE.SENT, project=project.upstream_id):
        after = {name: submission.request[name] for name in made.PROJECT_FIELDS}
        remember(submission, "project.create", project, project=project, after=after)
    return project is not None


def settle(
    submission: Submission,
    state: str,
    *,
    chat: Chat | None = None,
    project: str = "",
    error: str = "",
) -> bool:
    """Writes the outcome, unless the request itself has ended meanwhile."""
    open_states = [STATE.SENDING, STATE.UNCLEAR]
    request = {**submission.request, "made": project} if project else submission.request
    with transaction.atomic():
        written = Submission.objects.filter(pk=submission.pk, state__in=open_states).update(
            state=state,
            chat=chat or submission.chat,
            request=request,
            error=error,
            follow_at=None,
            updated_at=timezone.now(),
        )
    return bool(written)


def remember(submission: Submission, verb: str, target: object, **fields: Any) -> None:
    """The row of the history that the action could not write, because it did not know."""
    Activity.objects.create(
        team_id=submission.team_id,
        actor_id=submission.user_id,
        verb=verb,
        target=str(target)[:500],
        key=submission.key,
        **fields,
    )


def new_chat(remote: Remote, submission: Submission) -> ChatRecord | None:
    """The chat that carries the nonce."""
    v0 = remote.of(submission.request.get("generation", "v1"))
    return v0.chat_of_nonce(str(submission.nonce), submission.created_at - CLOCKS_DIFFER)


def sent_message(remote: Remote, submission: Submission, chat: Chat) -> ChatRecord | None:
    """The chat, if the prompt stands in it since it was sent."""
    record = remote.of(chat.generation).chat(chat.upstream_id)
    since = submission.created_at - CLOCKS_DIFFER
    prompt = submission.request.get("prompt", "").strip()
    # Not "unknown here": a sync may have brought the prompt before anybody looked for it.
    ids = [message.id for message in record.messages]
    behind = submission.request.get("behind", "")
    start = ids.index(behind) + 1 if behind in ids else 0
    for message in record.messages[start:]:
        is_new = message.created_at >= since
        if message.role == "user" and is_new and message.content.strip() == prompt:
            return record
    return None
