"""Chats: creating, prompting, renaming, sharing, favouring, assigning and deleting them."""

from __future__ import annotations

import textwrap
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dashboard import access, channels
from dashboard.actions import Invalid, acting, checked_text, history, submissions
from dashboard.actions.chat_requests import ChatRequest, Upload
from dashboard.models import Chat, Key, Membership, Project, Submission
from dashboard.sync import store
from dashboard.sync.chats import bury
from dashboard.upstream import Remote, can
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord

__all__ = [
    "ChatRequest",
    "Outcome",
    "assign_chat",
    "change_chats",
    "create_chat",
    "delete_chat",
    "rename_chat",
    "send_message",
    "set_chat_favorite",
    "set_chat_privacy",
]

FIRST_LOOK = timedelta(seconds=2)
AWAY = ("unreachable", "slow", "busy", "unclear")


def create_chat(
    *, member: Membership, nonce: uuid.UUID, request: ChatRequest, key: Key | None = None
) -> Submission:
    """Starts a chat in the team's generation. It is written in the background; the page follows
    the row. A chat that begins with code gets its prompt, if there is one, as its first message."""
    access.require(member, "chat-create")
    generation = member.team.generation
    request = request.checked(generation)
    if request.project is not None:
        acting.see_project(member, request.project)
    chosen = chosen_key(member, key)

    def send(remote: Remote) -> Chat:
        record = begin(remote.of(generation), str(nonce), request)
        with transaction.atomic():
            chat = store.store_chat(chosen, record)
            chat = look_soon(chat) if request.source else watch(chat)
            # v0 names a chat while it writes; until then the prompt says best what it is about.
            called = chat.name or textwrap.shorten(request.prompt, 80, placeholder="…")
            after = {"name": called, "privacy": chat.privacy, "model": request.model_id}
            history.record(member, "chat.create", target=called, chat=chat, key=chosen, after=after)
        return chat

    kind = "import" if request.source else "chat"
    fields = {"kind": kind, "generation": generation, **request.as_fields()}
    sent = submissions.submit(member, nonce, chosen, fields, send)
    if request.source and request.prompt and sent.chat and sent.state == Submission.State.SENT:
        return send_request(member, sent.chat, first_nonce(nonce), request)
    return sent


def begin(remote: Remote, nonce: str, request: ChatRequest) -> ChatRecord:
    if request.source is not None:
        return remote.import_chat(request.source, nonce=nonce, **request.as_chat())
    return remote.create_chat(nonce=nonce, **request.as_prompt(), **request.as_chat())


def first_nonce(nonce: uuid.UUID) -> uuid.UUID:
    """The nonce of the prompt that follows a chat's code."""
    return uuid.uuid5(nonce, "first prompt")


def send_message(
    *,
    member: Membership,
    chat: Chat,
    nonce: uuid.UUID,
    prompt: str,
    model_id: str = "",
    attachments: tuple[str, ...] = (),
    uploads: tuple[Upload, ...] = (),
) -> Submission:
    """Continues a chat. v0 refuses two prompts at once."""
    access.require(member, "chat-create")
    request = ChatRequest(
        prompt, model_id=model_id, attachments=tuple(attachments), uploads=tuple(uploads)
    )
    return send_request(member, chat, nonce, request.checked(chat.generation))


def send_request(
    member: Membership, chat: Chat, nonce: uuid.UUID, request: ChatRequest, *, fixes: bool = False
) -> Submission:
    """Sends a checked request to a chat that exists; one that `fixes` tells v0 of an error."""
    acting.see_chat(member, chat)
    key = acting.key_for(member, chat, to_write=True)

    def send(remote: Remote) -> Chat:
        v0 = remote.of(chat.generation)
        try:
            if fixes:
                record = v0.fix_error(chat.upstream_id, prompt=request.prompt)
            else:
                record = v0.send_message(chat.upstream_id, **request.as_prompt())
        except Refused as refusal:
            raise submissions.while_writing(chat, refusal) from None
        with transaction.atomic():
            stored = watch(store.store_chat(key, record))
            history.record(
                member, "chat.fix" if fixes else "chat.prompt", target=stored, chat=stored, key=key,
                after={"prompt": request.prompt[:500]},
            )  # fmt: skip
        return stored

    newest = chat.messages.order_by("-created_at", "-id").first()
    # What stood last in the chat: a lost prompt is looked for behind it.
    behind = newest.upstream_id if newest else ""
    fields = {"kind": "message", **request.as_fields(), "behind": behind}
    return submissions.submit(member, nonce, key, fields, send, chat=chat)


def chosen_key(member: Membership, key: Key | None) -> Key:
    if key is None:
        return acting.key_for(member)
    found = acting.usable_keys(member).filter(pk=key.pk).first()
    if found is None:
        raise Invalid("key", "This key cannot be used. Choose another one.")
    return found


def watch(chat: Chat) -> Chat:
    """Shows the chat as running at once and has it looked at until it is finished."""
    now = timezone.now()
    chat.status, chat.running_since, chat.follow_at = Chat.Status.RUNNING, now, now + FIRST_LOOK
    chat.save(update_fields=["status", "running_since", "follow_at"])
    transaction.on_commit(lambda: channels.begun(chat.pk))
    return chat


def look_soon(chat: Chat) -> Chat:
    """Has the rest of a chat fetched that v0 has not told with its answer."""
    chat.follow_at = timezone.now()
    chat.save(update_fields=["follow_at"])
    return chat


