"""The verbs of v0 in one vocabulary. What a generation of the API has, v1.py and v2.py carry out;
what it lacks raises NotOffered with a sentence for people."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ClassVar, Unpack

from dashboard.upstream.asking import Asking
from dashboard.upstream.mcp_servers import McpServerVerbs
from dashboard.upstream.pace import Pace
from dashboard.upstream.prompts import ChatFields, NewChat, PromptFields, Source
from dashboard.upstream.records import (
    AccountRecord,
    ArchiveRecord,
    ChatListing,
    ChatRecord,
    CostRecord,
    DeploymentErrorRecord,
    DeploymentRecord,
    FileRecord,
    LineRecord,
    MoneyRecord,
    PreviewRecord,
    ProjectListing,
    ProjectRecord,
    SetupRecord,
    VersionRecord,
)
from dashboard.upstream.webhooks import WebhookVerbs
from v0client import V0


class Remote(Asking, WebhookVerbs, McpServerVerbs):
    """v0 as one key sees it, in one generation of its API. Safe to share between threads."""

    keeps_versions: ClassVar[bool]  # else only the present files can be read
    lists_deployments: ClassVar[bool]

    def __init__(self, client: V0, pace: Pace, *, patient: bool) -> None:
        super().__init__(client, pace, patient=patient)
        self.generations: Mapping[str, Remote] = {self.generation: self}

    def of(self, generation: str) -> Remote:
        """The same key in the other generation."""
        return self.generations[generation]

    # ---- reading ------------------------------------------------------------------------------

    def account(self) -> AccountRecord:
        raise self.lacking("user")

    def money(self) -> MoneyRecord:
        """Whatever of billing, plan and limits the key may see. Raises if it may see nothing."""
        raise self.lacking("billing")

    @abstractmethod
    def message_costs(self, since: datetime, *, models: bool) -> Iterator[CostRecord]:
        """What messages cost and which model wrote them, as far as they do not tell it; a message
        may come several times. Without `models` that is left out where it takes more requests."""

    def chat_costs(self, chat_id: str, since: datetime) -> list[CostRecord]:
        """The same for the answers of one chat, as far as v0 has it in its reports by now."""
        return []

    def projects(self) -> list[ProjectListing]:
        raise self.lacking("projects")

    def project(self, project_id: str) -> ProjectRecord:
        raise self.lacking("projects")

    @abstractmethod
    def chats(self) -> Iterator[ChatListing]:
        """Every chat that the key sees; what is listed throughout is not missed."""

    @abstractmethod
    def newest_chats(self) -> list[ChatListing]:
        """The first page of the list, in one request."""

    @abstractmethod
    def chat(self, chat_id: str) -> ChatRecord: ...

    @abstractmethod
    def versions(self, chat_id: str) -> list[VersionRecord]:
        """All versions, oldest first."""

    @abstractmethod
    def files(self, chat_id: str, version_id: str) -> tuple[FileRecord, ...]: ...

    def preview(self, chat_id: str) -> PreviewRecord | None:
        """Where the chat's app can be seen; None while it starts."""
        raise self.lacking("preview_token")

    def preview_hosts(self) -> list[str]:
        """The sites that may show the team's previews in their pages."""
        raise self.lacking("preview_hosts")

    def set_preview_hosts(self, hosts: Sequence[str]) -> list[str]:
        """Replaces them all; returns them as v0 writes them."""
        raise self.lacking("preview_hosts")

    def deployments(self, chat_id: str, version_id: str) -> list[DeploymentRecord]:
        raise self.lacking("deployments")

    def deployment(self, deployment_id: str) -> DeploymentRecord:
        raise self.lacking("deployments")

    def deployment_lines(
        self, deployment_id: str, since: float | None = None
    ) -> tuple[list[LineRecord], float | None]:
        """The log's lines after `since` (UNIX seconds), and where to go on."""
        raise self.lacking("deployment_logs")

    def deployment_error(self, deployment_id: str) -> DeploymentErrorRecord:
        raise self.lacking("deployment_logs")

    def setup_status(self, chat_id: str, request_id: str) -> SetupRecord:
        """How far the set-up is that the agent waits for."""
        raise self.lacking("connect_status")

    # ---- changing -----------------------------------------------------------------------------

    @abstractmethod
    def create_chat(self, *, prompt: str, nonce: str, **fields: Unpack[NewChat]) -> ChatRecord:
        """Begins a chat and comes back at once; v0 goes on writing. Attachments are addresses."""

    @abstractmethod
    def import_chat(self, source: Source, *, nonce: str, **chat: Unpack[ChatFields]) -> ChatRecord:
        """Begins a chat with code that exists. No prompt is answered."""

    @abstractmethod
    def send_message(
        self, chat_id: str, *, prompt: str, **fields: Unpack[PromptFields]
    ) -> ChatRecord:
        """Sends a further prompt and comes back at once; v0 goes on writing."""

    @abstractmethod
    def chat_of_nonce(self, nonce: str, since: datetime) -> ChatRecord | None:
        """The chat made with this nonce, if v0 has one made since."""

    def fix_error(self, chat_id: str, *, prompt: str) -> ChatRecord:
        """Asks v0 to mend the error that the prompt tells, and comes back at once."""
        return self.send_message(chat_id, prompt=prompt)

    @abstractmethod
    def stop_message(self, chat_id: str, message_id: str) -> None:
        """Has v0 stop writing this message as soon as it can."""

    @abstractmethod
    def resolve_task(self, chat_id: str, task: Mapping[str, Any]) -> ChatRecord:
        """Answers what the agent waits for and comes back at once; v0 goes on writing."""

    @abstractmethod
    def rename_chat(self, chat_id: str, name: str) -> ChatRecord: ...

    @abstractmethod
    def set_chat_privacy(self, chat_id: str, privacy: str) -> ChatRecord: ...

    @abstractmethod
    def set_chat_favorite(self, chat_id: str, favorite: bool) -> bool:
        """What v0 says it is now."""

    @abstractmethod
    def tag_chat(self, chat_id: str, metadata: Mapping[str, str]) -> None:
        """Adds to the chat's metadata."""

    @abstractmethod
    def delete_chat(self, chat_id: str) -> None: ...

    @abstractmethod
    def fork(self, chat_id: str, version_id: str, privacy: str = "private") -> ChatRecord: ...

    @abstractmethod
    def write_files(self, chat_id: str, version_id: str, files: Sequence[FileRecord]) -> None:
        """Replaces or adds text files of the newest version: v1 in it, v2 as a new one."""

    @abstractmethod
    def delete_files(self, chat_id: str, version_id: str, paths: Sequence[str]) -> None: ...

    def lock_file(self, chat_id: str, version_id: str, file: FileRecord) -> None:
        """Sets whether v0 leaves this file as it is."""
        raise self.lacking("lock_files")

    @abstractmethod
    def restore(self, chat_id: str, version_id: str) -> None:
        """Makes the files of an earlier version the chat's present ones."""

    @abstractmethod
    def download(
        self, chat_id: str, version_id: str, form: str = "zip", *, whole: bool = False
    ) -> AbstractContextManager[ArchiveRecord]:
        """The files as v0 packs them, `whole` with those that every project has. `form`: zip or
        tarball."""

    def assign_project(self, project_id: str, chat_id: str) -> None:
        raise self.lacking("projects")

    def unassign_project(self, chat_id: str) -> None:
        raise self.lacking("unassign_project")

    def create_project(
        self, *, name: str, description: str = "", instructions: str = "", privacy: str = "team"
    ) -> ProjectRecord:
        raise self.lacking("projects")

    def edit_project(
        self, project_id: str, *, name: str, description: str, instructions: str, privacy: str
    ) -> ProjectRecord:
        raise self.lacking("projects")

    @abstractmethod
    def deploy(
        self, chat_id: str, version_id: str, project_id: str | None = None
    ) -> DeploymentRecord: ...

    def delete_deployment(self, deployment_id: str) -> None:
        raise self.lacking("deployments")
