"""What begins and continues chats in v1 of the API, and how a chat is found by its nonce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.upstream import v1_records as to
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord, Source
from dashboard.upstream.remote import NONCE, Remote


class PromptsV1(Remote):
    def create_chat(
        self,
        *,
        prompt: str,
        nonce: str,
        model_id: str = "",
        privacy: str = "private",
        project_id: str = "",
        system: str = "",
        image_generations: bool = False,
        thinking: bool = False,
        attachments: Sequence[str] = (),
        title: str = "",
        metadata: Mapping[str, str] | None = None,
        skills: Sequence[Any] = (),
        mcp_server_ids: Sequence[str] = (),
    ) -> ChatRecord:
        """Without `title`: v1 names what begins with a prompt by itself."""
        model = {"image_generations": image_generations, "thinking": thinking}
        answer = self.write(
            self._client.v1.chats.create,
            response_mode="async",
            message=prompt,
            system=system or None,
            attachments=[{"url": url} for url in attachments] or None,
            model_configuration={"model_id": model_id, **model} if model_id else model,
            chat_privacy=privacy,
            project_id=project_id or None,
            metadata={**(metadata or {}), NONCE: nonce},
            skills=list(skills) or None,
            mcp_server_ids=list(mcp_server_ids) or None,
        )
        return to.chat(answer)

    def import_chat(
        self,
        source: Source,
        *,
        nonce: str,
        privacy: str = "private",
        project_id: str = "",
        title: str = "",
        metadata: Mapping[str, str] | None = None,
    ) -> ChatRecord:
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
            name=title or None,
            chat_privacy=privacy,
            project_id=project_id or None,
            metadata={**(metadata or {}), NONCE: nonce},
        )
        return to.chat(answer)

    def send_message(
        self,
        chat_id: str,
        *,
        prompt: str,
        model_id: str = "",
        image_generations: bool = False,
        thinking: bool = False,
        attachments: Sequence[str] = (),
        system: str = "",
        skills: Sequence[Any] = (),
        mcp_server_ids: Sequence[str] = (),
    ) -> ChatRecord:
        model: dict[str, Any] = {"model_id": model_id} if model_id else {}
        model |= {"image_generations": True} if image_generations else {}
        model |= {"thinking": True} if thinking else {}
        answer = self.write(
            self._client.v1.chats.send_message,
            chat_id,
            response_mode="async",
            message=prompt,
            system=system or None,
            attachments=[{"url": url} for url in attachments] or None,
            model_configuration=model or None,
            skills=list(skills) or None,
            mcp_server_ids=list(mcp_server_ids) or None,
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
