"""What begins and continues chats in v2 of the API, and how a chat is found by its nonce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dashboard.upstream import v2_records as to
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord, Source
from dashboard.upstream.remote import NONCE, Remote

DEFAULT_MODEL = "v0-pro"  # what v2 takes where none is named; it wants one beside other wishes


def model_configuration(model_id: str, image_generations: bool) -> dict[str, Any] | None:
    """v2 wants both of its fields or neither."""
    if not model_id and not image_generations:
        return None
    return {"model_id": model_id or DEFAULT_MODEL, "image_generations": image_generations}


def tags(nonce: str, project_id: str, metadata: Mapping[str, str] | None) -> dict[str, str]:
    """A new chat's metadata, with what the dashboard keeps there itself."""
    project = {to.PROJECT: project_id} if project_id else {}
    return {**(metadata or {}), NONCE: nonce, **project}


class PromptsV2(Remote):
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
        if thinking:
            raise self.lacking("thinking")
        begun = self.write(
            self._client.v2.chats.create_async,
            message=prompt,
            title=title or None,
            system_prompt=system or None,
            attachments=[{"url": url} for url in attachments] or None,
            model_configuration=model_configuration(model_id, image_generations),
            privacy=privacy,
            metadata=tags(nonce, project_id, metadata),
            skills=list(skills) or None,
            mcp_server_ids=list(mcp_server_ids) or None,
        )
        return self.after_writing(begun.chat_id)

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
            title=title or None,
            privacy=privacy,
            metadata=tags(nonce, project_id, metadata),
        )
        record = self.after_writing(begun.chat.id)
        # Before a prompt changes them: v2 keeps the present files alone.
        latest = record.latest
        return replace(record, latest_files=self.files(record.id, latest.id)) if latest else record

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
        if thinking:
            raise self.lacking("thinking")
        self.write(
            self._client.v2.messages.send_async,
            chat_id,
            message=prompt,
            system_prompt=system or None,
            attachments=[{"url": url} for url in attachments] or None,
            model_configuration=model_configuration(model_id, image_generations),
            skills=list(skills) or None,
            mcp_server_ids=list(mcp_server_ids) or None,
        )
        return self.after_writing(chat_id)

    def after_writing(self, chat_id: str) -> ChatRecord:
        """The chat after v0 took a change. It is made whatever becomes of this question."""
        try:
            return self.chat(chat_id)
        except Refused as refusal:
            raise Refused(
                "v0 took it, but did not tell what became of it. It is looked up.", kind="unclear"
            ) from refusal

    def chat_of_nonce(self, nonce: str, since: datetime) -> ChatRecord | None:
        return self.chat_tagged({NONCE: nonce})

    def chat_tagged(self, metadata: Mapping[str, str]) -> ChatRecord | None:
        """A duplicate has its original's metadata: the oldest counts."""
        found = self.read(self._client.v2.chats.list(metadata=metadata).all)
        if not found:
            return None
        return self.chat(min(found, key=lambda chat: chat.created_at).id)
