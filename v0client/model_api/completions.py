"""Chat completions: a model's answer to some messages, whole or while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from v0client.calls import Call, M, Resource, StreamCall, given, operation, stream, typed
from v0client.model_api.answers import ChatCompletion, Message
from v0client.model_api.chunks import ChatCompletionChunk, PartialCompletion
from v0client.model_api.requests import NewMessage, Options

PATH = "v1/chat/completions"
Messages = Sequence[NewMessage | Message]


def body(model: str, messages: Messages, options: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given; messages of earlier answers become plain again."""
    plain = [
        message.model_dump(exclude_none=True) if isinstance(message, Message) else message
        for message in messages
    ]
    return given(model=model, messages=plain, **typed(Options, options))


class Completions(Resource[M]):
    """`client.model.chat.completions`. Every call costs money and is never sent twice.

    Known models: v0-1.5-md, v0-1.5-lg, v0-1.0-md, and newer ones as v1 has them, such as v0-pro.
    They need a Premium or Team plan with usage-based billing.
    """

    _name = "model.chat.completions"

    @operation
    def create(
        self, *, model: str, messages: Messages, **options: Unpack[Options]
    ) -> Call[ChatCompletion]:
        """The model's answer to some messages; further fields are those of Options."""
        fields = body(model, messages, options)
        return Call("POST", PATH, ChatCompletion, body=fields, slow=True, as_is=True)

    @stream
    def create_stream(
        self,
        *,
        model: str,
        messages: Messages,
        include_usage: bool | None = None,
        **options: Unpack[Options],
    ) -> StreamCall[ChatCompletionChunk, PartialCompletion]:
        """The same, read while it is written; `include_usage` has the tokens counted at the end."""
        fields = {**body(model, messages, options), "stream": True}
        if include_usage is not None:
            fields["stream_options"] = {"include_usage": include_usage}
        return StreamCall(
            "POST",
            PATH,
            ChatCompletionChunk,
            body=fields,
            slow=True,
            as_is=True,
            state=PartialCompletion,
        )
