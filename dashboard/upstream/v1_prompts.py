"""What begins and continues chats in v1 of the API, and how a chat is found by its nonce."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack

from dashboard.upstream import v1_records as to
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


def model_configuration(fields: PromptFields) -> dict[str, Any] | None:
    """What was wished for; v1 has a default for each."""
    names = ("model_id", "image_generations", "thinking")
    return {name: value for name, value in fields.items() if name in names and value} or None


class PromptsV1(Remote):
    def create_chat(self, *, prompt: str, nonce: str, **fields: Unpack[NewChat]) -> ChatRecord:
        """Without `title`: v1 names what begins with a prompt by itself."""
        answer = self.write(
            self._client.v1.chats.create,
            response_mode="async",
            message=prompt,
            system=fields.get("system") or None,
            model_configuration=model_configuration(fields),
            chat_privacy=fields.get("privacy", "private"),
            project_id=fields.get("project_id") or None,
            metadata={**fields.get("metadata", {}), NONCE: nonce},
            **beside_the_prompt(fields),
        )
        return to.chat(answer)

    def import_chat(self, source: Source, *, nonce: str, **chat: Unpack[ChatFields]) -> ChatRecord:
        fields: dict[str, Any] = {"type": source.kind}
        if source.kind == "files":
            fields["files"] = [{"name": name, "content": text} for name, text in source.files]
        elif source.kind == "template":
            fields["template_id"] = source.template_id
        else:
            branch = {"branch": source.branch} if source.branch else {}
            fields[source.kind] = {"url": source.url, **branch}
        answer = self.write(
            self._client.v1.chats.init,
            **fields,
            name=chat.get("title") or None,
            chat_privacy=chat.get("privacy", "private"),
            project_id=chat.get("project_id") or None,
            metadata={**chat.get("metadata", {}), NONCE: nonce},
        )
        return to.chat(answer)

    def send_message(
        self, chat_id: str, *, prompt: str, **fields: Unpack[PromptFields]
    ) -> ChatRecord:
        answer = self.write(
            self._client.v1.chats.send_message,
            chat_id,
            response_mode="async",
            message=prompt,
            system=fields.get("system") or None,
            model_configuration=model_configuration(fields),
            **beside_the_prompt(fields),
        )
        return to.chat(answer)

    def chat_of_nonce(self, nonce: str, since: datetime) -> ChatRecord | None:
        """Looks through the newest chats one by one: v1's list does not tell metadata."""
        for listing in self.newest_chats():
            if listing.created_at < since:
                continue
            try:
                record = self.chat(listing.id)
            except Refused as refusal:
                if refusal.kind != "gone":
                    raise
                continue
            if record.metadata.get(NONCE) == nonce:
                return record
        return None
