"""What begins and continues chats in v2 of the API, and how a chat is found by its nonce."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Unpack

from dashboard.upstream import v2_records as to
from dashboard.upstream.errors import Refused
from dashboard.upstream.prompts import (
    NONCE,
    ChatFields,
    NewChat,
    PromptFields,
    Source,
    beside_the_prompt,
)
from dashboard.upstream.records import ChatRecord
from dashboard.upstream.remote import Remote

DEFAULT_MODEL = "v0-pro"  # what v2 takes where none is named; it wants one beside other wishes


def model_configuration(fields: PromptFields) -> dict[str, Any] | None:
    """v2 wants both of its fields or neither."""
    model_id, images = fields.get("model_id"), fields.get("image_generations", False)
    if not model_id and not images:
        return None
    return {"model_id": model_id or DEFAULT_MODEL, "image_generations": images}


class PromptsV2(Remote):
    def create_chat(self, *, prompt: str, nonce: str, **fields: Unpack[NewChat]) -> ChatRecord:
        begun = self.write(
            self._client.v2.chats.create_async,
            message=prompt,
            **self.told(nonce, fields),
            **self.wished(fields),
        )
        return self.after_writing(begun.chat_id)

    def import_chat(self, source: Source, *, nonce: str, **chat: Unpack[ChatFields]) -> ChatRecord:
        chats, fields = self._client.v2.chats, dict[str, Any]()
        if source.kind == "files":
            ask: Any = chats.create_from_files
            fields["files"] = [{"name": name, "content": text} for name, text in source.files]
        elif source.kind == "zip":
            ask, fields["url"] = chats.create_from_zip, source.url
        elif source.kind == "repo":
            branch = {"branch": source.branch} if source.branch else {}
            ask, fields["repo"] = chats.create_from_repo, {"url": source.url, **branch}
        else:
            raise self.lacking(f"from_{source.kind}")
        begun = self.write(
            ask,
            **fields,
            **self.told(nonce, chat),
        )
        record = self.after_writing(begun.chat.id)
        # Before a prompt changes them: v2 keeps the present files alone.
        latest = record.latest
        return replace(record, latest_files=self.files(record.id, latest.id)) if latest else record

    def send_message(
        self, chat_id: str, *, prompt: str, **fields: Unpack[PromptFields]
    ) -> ChatRecord:
        self.write(
            self._client.v2.messages.send_async, chat_id, message=prompt, **self.wished(fields)
        )
        return self.after_writing(chat_id)

    def wished(self, fields: PromptFields) -> dict[str, Any]:
        """What goes with a prompt, as v2 takes it."""
        if fields.get("thinking"):
            raise self.lacking("thinking")
        return {
            "system_prompt": fields.get("system") or None,
            "model_configuration": model_configuration(fields),
            **beside_the_prompt(fields),
        }

    def told(self, nonce: str, chat: ChatFields) -> dict[str, Any]:
        """What a new chat is told of itself; metadata holds what the dashboard keeps there."""
        project = {to.PROJECT: chat["project_id"]} if chat.get("project_id") else {}
        return {
            "title": chat.get("title") or None,
            "privacy": chat.get("privacy", "private"),
            "metadata": {**chat.get("metadata", {}), NONCE: nonce, **project},
        }

    def after_writing(self, chat_id: str) -> ChatRecord:
        """The chat after v0 took a change. It is made whatever becomes of this question."""
        try:
            return self.chat(chat_id)
        except Refused as refusal:
            raise Refused(
                "v0 took it, but did not tell what became of it. It is looked up.", kind="unclear"
            ) from refusal

    def chat_of_nonce(self, nonce: str, since: datetime) -> ChatRecord | None:
        """A duplicate has its original's metadata: the oldest counts."""
        found = self.read(self._client.v2.chats.list(metadata={NONCE: nonce}).all)
        if not found:
            return None
        return self.chat(min(found, key=lambda chat: chat.created_at).id)
