"""Answering what agents ask in v1 of the API. It has no Vercel Connect set-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.upstream import v1_records as to
from dashboard.upstream.records import ChatRecord
from dashboard.upstream.remote import Remote


class AsksV1(Remote):
    def resolve_task(self, chat_id: str, task: Mapping[str, Any]) -> ChatRecord:
        resolve = self._client.v1.chats.resolve_task
        return to.chat(self.write(resolve, chat_id, task=task, response_mode="async"))
