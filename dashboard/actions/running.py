"""What people do about a run: stop it, and have v0 mend what failed, be it a deployment."""

from __future__ import annotations

import re
import uuid

from django.db import transaction
from django.utils import timezone

from dashboard import access, channels
from dashboard.actions import acting, history
from dashboard.actions.chat_requests import ChatRequest
from dashboard.actions.prompts import send_request
from dashboard.models import Chat, Deployment, Membership, Submission
from dashboard.sync.chats import store_chat
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord

MOST_OF_ERROR = 20_000  # characters
MOST_OF_LOG = 6_000
LAST_LINES = 40
NO_REASON = "v0 gave no reason."


def stop_chat(*, member: Membership, chat: Chat) -> Chat:
    """Has v0 stop writing. It does so as soon as it can; until then the chat is followed."""
    access.require(member, "chat-create")
    with acting.remote_of_chat(member, chat) as (key, remote):
        record = remote.chat(chat.upstream_id)
        message_id = being_written(record)
        if not message_id:
            store_chat(key, record)
            channels.look(chat.pk)
            raise Refused("v0 has finished already; there is nothing to stop.", kind="conflict")
        remote.stop_message(chat.upstream_id, message_id)
    with transaction.atomic():
        Chat.objects.filter(pk=chat.pk).exclude(follow_at=None).update(follow_at=timezone.now())
        history.record(member, "chat.stop", target=chat, chat=chat, key=key)
    channels.publish(channels.WAKE, {"chat": chat.pk})
    return chat


def being_written(record: ChatRecord) -> str:
    """The id of the message that v0 is writing, or nothing."""
    newest = record.messages[-1] if record.messages else None
    is_open = newest is not None and newest.role == "assistant" and not newest.finish_reason
    return newest.id if newest is not None and is_open else ""


def fix_error(*, member: Membership, chat: Chat, nonce: uuid.UUID, error: str) -> Submission:
    """Tells v0 of an error and asks it to mend it: a message that is sent once per nonce."""
    access.require(member, "chat-create")
    request = ChatRequest(f"Fix this error:\n\n{fenced(error.strip()[:MOST_OF_ERROR])}")
    return send_request(member, chat, nonce, request.checked(chat.generation), fixes=True)


def fix_deployment(
    *, member: Membership, deployment: Deployment, nonce: uuid.UUID, prompt: str
) -> Submission:
    """Asks v0 to mend what made a deployment fail: a message that is sent once per nonce."""
    access.require(member, "chat-create")
    acting.see_deployment(member, deployment)
    if deployment.state != Deployment.State.FAILED:
        raise Refused("This deployment has not failed, so there is nothing to fix.", kind="invalid")
    request = ChatRequest(prompt).checked(deployment.chat.generation)
    return send_request(member, deployment.chat, nonce, request, fixes=True, deployment=deployment)


def told_of_failure(deployment: Deployment) -> str:
    """What v0 should know of a failed deployment: the error, and the end of the log."""
    error = deployment.error_text or deployment.error_summary or NO_REASON
    text = f"The deployment of version {deployment.version.number} failed. Fix this error:"
    parts = [text, fenced(error.strip()[:MOST_OF_ERROR])]
    newest = deployment.lines.order_by("-created_at", "-pk").values_list("text", flat=True)
    log = "\n".join(reversed(newest[:LAST_LINES]))
    if log.strip():
        parts += ["The end of its log:", fenced(log[-MOST_OF_LOG:])]
    return "\n\n".join(parts)


def fenced(text: str) -> str:
    """The text as a block of Markdown that it cannot end itself."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"
