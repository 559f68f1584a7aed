"""The Model API, `client.model`: v0's models behind OpenAI's chat completions.

Documented at https://v0.app/docs/api/model; field names and limits are OpenAI's.
"""

from __future__ import annotations

from typing import Any, Generic

from v0client.calls import M
from v0client.model_api.completions import Completions


class Chat(Generic[M]):
    """`client.model.chat`."""

    def __init__(self, connection: Any) -> None:
        self.completions: Completions[M] = Completions(connection)


class Model(Generic[M]):
    """`client.model`."""

    def __init__(self, connection: Any) -> None:
        self.chat: Chat[M] = Chat(connection)
