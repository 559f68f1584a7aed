"""What tests of webhooks share: adding one, posting to one, and letting time pass."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from dashboard.actions import webhooks
from dashboard.models import Chat, Delivery, Key, Membership, Webhook
from tests.dashboard.syncing import new_chat, run
from v0client.simulator import Simulator

TOKEN = "t" * 43
ALL = list(webhooks.EVENTS)
ORIGIN = "http://127.0.0.1:8000"


def add(member: Membership, key: Key, **fields: Any) -> Webhook:
    """A webhook of v0 that points here."""
    values = {"name": "Ours", "events": ALL, "generation": "v2"} | fields
    return webhooks.add_webhook(member=member, key=key, **values)


def post(body: object, token: str = TOKEN) -> int:
    """What the door answers to this body."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    path = f"/hooks/{token}/"
    return Client().post(path, content, content_type="application/json").status_code


def told_of(chat_id: str, event: str = "chat.updated") -> dict[str, str]:
    """An event as the simulated v0 writes it."""
    return {"id": "evt_1", "object": "hook_event", "event": event, "chatId": chat_id}


def age(**fields: float) -> None:
    """Time passes for what has arrived."""
    for name in ("look_at", "looked_at", "received_at"):
        for row in Delivery.objects.exclude(**{name: None}):
            moved = getattr(row, name) - timedelta(**fields)
            Delivery.objects.filter(pk=row.pk).update(**{name: moved})


def asked_for(simulator: Simulator, chat_id: str) -> int:
    """How often v0 was asked for the chat's detail."""
    return sum(one.path.endswith(f"/chats/{chat_id}") for one in simulator.requests)


def synced_chat(simulator: Simulator, key: Key, **more: Any) -> Chat:
    """A chat that was made beside the dashboard, and is mirrored."""
    made = new_chat(simulator, **more)
    run(key)
    return Chat.objects.get(upstream_id=made.id)
