"""New chats from any state whose files are stored, also when v0 has neither the state nor the chat
any more. What v0 itself can copy is in versions.py."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dashboard import access, packing
from dashboard.actions import Invalid, acting, history, submissions
from dashboard.actions.chat_requests import LARGEST_UPLOADS, MEGABYTE
from dashboard.actions.once import once
from dashboard.models import Chat, Generation, Membership, Submission, Version
from dashboard.sync import made
from dashboard.sync.submissions import STORED_FORK
from dashboard.upstream.errors import Refused
from dashboard.upstream.prompts import Source

MOST_INLINE = 20  # files; more go as an archive
NOT_STORED = "The files of this version are not stored here, so there is nothing to begin with."


def fork_stored(
    *,
    member: Membership,
    version: Version,
    nonce: uuid.UUID,
    generation: str,
    privacy: str = Chat.Privacy.PRIVATE,
) -> Chat:
    """A new chat of this generation with the stored files of a version. No prompt is answered,
    so it costs nothing; the nonce in its metadata keeps it from being made twice."""
    access.require(member, "chat-create")
    if not Chat.objects.visible_to(member).filter(pk=version.chat_id).exists():
        raise PermissionDenied("You cannot see this chat.")
    if generation not in Generation.values:
        raise Invalid("way", "Choose v1 or v2.")
    if privacy not in Chat.Privacy.values:
        raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
    source, key = stored_source(version, generation), acting.key_for(member)
    with acting.remote(key) as remote:

        def make(submission: Submission) -> None:
            record = remote.of(generation).import_chat(
                source, nonce=str(nonce), privacy=privacy, title=version.chat.name,
                metadata=made.descent(version),
            )  # fmt: skip
            with transaction.atomic():
                fork = made.keep_fork(key, record, version)
                after = made.fork_details(fork)
                history.record(member, "chat.fork", target=fork, chat=fork, key=key, after=after)
                submissions.settle(submission, Submission.State.SENT, chat=fork)

        request = {"kind": STORED_FORK, "version": version.pk, "generation": generation}
        sent = once(member, nonce, key, remote, {**request, "privacy": str(privacy)}, make)
    if sent.chat is None:
        raise Invalid("nonce", "Reload the page and try again.")
    return sent.chat


def stored_source(version: Version, generation: str) -> Source:
    """The stored files as v0 takes them: one by one where v1 can have them so, else packed."""
    rows = list(version.files.select_related("content").order_by("path"))
    if version.files_at is None or not rows:
        raise Refused(NOT_STORED, kind="gone")
    is_plain = len(rows) <= MOST_INLINE and not any(row.content.is_binary for row in rows)
    if generation == Generation.V1 and is_plain:
        return Source(kind="files", files=tuple((row.path, row.content.text) for row in rows))
    files = ((row.path, row.content.data) for row in rows)
    packed = packing.zipped(files, version.created_at)
    if len(packed) > LARGEST_UPLOADS:
        size, most = len(packed) / MEGABYTE, LARGEST_UPLOADS // MEGABYTE
        raise Refused(
            f"Packed, these files have {size:,.1f} MB; v0 takes at most {most} MB.",
            kind="too-large",
        )
    return Source(kind="zip", url=packing.address(packed))
