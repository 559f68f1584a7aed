"""The Model API: a model's answer to some messages, read while it is written."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings

from dashboard.models import Key
from dashboard.upstream import told_to_wait
from dashboard.upstream.errors import refused
from dashboard.upstream.pace import Pace
from dashboard.upstream.streams import unsealed
from v0client import Answer, AsyncV0
from v0client.errors import V0Error
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
    pace = Pace(str(key.pk), background=False)

    def heard(answer: Answer) -> None:
        pace.heard(answer.status or 0)
        if answer.status == 429:
            pace.slow_down(told_to_wait(answer))

    try:
        client = AsyncV0(
            await sync_to_async(unsealed)(key),
            base_url=settings.V0_BASE_URL,
            timeout=settings.V0_TIMEOUT,
            max_retries=0,
            on_answer=heard,
        )
        async with client, AsyncExitStack() as opened:
            async with pace.turn():
                asked = client.model.chat.completions.create_stream(include_usage=True, **fields)
                chunks = await opened.enter_async_context(asked)
            async for _ in chunks:
                yield record(chunks.state)
        return
    except V0Error as error:
        # Without the original: its frames hold the request.
        refusal = refused(error, write=True)
    raise refusal


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
