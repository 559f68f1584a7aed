"""What people do about a run: stop it, and have v0 mend what went wrong in it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from dashboard import access, channels
from dashboard.actions import acting, history
from dashboard.actions.chat_requests import ChatRequest
from dashboard.actions.prompts import send_request
from dashboard.models import Chat, Membership, Submission
from dashboard.sync.chats import store_chat
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord

FIX = "Fix this error:\n\n```\n{}\n```"
MOST_OF_ERROR = 20_000  # characters


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
    request = ChatRequest(FIX.format(error.strip()[:MOST_OF_ERROR]))
    return send_request(member, chat, nonce, request.checked(chat.generation), fixes=True)
