"""Versions: going on from one in a chat of its own."""

from __future__ import annotations

from django.db import transaction

from dashboard import access
from dashboard.actions import Invalid, acting, history
from dashboard.models import Chat, Membership, Version
from dashboard.sync import store


def fork_version(
    *, member: Membership, version: Version, privacy: str = Chat.Privacy.PRIVATE
) -> Chat:
    """A new chat that begins with this version. v0 keeps no lineage, so the row here does."""
    access.require(member, "chat-create")
    if privacy not in Chat.Privacy.values:
        raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
    source = version.chat
    with acting.remote_of_chat(member, source) as (key, remote):
        record = remote.fork(source.upstream_id, version.upstream_id, privacy)
        with transaction.atomic():
            fork = store.store_chat(key, record)
            fork.forked_from, fork.forked_from_version = source, version
            fork.save(update_fields=["forked_from", "forked_from_version"])
            history.record(
                member,
                "chat.fork",
                target=fork,
                chat=fork,
                key=key,
                before={"chat": source.label, "version": version.number},
                after={"name": fork.label, "privacy": fork.privacy},
            )
    return fork
