"""Webhooks in one vocabulary: what a webhook is, and the verbs that both generations have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from v0client.webhooks import EVENTS

__all__ = ["EVENTS", "WebhookRecord", "WebhookVerbs"]


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """An address that v0 posts events to. `chat_id` is "" where it hears of every chat;
    `created_at` is None where v0 does not tell."""

    id: str
    name: str
    events: tuple[str, ...]
    url: str
    chat_id: str = ""
    created_at: datetime | None = None


class WebhookVerbs(ABC):
    """What a Remote can do with the webhooks of the key's account."""

    @abstractmethod
    def webhooks(self) -> list[str]:
        """The ids of all; what else there is to know, `webhook` tells."""

    @abstractmethod
    def webhook(self, webhook_id: str) -> WebhookRecord: ...

    @abstractmethod
    def create_webhook(
        self, *, name: str, events: Sequence[str], url: str, chat_id: str = ""
    ) -> WebhookRecord: ...

    @abstractmethod
    def edit_webhook(
        self, webhook_id: str, *, name: str, events: Sequence[str]
    ) -> WebhookRecord: ...

    @abstractmethod
    def delete_webhook(self, webhook_id: str) -> None: ...
