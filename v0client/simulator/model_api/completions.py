"""POST /chat/completions: whole, or as a stream that is spread over time. What it says is the
matter of answers.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from v0client.simulator import money, prices
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer, dump
from v0client.simulator.identity import LONG
from v0client.simulator.model_api import answers, bodies
from v0client.simulator.model_api.answers import Wish
from v0client.simulator.model_api.bodies import Completion
from v0client.simulator.records import UsageEvent
from v0client.simulator.v1.flow import STREAM
from v0client.simulator.v1.user import personal

# The most tokens that a request may have. Those of the newer models are not published.
CONTEXT = {"v0-1.0-md": 128_000, "v0-1.5-md": 128_000, "v0-1.5-lg": 512_000}
CONTEXT |= dict.fromkeys(("v0-mini", "v0-auto", "v0-pro", "v0-max", "v0-max-fast"), 128_000)
FIRST_TOKEN = 0.4  # seconds until the answer begins
TOKENS_PER_SECOND = 100
TOKENS_PER_CHUNK = 4
TOKENS_OF_AN_IMAGE = 85
TOKEN = re.compile(r" ?\w{1,6}|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that is ready to be sent. `pieces` are its tokens with the place of the tool call
    they belong to, None for the text."""

    id: str
    created: int
    model: str
    calls: tuple[tuple[str, Wish], ...]
    pieces: tuple[tuple[int | None, str], ...]
    finish_reason: str
    usage: dict[str, int]

    def text(self, place: int | None) -> str:
        return "".join(token for of, token in self.pieces if of == place)


def tokens(text: str) -> list[str]:
    """The text in pieces that count as one token each, and join to the same text."""
    return TOKEN.findall(text)


def create(call: Call) -> Response:
    """POST /chat/completions"""
    body = bodies.read(call)
    if personal(call):
        raise Refusal(403, "The Model API needs a Premium or Team plan with usage-based billing")
    money.guard(call.person, 429, "insufficient_quota")
    written = write(call, body)
    charge(call, written)
    seconds = FIRST_TOKEN + len(written.pieces) / TOKENS_PER_SECOND
    if body.stream:
        options = body.stream_options
        counted = bool(options and options.include_usage)
        pieces = events(written, call.now, call.store.speed, counted=counted)
        return Response(content_type=STREAM, headers={"cache-control": "no-cache"}, pieces=pieces)
    response = answer(completion(written))
    response.due = call.now + seconds / call.store.speed
    return response


def write(call: Call, body: Completion) -> Written:
    """The answer, cut where it gets too long."""
    if body.model not in CONTEXT:
        message = f"The model `{body.model}` does not exist or you do not have access to it"
        raise Refusal(404, message, param="model", code="model_not_found")
    draft = answers.draft(body)
    asked = asked_tokens(body)
    if asked > CONTEXT[body.model]:
        message = f"{asked} tokens are more than the {CONTEXT[body.model]} that {body.model} takes"
        raise bodies.refused("messages", message, "context_length_exceeded")
    pieces: list[tuple[int | None, str]] = [(None, token) for token in tokens(draft.text)]
    for place, wish in enumerate(draft.wishes):
        pieces += [(place, token) for token in tokens(wish.arguments)]
    limit = body.limit()
    cut = limit is not None and len(pieces) > limit
    kept = tuple(pieces[:limit])
    mint = call.store.minter.mint
    begun = {place for place, _ in kept}
    return Written(
        id=mint("completion", LONG, "chatcmpl-"),
        created=int(call.now),
        model=body.model,
        calls=tuple(
            (mint("tool call", LONG, "call_"), wish)
            for place, wish in enumerate(draft.wishes)
            if place in begun
        ),
        pieces=kept,
        finish_reason="length" if cut else "tool_calls" if draft.wishes else "stop",
        usage={
            "prompt_tokens": asked,
            "completion_tokens": len(kept),
            "total_tokens": asked + len(kept),
        },
    )


def asked_tokens(body: Completion) -> int:
    """The tokens of a request: its texts, images and tools."""
    count = 0
    for message in body.messages:
        calls = [one.function.arguments for one in message.tool_calls or ()]
        texts = (message.role, message.text, *calls)
        count += sum(len(tokens(text)) for text in texts)
        count += TOKENS_OF_AN_IMAGE * len(message.images)
    for function in body.functions():
        count += len(tokens(json.dumps(function.model_dump(exclude_none=True))))
    return count


def charge(call: Call, written: Written) -> None:
    """A ledger row, as soon as the answer begins."""
    used = prices.priced(
        prices.Counts(
            input=written.usage["prompt_tokens"], output=written.usage["completion_tokens"]
        ),
        written.model,
    )
    call.store.usage.append(
        UsageEvent(
            id=call.store.minter.mint("usage", LONG),
            type="api_request",
            team_id=call.person.team_id,
            person_id=call.person.id,
            created_at=call.now,
            prompt_cost=used.cost.input,
            completion_cost=used.cost.output,
            model=written.model,
            tokens=(int(used.tokens.input), int(used.tokens.output), 0, 0),
        )
    )


def completion(written: Written) -> dict[str, Any]:
    """The answer as a whole."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if written.calls else written.text(None),
        "refusal": None,
    }
    if written.calls:
        message["tool_calls"] = [
            {
                "id": call_id,
                "type": "function",
                "function": {"name": wish.name, "arguments": written.text(place)},
            }
            for place, (call_id, wish) in enumerate(written.calls)
        ]
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": written.finish_reason,
    }
    return {**head(written, "chat.completion"), "choices": [choice], "usage": written.usage}


def head(written: Written, kind: str) -> dict[str, Any]:
    return {
        "id": written.id,
        "object": kind,
        "created": written.created,
        "model": written.model,
    }


def events(
    written: Written, now: float, speed: float, *, counted: bool
) -> Iterator[tuple[float, bytes]]:
    """The answer as events: the role, the tokens a few at a time, why it ended, and the end mark.
    `counted` adds the usage."""

    def event(delta: dict[str, Any] | None, finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = {**head(written, "chat.completion.chunk")}
        chunk["choices"] = [] if delta is None else [choice]
        if counted:
            chunk["usage"] = written.usage if delta is None else None
        return b"data: " + dump(chunk) + b"\n\n"

    due = now + FIRST_TOKEN / speed
    content = None if written.calls else ""
    yield due, event({"role": "assistant", "content": content, "refusal": None})
    for place in [*range(len(written.calls))] if written.calls else [None]:
        if place is not None:
            yield due, event(opened(place, *written.calls[place]))
        own = [token for of, token in written.pieces if of == place]
        for start in range(0, len(own), TOKENS_PER_CHUNK):
            few = own[start : start + TOKENS_PER_CHUNK]
            due += len(few) / TOKENS_PER_SECOND / speed
            yield due, event(added(place, "".join(few)))
    yield due, event({}, written.finish_reason)
    if counted:
        yield due, event(None)
    yield due, b"data: [DONE]\n\n"


def opened(place: int, call_id: str, wish: Wish) -> dict[str, Any]:
    """The change that begins a tool call."""
    function = {"name": wish.name, "arguments": ""}
    begun = {"index": place, "id": call_id, "type": "function", "function": function}
    return {"tool_calls": [begun]}


def added(place: int | None, text: str) -> dict[str, Any]:
    """The change that goes on with the text or with a tool call's arguments."""
    if place is None:
        return {"content": text}
    return {"tool_calls": [{"index": place, "function": {"arguments": text}}]}


ROUTES: Routes = {("POST", "/chat/completions"): create}
