"""Carrying chats of v1 over to v2. The work itself is in sync/carry.py."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dashboard import access
from dashboard.actions import Invalid, acting
from dashboard.models import Carry, Chat, Key, Membership, Version
from dashboard.sync.carry import dispatch
from dashboard.upstream.errors import Refused

STATE = Carry.State
NOTHING = "None of these is a v1 chat with a finished version, so there is nothing to carry."


def carry_chats(*, member: Membership, chats: Iterable[Chat]) -> uuid.UUID:
    """Queues the newest finished version of each v1 chat, and answers the batch they are in.

    One that was carried before, or is on its way, is not carried twice; one that failed or differs
    is looked at again.
    """
    access.require(member, "chat-create")
    batch = uuid.uuid4()
    wanted = {chat.pk: chat for chat in chats if chat.generation == "v1"}
    seen = Chat.objects.visible_to(member).filter(pk__in=wanted)
    if seen.count() < len(wanted):
        raise PermissionDenied("You cannot see all of these chats.")
    finished = Version.objects.filter(chat__in=wanted, status=Version.Status.COMPLETED)
    newest = finished.order_by("chat", "-number").distinct("chat")
    versions = list(newest)
    if not versions:
        raise Invalid("chats", NOTHING)
    with transaction.atomic():
        for version in versions:
            enqueue(member, wanted[version.chat_id], version, batch)
    return batch


def enqueue(member: Membership, chat: Chat, version: Version, batch: uuid.UUID) -> None:
    """The version's one row, in this batch; queued unless it is on its way or done."""
    key = key_for(member, chat)
    carry, is_new = Carry.objects.get_or_create(
        version=version,
        defaults={
            "team_id": member.team_id, "user_id": member.user_id, "key": key, "source": chat,
            "batch": batch,
        },
    )  # fmt: skip
    locked = Carry.objects.select_for_update(of=("self",)).select_related("target")
    carry = locked.get(pk=carry.pk)
    values: dict[str, Any] = {"batch": batch}
    is_lost = carry.target is None or carry.target.gone_at is not None
    begins = carry.is_over and (carry.state in (STATE.FAILED, STATE.DIFFERS) or is_lost)
    if begins:
        values |= {
            "state": STATE.QUEUED, "key": key, "user_id": member.user_id, "attempts": 0,
            "error": "", "look_at": None, "finished_at": None,
        }  # fmt: skip
    Carry.objects.filter(pk=carry.pk).update(**values)
    if is_new or begins:
        transaction.on_commit(partial(dispatch, carry.pk))


def key_for(member: Membership, chat: Chat) -> Key:
    """A key that sees the chat; of a chat that v0 has deleted, any that may act."""
    if chat.gone_at is not None:
        return acting.key_for(member)
    try:
        return acting.key_for(member, chat)
    except Refused:
        raise Refused(
            f"None of your keys sees “{chat.label}”, so it cannot be carried.", kind="forbidden"
        ) from None
