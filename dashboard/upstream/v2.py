"""The verbs in v2 of the API: each asks the client and hands back records, or raises Refused.

What v2 lacks and metadata can stand in for (projects, favourites) is kept in metadata. The verbs
that begin and continue chats are in v2_prompts.py, those of files in v2_files.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.upstream import v2_records as to
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import (
    ChatListing,
    ChatRecord,
    DeploymentRecord,
    FileRecord,
    VersionRecord,
)
from dashboard.upstream.v2_asks import AsksV2
from dashboard.upstream.v2_files import FilesV2
from dashboard.upstream.v2_mcp_servers import McpServersV2
from dashboard.upstream.v2_previews import PreviewsV2
from dashboard.upstream.v2_usage import UsageV2
from dashboard.upstream.v2_webhooks import WebhooksV2


class RemoteV2(AsksV2, FilesV2, PreviewsV2, UsageV2, WebhooksV2, McpServersV2):
    generation = "v2"
    keeps_versions = False
    lists_deployments = False

    # ---- reading ------------------------------------------------------------------------------

    def chats(self) -> Iterator[ChatListing]:
        pages = self._client.v2.chats.list(limit=100).by_page()
        # Never asked again after an error: a broken generator would look like the end of the list.
        while (page := self._ask(next, (pages, None), {}, write=False)) is not None:
            yield from (to.chat_listing(chat) for chat in page.data)

    def newest_chats(self) -> list[ChatListing]:
        page = self.read(self._client.v2.chats.list(limit=60).first)
        return [to.chat_listing(chat) for chat in page.data]

    def chat(self, chat_id: str) -> ChatRecord:
        chat = self.read(self._client.v2.chats.get, chat_id)
        messages = self.read(self._client.v2.messages.list(chat_id, limit=100).all)
        return to.chat(chat, messages[::-1])

    def versions(self, chat_id: str) -> list[VersionRecord]:
        return list(self.chat(chat_id).versions or ())

    def files(self, chat_id: str, version_id: str) -> tuple[FileRecord, ...]:
        """v2 has the chat's present files alone; whoever asks knows whose they are."""
        try:
            return to.files(self.read(self._client.v2.chats.get_files, chat_id).files)
        except Refused as refusal:
            if refusal.kind == "conflict":  # so v2 says that a chat has no files
                raise Refused("This chat has no files yet.", kind="gone") from None
            raise

    # ---- changing -----------------------------------------------------------------------------

    def update(self, chat_id: str, **fields: Any) -> ChatRecord:
        self.write(self._client.v2.chats.update, chat_id, **fields)
        return self.after_writing(chat_id)

    def stop_message(self, chat_id: str, message_id: str) -> None:
        self.write(self._client.v2.messages.stop, chat_id, message_id)

    def rename_chat(self, chat_id: str, name: str) -> ChatRecord:
        return self.update(chat_id, title=name)

    def set_chat_privacy(self, chat_id: str, privacy: str) -> ChatRecord:
        return self.update(chat_id, privacy=privacy)

    def set_chat_favorite(self, chat_id: str, favorite: bool) -> bool:
        mark = "true" if favorite else None
        answer = self.write(self._client.v2.chats.update, chat_id, metadata={to.FAVORITE: mark})
        return answer.metadata.get(to.FAVORITE) == "true"

    def assign_project(self, project_id: str, chat_id: str) -> None:
        metadata = {to.PROJECT: project_id}
        self.write(self._client.v2.chats.update, chat_id, metadata=metadata)

    def unassign_project(self, chat_id: str) -> None:
        self.write(self._client.v2.chats.update, chat_id, metadata={to.PROJECT: None})

    def tag_chat(self, chat_id: str, metadata: Mapping[str, str]) -> None:
        self.write(self._client.v2.chats.update, chat_id, metadata=metadata)

    def delete_chat(self, chat_id: str) -> None:
        self.write(self._client.v2.chats.delete, chat_id)

    def fork(self, chat_id: str, version_id: str, privacy: str = "private") -> ChatRecord:
        """A copy of the chat as it is now; v2 cannot copy an earlier state."""
        copy = self.write(self._client.v2.chats.duplicate, chat_id, privacy=privacy)
        return self.after_writing(copy.id)

    def deploy(
        self, chat_id: str, version_id: str, project_id: str | None = None
    ) -> DeploymentRecord:
        """Of the chat's present files. v2 tells neither the address nor the log."""
        made = self.write(self._client.v2.chats.deploy, chat_id)
        return DeploymentRecord(made.deployment_id, chat_id, version_id, "", "", "")
