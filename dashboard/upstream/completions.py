"""The Model API: a model's answer to some messages, read while it is written."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from dashboard.models import Key
from dashboard.upstream.streams import asking
from v0client.model_api.chunks import PartialCompletion


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """An answer so far. `calls` are the functions that the model wants called, each with its
    arguments in JSON; tokens come last, and are None where v0 does not count them."""

    text: str = ""
    refusal: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish_reason: str = ""
    model: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


async def completion(key: Key, fields: Mapping[str, Any]) -> AsyncGenerator[CompletionRecord, None]:
    """What the model has written, again and again until all of it is there. Asked once; it takes
    one of the key's turns to ask, and none to read. Raises Refused."""
    async with asking(key, write=True) as (client, pace), AsyncExitStack() as opened:
        async with pace.turn():
            asked = client.model.chat.completions.create_stream(include_usage=True, **fields)
            chunks = await opened.enter_async_context(asked)
        async for _ in chunks:
            yield record(chunks.state)


def record(state: PartialCompletion) -> CompletionRecord:
    return CompletionRecord(
        text=state.text,
        refusal=state.refusal,
        calls=tuple((call.function.name, call.function.arguments) for call in state.tool_calls),
        finish_reason=state.finish_reason or "",
        model=state.model or "",
        prompt_tokens=state.usage.prompt_tokens if state.usage else None,
        completion_tokens=state.usage.completion_tokens if state.usage else None,
    )