def rename_chat(*, member: Membership, chat: Chat, name: str) -> Chat:
    access.require(member, "chat-change")
    name = checked_text("name", name, "The name", most=255)
    before = {"name": chat.name}
    with acting.remote_of_chat(member, chat, to_write=True) as (key, remote):
        record = remote.rename_chat(chat.upstream_id, name)
    return changed(member, key, record, "chat.rename", before)


def set_chat_privacy(*, member: Membership, chat: Chat, privacy: str) -> Chat:
    access.require(member, "chat-change")
    if privacy not in Chat.Privacy.values:
        raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
    before = {"privacy": chat.privacy}
    with acting.remote_of_chat(member, chat, to_write=True) as (key, remote):
        record = remote.set_chat_privacy(chat.upstream_id, privacy)
    return changed(member, key, record, "chat.privacy", before)


def changed(
    member: Membership, key: Key, record: ChatRecord, verb: str, before: dict[str, Any]
) -> Chat:
    """Stores what v0 answered, and what it was before."""
    with transaction.atomic():
        chat = store.store_chat(key, record)
        after = {name: getattr(chat, name) for name in before}
        history.record(member, verb, target=chat, chat=chat, key=key, before=before, after=after)
    return chat


def set_chat_favorite(*, member: Membership, chat: Chat, favorite: bool) -> Chat:
    access.require(member, "chat-change")
    before = {"favorite": chat.favorite}
    with acting.remote_to_mark(member, chat) as (key, remote):
        chat.favorite = remote.set_chat_favorite(chat.upstream_id, favorite)
    with transaction.atomic():
        chat.save(update_fields=["favorite"])
        after = {"favorite": chat.favorite}
        history.record(
            member, "chat.favorite", target=chat, chat=chat, key=key, before=before, after=after
        )
    return chat


def delete_chat(*, member: Membership, chat: Chat) -> Chat:
    """Moves the chat to v0's trash, which v0 empties after 30 days. The row stays here."""
    access.require(member, "chat-delete")
    with acting.remote_of_chat(member, chat, to_write=True) as (key, remote):
        remote.delete_chat(chat.upstream_id)
        with transaction.atomic():
            bury(Chat.objects.filter(pk=chat.pk))
            chat.refresh_from_db(fields=["gone_at", "follow_at", "running_since"])
            before = {"name": chat.label, "privacy": chat.privacy}
            history.record(member, "chat.delete", target=chat, chat=chat, key=key, before=before)
    return chat


def assign_chat(*, member: Membership, chat: Chat, project: Project | None) -> Chat:
    """Puts the chat into a project. None takes it out here; v0's v1 has no way to."""
    access.require(member, "chat-change")
    acting.see_chat(member, chat)
    if project is None:
        return unassign(member, chat)
    acting.see_project(member, project)
    with acting.remote_to_mark(member, chat) as (key, remote):
        remote.assign_project(project.upstream_id, chat.upstream_id)
        return move(member, chat, project, "", key)


def unassign(member: Membership, chat: Chat) -> Chat:
    former = chat.project
    if former is None:
        return chat
    if can(chat.generation, "unassign_project"):
        return move(member, chat, None, former.upstream_id, None)
    with acting.remote_to_mark(member, chat) as (key, remote):
        remote.unassign_project(chat.upstream_id)
        return move(member, chat, None, "", key)


def move(
    member: Membership, chat: Chat, project: Project | None, unassigned_from: str, key: Key | None
) -> Chat:
    former = chat.project
    with transaction.atomic():
        chat.project, chat.unassigned_from = project, unassigned_from
        chat.save(update_fields=["project", "unassigned_from"])
        history.record(
            member,
            "chat.assign" if project else "chat.unassign",
            target=chat,
            chat=chat,
            project=project or former,
            key=key,
            before={"project": former.public_name if former else ""},
            after={"project": project.public_name if project else ""},
        )
    return chat


@dataclass
class Outcome:
    """What came of a change of many: those done, and the others with the reason in words."""

    done: list[Chat] = field(default_factory=list)
    refused: list[tuple[Chat, str]] = field(default_factory=list)


def change_chats(*, member: Membership, chats: list[Chat], what: str, value: Any) -> Outcome:
    """The same change for many chats: assign, favorite, privacy or delete.

    Goes on after a refusal; stops where v0 cannot be reached at all, and says so for the rest.
    """
    access.require(member, "chat-delete" if what == "delete" else "chat-change")
    outcome = Outcome()
    away = ""
    for chat in chats:
        if away:
            outcome.refused.append((chat, away))
            continue
        try:
            outcome.done.append(change_one(member, chat, what, value))
        except (Refused, Invalid, PermissionDenied) as refusal:
            outcome.refused.append((chat, str(refusal)))
            if isinstance(refusal, Refused) and refusal.kind in AWAY:
                away = str(refusal)
    return outcome


def change_one(member: Membership, chat: Chat, what: str, value: Any) -> Chat:
    if what == "assign":
        return assign_chat(member=member, chat=chat, project=value)
    if what == "favorite":
        return set_chat_favorite(member=member, chat=chat, favorite=bool(value))
    if what == "privacy":
        return set_chat_privacy(member=member, chat=chat, privacy=str(value))
    if what == "delete":
        return delete_chat(member=member, chat=chat)
    raise Invalid("what", f"Chats cannot be changed by “{what}”.")
