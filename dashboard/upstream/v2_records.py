"""From v2's shapes to records: missing becomes empty, nothing is judged. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.upstream import asks
from dashboard.upstream.records import (
    AskRecord,
    ChatListing,
    ChatRecord,
    FileRecord,
    MessageRecord,
    VersionRecord,
)
from v0client.calls import wire
from v0client.v2.chats import Chat
from v0client.v2.files import File
from v0client.v2.messages import Message
from v0client.v2.parts import BashPart, FileEditPart, TextPart

# v2 has neither projects nor favourites: they live in the chat's metadata, under these names.
PROJECT, FAVORITE = "dashboardProject", "favorite"


def listed(shape: Chat) -> dict[str, Any]:
    """The fields that a chat has in a list and by itself."""
    return {
        "id": shape.id,
        "name": shape.title or "",
        "privacy": shape.privacy,
        "favorite": shape.metadata.get(FAVORITE) == "true",
        "author_id": shape.author_id,
        "project_id": shape.metadata.get(PROJECT, ""),
        "vercel_project_id": shape.vercel_project_id or "",
        "web_url": "",
        "created_at": shape.created_at,
        "updated_at": shape.updated_at,
        "latest": None,
        "generation": "v2",
    }


def chat_listing(shape: Chat) -> ChatListing:
    return ChatListing(**listed(shape))


def chat(shape: Chat, messages: Sequence[Message]) -> ChatRecord:
    """A chat with its messages, which come oldest first."""
    versions = tuple(version(message) for message in states(messages))
    fields = {**listed(shape), "latest": versions[-1] if versions else None}
    answers = [message for message in messages if message.role == "assistant"]
    return ChatRecord(
        **fields,
        messages=tuple(to_message(message) for message in messages),
        versions=versions,
        ending=ending(answers[-1]) if answers else "",
        ask=ask(messages[-1]) if messages else None,
        can_write=shape.write_permission,
        metadata=dict(shape.metadata),
    )


def states(messages: Sequence[Message]) -> list[Message]:
    """The answers that left files behind. Where v0 could restore the last of them, the present
    files came with something after it that edited nothing: an earlier state was restored."""
    found = [message for message in messages if is_version(message)]
    if not found:
        return [message for message in messages if is_handed_in(message)][-1:]
    if not found[-1].restorable:
        return found
    later = [
        message
        for message in messages[messages.index(found[-1]) + 1 :]
        if message.role == "assistant" and message.finished
    ]
    if later:
        found.append(next((message for message in later if not message.parts), later[-1]))
    return found


def is_version(message: Message) -> bool:
    """A finished answer that left files behind: v0 could restore them, or they are the present
    ones."""
    edited = any(isinstance(part, FileEditPart) for part in message.parts)
    return message.role == "assistant" and message.finished and (message.restorable or edited)


def is_handed_in(message: Message) -> bool:
    """Whether this tells of code that nobody had to write: a few words that cost nothing."""
    is_free = message.finish_reason == "stop" and not message.usage.tokens.total
    says_only = bool(message.parts) and all(isinstance(part, TextPart) for part in message.parts)
    return message.role == "assistant" and is_free and says_only


def version(message: Message) -> VersionRecord:
    """Code that can be restored came of an answer that ended with an error all the same."""
    failed = message.finish_reason == "error" and not message.restorable
    return VersionRecord(
        id=message.id,
        status="failed" if failed else "completed",
        created_at=message.created_at,
        updated_at=message.updated_at,
    )


def ending(answer: Message) -> str:
    if not answer.finished:
        return "running"
    return "failed" if answer.finish_reason == "error" else "done"


def to_message(shape: Message) -> MessageRecord:
    used = shape.usage if shape.role == "assistant" and shape.finished else None
    return MessageRecord(
        id=shape.id,
        role=shape.role,
        kind="message",
        content=shape.content,
        created_at=shape.created_at,
        updated_at=shape.updated_at,
        parts=wire(shape.parts),
        attachments=[wire(one) for one in shape.attachments or []],
        finish_reason=shape.finish_reason or "",
        author_id=shape.author_id or "",
        cost=used.credits_cost.total if used else None,
        tokens=wire(used.tokens) if used else None,
    )


def ask(message: Message) -> AskRecord | None:
    """What the agent waits for, if this newest message ends with it."""
    task = message.open_task if message.finished else None
    if task is None:
        return None
    # A marked command without an output has not run yet.
    marked = [
        part.command
        for part in message.parts
        if isinstance(part, BashPart) and part.is_dangerous and part.output is None
    ]
    return asks.record(message.id, task, message.updated_at, marked)


def files(found: Sequence[File]) -> tuple[FileRecord, ...]:
    return tuple(FileRecord(one.path, one.content, encoding=one.encoding) for one in found)
