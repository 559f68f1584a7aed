"""Prompts whose answer was lost: v0 is asked what became of them. Nothing is ever sent again."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dashboard.models import Activity, Chat, Submission
from dashboard.sync.chats import FIRST_LOOK, store_chat
from dashboard.upstream import NONCE, Refused, Remote
from dashboard.upstream.records import ChatRecord

LOOK_FOR = timedelta(minutes=3)  # v0 may be slow to list what it has begun
LOOK_EVERY = timedelta(seconds=20)
CLOCKS_DIFFER = timedelta(minutes=10)
NO_TRACE = (
    "v0 has no trace of this prompt, so it did not arrive and cost nothing. You can send it again."
)
STATE = Submission.State


def look_up(remote: Remote, submission: Submission) -> None:
    """Finds the chat that came of it, or says in the end that none did."""
    chat = submission.chat
    record = sent_message(remote, submission, chat) if chat else new_chat(remote, submission)
    if record is not None:
        is_new = chat is None
        chat = store_chat(submission.key, record)
        if settle(submission, STATE.SENT, chat=chat):
            remember(submission, chat, is_new=is_new)
        Chat.objects.filter(pk=chat.pk, follow_at=None).update(
            follow_at=timezone.now() + FIRST_LOOK
        )
    elif submission.created_at < timezone.now() - LOOK_FOR:
        settle(submission, STATE.FAILED, error=NO_TRACE)
    else:
        later = timezone.now() + LOOK_EVERY
        Submission.objects.filter(pk=submission.pk).update(follow_at=later, state=STATE.UNCLEAR)


def settle(
    submission: Submission, state: str, *, chat: Chat | None = None, error: str = ""
) -> bool:
    """Writes the outcome, unless the request itself has ended meanwhile."""
    open_states = [STATE.SENDING, STATE.UNCLEAR]
    with transaction.atomic():
        written = Submission.objects.filter(pk=submission.pk, state__in=open_states).update(
            state=state,
            chat=chat or submission.chat,
            error=error,
            follow_at=None,
            updated_at=timezone.now(),
        )
    return bool(written)


def remember(submission: Submission, chat: Chat, *, is_new: bool) -> None:
    """The row of the history that the action could not write, because it did not know."""
    prompt = submission.request.get("prompt", "")[:500]
    Activity.objects.create(
        team_id=submission.team_id,
        actor_id=submission.user_id,
        verb="chat.create" if is_new else "chat.prompt",
        target=chat.label[:500],
        chat=chat,
        key=submission.key,
        after={"name": chat.label, "privacy": chat.privacy} if is_new else {"prompt": prompt},
    )


def new_chat(remote: Remote, submission: Submission) -> ChatRecord | None:
    """The chat that carries the nonce, among the newest ones. The list does not tell metadata."""
    since = submission.created_at - CLOCKS_DIFFER
    for listing in remote.newest_chats():
        if listing.created_at < since:
            continue
        try:
            record = remote.chat(listing.id)
        except Refused as refusal:
            if refusal.kind != "gone":
                raise
            continue
        if record.metadata.get(NONCE) == str(submission.nonce):
            return record
    return None


def sent_message(remote: Remote, submission: Submission, chat: Chat) -> ChatRecord | None:
    """The chat, if the prompt stands in it since it was sent."""
    record = remote.chat(chat.upstream_id)
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
