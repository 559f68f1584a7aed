"""How v1 delivers an answer that takes time: waiting, at once, or as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from v0client.simulator import generation, money, script
from v0client.simulator.exchange import Call, Refusal, Response, answer, dump
from v0client.simulator.records import Chat, Message, Run
from v0client.simulator.store import DAY
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.chat_bodies import Prompting

STREAM = "text/event-stream; charset=utf-8"
DAILY_LIMIT, TEAM_LIMIT = 50, 1_000
LARGEST_ATTACHMENT = 3_000_000


def prompt_of(body: Prompting, kind: str = "message") -> generation.Prompt:
    """The prompt in a request body; 413 when an attachment is too large."""
    urls = tuple(attachment.url for attachment in body.attachments)
    if any(len(url) > LARGEST_ATTACHMENT for url in urls):
        raise Refusal(413, "Attachment is too large")
    model = body.modelConfiguration
    return generation.Prompt(
        body.message, model.effective, model.thinking, model.imageGenerations, urls, kind
    )


def limit_of(call: Call) -> int:
    return DAILY_LIMIT if call.person.pays_personally else TEAM_LIMIT


def guard_limits(call: Call) -> None:
    """429 when a person has sent everything the day allows, 500 without credits."""
    money.guard(call.person, 500)
    if call.store.sent_today(call.person, call.now) < limit_of(call):
        return
    left = int(DAY - call.now % DAY) + 1
    raise Refusal(429, "Rate limit exceeded", {"retry-after": str(left)})


def deliver(call: Call, chat: Chat, reply: Message, mode: str) -> Response:
    """The answer to a prompt in the mode that was asked for."""
    run = reply.run
    if mode == "experimental_stream" and run is not None:
        return stream(call, chat, reply, run)
    if mode == "async" or run is None:
        return answer(shapes.chat_page(call, chat))

    def finished() -> Response:
        with call.simulator.lock:
            catch_up(call, run)
            return answer(shapes.chat_page(call, chat))

    return Response(due=run.finished_at, later=finished)


def catch_up(call: Call, run: Run) -> None:
    """From here the call speaks of the end of the run."""
    call.now = max(call.simulator.clock.now(), run.finished_at)
    call.store.settle(call.now)


def stream(call: Call, chat: Chat, reply: Message, run: Run) -> Response:
    """Server-sent events from the beginning of the answer; what is past comes at once."""
    headers = {"cache-control": "no-cache"}
    pieces = events(call, chat, reply, run)
    return Response(content_type=STREAM, headers=headers, pieces=pieces)


def event(value: Any) -> bytes:
    return b"data: " + (value if isinstance(value, bytes) else dump(value)) + b"\n\n"


def events(call: Call, chat: Chat, reply: Message, run: Run) -> Iterator[tuple[float, bytes]]:
    """A snapshot, the title, the changes of the content, a snapshot, and the end."""
    yield 0.0, event(shapes.chat_detail(call, chat, hidden=True))
    titled = run.started_at == chat.created_at and chat.name is not None
    for share, delta in script.deltas(generation.played(run)):
        due = run.started_at + share * run.duration
        if titled and share >= script.TITLE_SHARE:
            titled = False
            title = {"object": "chat.title", "id": chat.id, "delta": chat.name}
            yield max(due, chat.named_at), event(title)
        chunk = {
            "object": "message.experimental_content.chunk",
            "id": reply.id,
            "delta": delta,
        }
        if due > run.finished_at:
            break
        yield due, event(chunk)
    while run.finished_at > call.simulator.clock.now():
        yield min(run.finished_at, call.simulator.clock.now() + 0.25), b""
    with call.simulator.lock:
        catch_up(call, run)
    yield run.finished_at, event(shapes.chat_detail(call, chat))
    yield run.finished_at, b"data: [DONE]\n\n"
