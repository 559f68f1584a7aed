"""Going back to earlier code of a v2 chat, and copying a chat with all that happened in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from v0client.simulator import generation, live
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.identity import LONG
from v0client.simulator.records import Chat, Message, Run
from v0client.simulator.v2 import shapes
from v0client.simulator.v2.bodies import Body, Privacy, read
from v0client.simulator.v2.chats import new_chat
from v0client.simulator.v2.files import idle_chat, record


class RestoreMessage(Body):
    messageId: Annotated[str, Field(min_length=1)]


class Duplicate(Body):
    privacy: Privacy = "private"
    title: str = ""


def restore_message(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/restore-message"""
    chat, body = idle_chat(call), read(call, RestoreMessage)
    message = call.store.message(chat, body.messageId)
    made = message.run.version_id if message.run else message.version_id
    version = call.store.versions.get(made)
    if version is None or version.failed:
        raise Refusal(422, "messageId: no code came of this message")
    if not generation.restorable(call.store, message, call.now):
        raise Refusal(409, "The chat is at the code of this message already")
    overlay = dict(version.overlay) if version.overlay is not None else None
    told = record(call, chat, version, overlay, "Restored earlier code", "reverted-block")
    live.restart(call.store, chat, call.now)
    return {"messages": told}


def duplicate(call: Call) -> Response:
    """POST /chats/{chatId}/duplicate: without the answer that is still being written."""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    body = read(call, Duplicate)
    title = body.title or numbered(call, chat)
    copy = new_chat(call, privacy=body.privacy, title=title, metadata=chat.metadata)
    copy.model = chat.model
    copy_history(call, chat, copy)
    live.restart(call.store, copy, call.now)
    call.store.touch(copy, call.now)
    return answer(shapes.chat(call, copy), 201)


def numbered(call: Call, chat: Chat) -> str | None:
    """The title with the next number that none of the caller's chats has."""
    if chat.name is None or chat.named_at > call.now:
        return None
    match = re.fullmatch(r"(.*) \((\d+)\)", chat.name, re.DOTALL)
    base, number = (match[1], int(match[2])) if match else (chat.name, 1)
    taken = {other.name for other in call.store.listed(call.person, "v2")}
    while (title := f"{base} ({number + 1})") in taken:
        number += 1
    return title


def copy_history(call: Call, chat: Chat, copy: Chat) -> None:
    """Every message and version under a new id, with its own times and authors; for nothing."""
    store, ids = call.store, dict[str, str]()
    running = generation.running(chat, call.now)
    for version in chat.versions:
        if generation.status(version, call.now) != "pending":
            ids[version.id] = store.minter.mint("version", LONG)
            overlay = dict(version.overlay) if version.overlay is not None else None
            fresh = replace(version, id=ids[version.id], chat_id=copy.id, overlay=overlay)
            generation.add_version(store, copy, fresh)
    for message in chat.messages:
        if running is not None and message.id in (running.id, running.parent_id):
            continue
        ids[message.id] = store.minter.mint("message", LONG)
        fresh_message = replace(
            message,
            id=ids[message.id],
            chat_id=copy.id,
            parent_id=ids.get(message.parent_id or ""),
            version_id=ids.get(message.version_id, ""),
            run=copied_run(message, ids),
        )
        copy.messages.append(fresh_message)
        store.messages[fresh_message.id] = fresh_message


def copied_run(message: Message, ids: dict[str, str]) -> Run | None:
    run = message.run
    return replace(run, version_id=ids.get(run.version_id, ""), copied=True) if run else None


ROUTES: Routes = {
    ("POST", "/chats/{chatId}/restore-message"): restore_message,
    ("POST", "/chats/{chatId}/duplicate"): duplicate,
}
