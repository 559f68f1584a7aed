"""What a case of an operation tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Case:
    """How an operation is called, what must be sent, and what comes back.

    `request` is such as "GET /v1/chats"; `returns` a type, or [types] of a list's items.
    """

    name: str
    call: Callable[[Any], Any]
    request: str
    answer: Any
    returns: Any
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
