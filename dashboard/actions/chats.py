"""Chats: renaming, sharing, favouring, assigning and deleting them, one or many. Prompts are in
prompts.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dashboard import access
from dashboard.actions import Invalid, acting, checked_text, history
from dashboard.models import Chat, Key, Membership, Project
from dashboard.sync import store
from dashboard.sync.chats import bury
from dashboard.upstream import can
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord

AWAY = ("unreachable", "slow", "busy", "unclear")


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
