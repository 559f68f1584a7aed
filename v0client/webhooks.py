"""What v0 posts to a webhook, read tolerantly.

v0 documents neither the payload nor a signature: anybody who knows the address can post to it.
Take an event as a hint to read the chat again, never as a fact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EVENTS = (
    "chat.created",
    "chat.updated",
    "chat.deleted",
    "message.created",
    "message.updated",
    "message.deleted",
    "message.finished",
)
"""The events that v1 and v2 offer. Others may come."""

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A hint that something happened; what could not be found in the body is None.

    `event` is such as message.finished; `payload` is the body as far as it is a JSON object.
    """

    event: str | None = None
    id: str | None = None
    chat_id: str | None = None
    message_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def parse(body: bytes | str) -> WebhookEvent:
    """The event in a body. Never raises: what cannot be read gives an empty event."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return WebhookEvent()
    if not isinstance(payload, dict):
        return WebhookEvent()
    layers = [payload, *(part for part in payload.values() if isinstance(part, dict))]
    event = found_event(layers)
    subject, _, _ = (event or "").partition(".")
    return WebhookEvent(
        event=event,
        id=first(layers[:1], "id"),
        chat_id=named(layers, "chat", subject),
        message_id=named(layers, "message", subject),
        payload=payload,
    )


def found_event(layers: list[dict[str, Any]]) -> str | None:
    """A known event wherever it stands; else what the usual fields say."""
    for layer in layers:
        for value in layer.values():
            if isinstance(value, str) and value in EVENTS:
                return value
    return first(layers, "event", "type")


def named(layers: list[dict[str, Any]], kind: str, subject: str) -> str | None:
    """The id of the chat or message: chatId, chat_id, chat.id, or data.id of a chat.… event."""
    if direct := first(layers, f"{kind}Id", f"{kind}_id", f"{kind}ID"):
        return direct
    for layer in layers:
        if isinstance(layer.get(kind), dict) and (found := first([layer[kind]], "id")):
            return found
        if layer.get("object") == kind and (found := first([layer], "id")):
            return found
    inner = [layers[0][name] for name in ("data", "payload") if name in layers[0]]
    return (
        first([part for part in inner if isinstance(part, dict)], "id") if subject == kind else None
    )


def first(layers: list[dict[str, Any]], *names: str) -> str | None:
    """The first short text under one of these names."""
    for layer in layers:
        for name in names:
            value = layer.get(name)
            if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT:
                return value
    return None
