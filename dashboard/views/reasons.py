"""Why somebody cannot do a thing, in sentences. The actions check the same when it is done."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.access import why_not
from dashboard.actions.acting import Standing
from dashboard.actions.inbox import listed
from dashboard.models import Chat, Membership, Version

GONE = "This chat was deleted in v0, so it is read-only."
READ_ONLY = "Your keys can read this chat but not change it. Fork it to continue."
CANNOT_WRITE = "Your keys can read this chat but not write to it."
NOBODY = "Nobody of this team can, so it has to be answered in v0."
NO_VERSION = "This chat has no version yet."
WRITING = "v0 is writing in this chat. Wait until it has finished."


def needs_key(doing: str = "do this") -> str:
    return f"You need a v0 key to {doing}."


def chat_bars(
    member: Membership,
    chat: Chat,
    own: Standing,
    *,
    permission: str = "chat-change",
    writes: bool = True,
    doing: str = "do this",
) -> str:
    """Why the person cannot do this to the chat; "" if they can. `writes`: whether v0 lets only
    keys do it that may write in the chat."""
    if chat.gone_at is not None:
        return GONE
    if barred := why_not(member, permission, doing):
        return barred
    if not own.has_key:
        return needs_key(doing)
    return READ_ONLY if writes and not own.may_write else ""


def version_bars(version: Version | None) -> str:
    """Why nothing can be begun with this version; "" if something can."""
    if version is None:
        return NO_VERSION
    if version.status == Version.Status.COMPLETED:
        return ""
    if version.status == Version.Status.FAILED:
        return f"Version {version.number} failed, so there is nothing to go on from."
    return f"Version {version.number} is not finished."


def is_writing(chat: Chat) -> bool:
    """Whether v0 writes in the chat now, as far as it is known to be alive."""
    return chat.status == Chat.Status.RUNNING and not chat.is_stalled


def silence(member: Membership, chat: Chat, own: Standing, doing: str) -> str:
    """Why the person cannot write in this chat, in words; "" if they can."""
    told = chat_bars(member, chat, own, permission="chat-create", doing=doing)
    return f"{CANNOT_WRITE} Fork it to continue." if told == READ_ONLY else told


def unable(member: Membership, chat: Chat, own: Standing, able: Callable[[], list[str]]) -> str:
    """Why the person cannot answer what the agent asks, and who can (`able` tells their names);
    "" if they can."""
    told = chat_bars(member, chat, own, permission="chat-create", doing="answer")
    if told != READ_ONLY:
        return told
    names = able()
    return f"{CANNOT_WRITE} {listed(names)} can answer." if names else f"{CANNOT_WRITE} {NOBODY}"
