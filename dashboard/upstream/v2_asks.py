"""Answering what agents ask in v2 of the API, and how far the set-up of a connector is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.upstream.records import ChatRecord, SetupRecord
from dashboard.upstream.v2_prompts import PromptsV2
from v0client.v2.vercel import ConnectFailed, ConnectPending, ConnectReady


class AsksV2(PromptsV2):
    def resolve_task(self, chat_id: str, task: Mapping[str, Any]) -> ChatRecord:
        self.write(self._client.v2.messages.resolve_async, chat_id, task=task)
        return self.after_writing(chat_id)

    def setup_status(self, chat_id: str, request_id: str) -> SetupRecord:
        ask = self._client.v2.chats.get_connect_status
        match self.read(ask, chat_id, request_id=request_id):
            case ConnectReady() as ready:
                return SetupRecord("ready", ready.connector.name)
            case ConnectFailed() as failed:
                return SetupRecord("failed", failed.message)
            case ConnectPending() as pending:
                return SetupRecord("pending", pending.progress or "")
            case other:
                return SetupRecord("pending", f"v0 calls it “{other.status}”.")
