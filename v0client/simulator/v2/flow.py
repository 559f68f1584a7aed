"""How v2 delivers an answer that takes time: when it is finished, or as a stream while it grows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from v0client.simulator import generation, money
from v0client.simulator.exchange import Call, Pieces, Refusal, Response, answer, dump
from v0client.simulator.records import Chat, Message, Run
from v0client.simulator.v1.flow import LARGEST_ATTACHMENT, STREAM, catch_up
from v0client.simulator.v2 import parts, shapes
from v0client.simulator.v2.chat_bodies import Prompting
from v0client.simulator.v2.scenes import Part


def prompt_of(call: Call, body: Prompting, kind: str = "message") -> generation.Prompt:
    """The prompt in a request body; 422 when an attachment is too large, 403 without credits."""
    money.guard(call.person, 403)
    if any(len(attachment.url) > LARGEST_ATTACHMENT for attachment in body.attachments):
        raise Refusal(422, "attachments: too large")
    model = body.modelConfiguration
    return generation.Prompt(
        body.message,
        model.effective,
        images=model.imageGenerations,
        attachments=tuple(attachment.url for attachment in body.attachments),
        type=kind,
    )


def when_finished(call: Call, reply: Message, tell: Callable[[], Any]) -> Response:
    """What `tell` says when the answer is complete."""
    run = reply.run
    if run is None:
        return answer(tell())

    def finished() -> Response:
        with call.simulator.lock:
            catch_up(call, run)
            return answer(tell())

    return Response(due=run.finished_at, later=finished)


def event(kind: str, shape: dict[str, Any]) -> bytes:
    return b"data: " + dump({"object": kind, **shape}) + b"\n\n"


def stream(pieces: Pieces) -> Response:
    """Server-sent events; what is past comes at once."""
    return Response(content_type=STREAM, headers={"cache-control": "no-cache"}, pieces=pieces)


def stream_chat(call: Call, chat: Chat, reply: Message | None) -> Response:
    """A chat at the beginning and the end; only once where nothing is being written."""

    def snapshot() -> bytes:
        return event("chat", shapes.chat(call, chat))

    if reply is None or reply.run is None:
        return stream(iter([(0.0, snapshot())]))
    untitled = chat.name is not None and chat.named_at > call.now
    return stream(events(call, chat, reply, reply.run, snapshot, untitled))


def stream_message(call: Call, chat: Chat, reply: Message) -> Response:
    """An answer at the beginning and the end."""

    def snapshot() -> bytes:
        return event("message", shapes.message(call, reply))

    if reply.run is None:
        return stream(iter([(0.0, snapshot())]))
    return stream(events(call, chat, reply, reply.run, snapshot, False))


def events(
    call: Call,
    chat: Chat,
    reply: Message,
    run: Run,
    snapshot: Callable[[], bytes],
    untitled: bool,
) -> Pieces:
    """A snapshot, the title when it is found, the changes of the parts, what was used, and a
    snapshot. Nothing is decided before its moment has come: the run may be stopped by then."""
    yield 0.0, snapshot()
    shown: list[Part] = []
    clock, base = call.simulator.clock, call.simulator.base_url
    for due in [call.now, *(moment for moment in parts.moments(run) if moment > call.now)]:
        yield due, b""
        if due > run.finished_at or chat.id not in call.store.chats:
            break
        if untitled and chat.named_at <= due:
            untitled = False
            yield due, title(chat)
        before, shown = shown, parts.told(reply, due, base)
        if before != shown:
            yield due, chunk(reply, before, shown)
    while chat.id in call.store.chats and run.finished_at > clock.now():
        yield min(run.finished_at, clock.now() + 0.25), b""
    if chat.id not in call.store.chats:
        yield clock.now(), event("error", {"id": chat.id, "message": "Chat not found"})
        return
    with call.simulator.lock:
        catch_up(call, run)
    if untitled and chat.named_at <= call.now:
        yield call.now, title(chat)
    told = parts.told(reply, call.now, base)
    if told != shown:
        yield call.now, chunk(reply, shown, told)
    yield call.now, event("message.usage", {"id": reply.id, "usage": shapes.usage(reply, call.now)})
    yield call.now, snapshot()


def title(chat: Chat) -> bytes:
    return event("chat.title", {"id": chat.id, "delta": chat.name})


def chunk(reply: Message, before: list[Part], after: list[Part]) -> bytes:
    delta = parts.change(before, after)
    return event("message.parts.chunk", {"id": reply.id, "delta": delta})
