"""Webhooks: addresses that v0 calls when something happens. What it posts there is read by
v0client/webhooks.py."""

from __future__ import annotations

from collections.abc import Sequence

from v0client.calls import Call, M, Null, Resource, given, operation
from v0client.shapes import Moment, Shape


class WebhookSummary(Shape):
    """A webhook in the list."""

    id: str
    name: str


class Webhook(Shape):
    """A webhook; `chat_id` is None where it is called for every chat.

    Known events: chat.created, chat.updated, chat.deleted, message.created, message.updated,
    message.deleted, message.finished.
    """

    id: str
    created_at: Moment
    name: str
    events: list[str]
    url: str
    chat_id: str | None


class DeletedWebhook(Shape):
    """What is left of a deleted webhook."""

    id: str
    deleted: bool


WebhookList = list[WebhookSummary]
HOOK = "v2/hooks/{hook_id}"


class Webhooks(Resource[M]):
    """`client.v2.webhooks`."""

    _name = "v2.webhooks"

    @operation
    def list(self) -> Call[WebhookList]:
        """All webhooks, without their addresses."""
        return Call("GET", "v2/hooks", WebhookList)

    @operation
    def create(
        self, *, name: str, events: Sequence[str], url: str, chat_id: str | Null | None = None
    ) -> Call[Webhook]:
        """A new webhook; for one chat if `chat_id` names it, else (or with NULL) for every chat."""
        body = given(name=name, events=events, url=url, chat_id=chat_id)
        return Call("POST", "v2/hooks", Webhook, body=body)

    @operation
    def get(self, hook_id: str) -> Call[Webhook]:
        """One webhook."""
        return Call("GET", HOOK, Webhook, {"hook_id": hook_id})

    @operation
    def update(
        self,
        hook_id: str,
        *,
        name: str | None = None,
        events: Sequence[str] | None = None,
        url: str | None = None,
    ) -> Call[Webhook]:
        """Change a webhook; its chat cannot be changed."""
        body = given(name=name, events=events, url=url)
        return Call("PATCH", HOOK, Webhook, {"hook_id": hook_id}, body=body)

    @operation
    def delete(self, hook_id: str) -> Call[DeletedWebhook]:
        """Delete a webhook for good."""
        return Call("DELETE", HOOK, DeletedWebhook, {"hook_id": hook_id})
