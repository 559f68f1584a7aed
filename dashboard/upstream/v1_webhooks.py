"""Webhooks in v1 of the API, which calls them hooks."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.upstream.remote import Remote
from dashboard.upstream.webhooks import WebhookRecord
from v0client.v1.hooks import HookDetail


def record(shape: HookDetail) -> WebhookRecord:
    return WebhookRecord(
        shape.id, shape.name, tuple(shape.events), shape.url, shape.chat_id or "", None
    )


class WebhooksV1(Remote):
    def webhooks(self) -> list[str]:
        return [hook.id for hook in self.read(self._client.v1.hooks.find).data]

    def webhook(self, webhook_id: str) -> WebhookRecord:
        return record(self.read(self._client.v1.hooks.get_by_id, webhook_id))

    def create_webhook(
        self, *, name: str, events: Sequence[str], url: str, chat_id: str = ""
    ) -> WebhookRecord:
        create = self._client.v1.hooks.create
        made = self.write(create, name=name, events=list(events), url=url, chat_id=chat_id or None)
        return record(made)

    def edit_webhook(self, webhook_id: str, *, name: str, events: Sequence[str]) -> WebhookRecord:
        update = self._client.v1.hooks.update
        return record(self.write(update, webhook_id, name=name, events=list(events)))

    def delete_webhook(self, webhook_id: str) -> None:
        self.write(self._client.v1.hooks.delete, webhook_id)
