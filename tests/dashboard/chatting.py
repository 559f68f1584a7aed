"""Somebody with a key in front of the chat pages: what they send, and what v0 holds then."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from dashboard.models import Chat, Key, Project
from dashboard.sync import follow, store
from dashboard.upstream import connect
from v0client.simulator import Simulator


class Acting:
    """A member with a key, in front of the pages of the team."""

    def __init__(self, client: Client, key: Key, simulator: Simulator) -> None:
        self.client, self.key, self.simulator = client, key, simulator
        self.base = f"/t/{key.team.slug}/chats/"

    def post(self, path: str, **fields: object) -> HttpResponse:
        return self.client.post(self.base + path, fields)  # type: ignore[return-value]

    def create(self, prompt: str = "Make a pricing page", **fields: object) -> HttpResponse:
        values = {"nonce": uuid.uuid4(), "prompt": prompt, "privacy": "team"}
        return self.post("new/", **values | fields)

    def chat(self, **fields: object) -> Chat:
        """A finished chat with one version."""
        response = self.create(**fields)  # type: ignore[arg-type]
        assert response.status_code == 302, response.content.decode()
        row = Chat.objects.get(upstream_id=response["Location"].rstrip("/").rpartition("/")[2])
        self.finish()
        row.refresh_from_db()
        assert row.status == "ready"
        return row

    def finish(self) -> None:
        self.simulator.clock.advance(600)
        Chat.objects.filter(status="running").update(follow_at=timezone.now())
        follow.follow_due()

    def project(self, name: str) -> Project:
        with connect(self.key) as remote:
            return store.store_project(self.key, remote.create_project(name=name))

    def upstream(self, chat: Chat) -> dict[str, object]:
        """The chat as v0 tells it now."""
        with connect(self.key) as remote:
            record = remote.chat(chat.upstream_id)
        return {"name": record.name, "privacy": record.privacy, "favorite": record.favorite,
                "messages": len(record.messages)}  # fmt: skip
