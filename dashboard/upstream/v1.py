"""The verbs in v1 of the API: each asks the client and hands back records, or raises Refused.

Those that begin and continue chats are in v1_prompts.py, those of files in v1_files.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.upstream import v1_records as to
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import (
    AccountRecord,
    ChatListing,
    ChatRecord,
    DeploymentErrorRecord,
    DeploymentRecord,
    FileRecord,
    LineRecord,
    MoneyRecord,
    ProjectListing,
    ProjectRecord,
    VersionRecord,
)
from dashboard.upstream.v1_asks import AsksV1
from dashboard.upstream.v1_files import FilesV1
from dashboard.upstream.v1_mcp_servers import McpServersV1
from dashboard.upstream.v1_prompts import PromptsV1
from dashboard.upstream.v1_usage import UsageV1
from dashboard.upstream.v1_webhooks import WebhooksV1


class RemoteV1(AsksV1, PromptsV1, FilesV1, UsageV1, WebhooksV1, McpServersV1):
    generation = "v1"
    keeps_versions = True
    lists_deployments = True

    # ---- reading ------------------------------------------------------------------------------

    def account(self) -> AccountRecord:
        user = self._client.v1.user
        return to.account(self.read(user.get), self.read(user.get_scopes).data)

    def money(self) -> MoneyRecord:
        """Whatever of billing, plan and limits the key may see. Raises if it may see nothing."""
        user, refusals = self._client.v1.user, []
        answers: list[Any] = []
        for ask in (user.get_billing, user.get_plan, self._client.v1.rate_limits.find):
            try:
                answers.append(self.read(ask))
            except Refused as refusal:
                if refusal.kind not in ("forbidden", "gone"):
                    raise
                refusals.append(refusal)
                answers.append(None)
        if len(refusals) == len(answers):
            raise refusals[0]
        return to.money(*answers)

    def projects(self) -> list[ProjectListing]:
        return [to.project_listing(p) for p in self.read(self._client.v1.projects.find).data]

    def project(self, project_id: str) -> ProjectRecord:
        return to.project(self.read(self._client.v1.projects.get_by_id, project_id))

    def chats(self) -> Iterator[ChatListing]:
        """Every chat that the key sees; what is listed throughout is not missed."""
        pages = self._client.v1.chats.find(limit=60).by_page()
        # Never asked again after an error: a broken generator would look like the end of the list.
        while (page := self._ask(next, (pages, None), {}, write=False)) is not None:
            yield from (to.chat_listing(chat) for chat in page.data)

    def newest_chats(self) -> list[ChatListing]:
        """The first page of the list, in one request."""
        page = self.read(self._client.v1.chats.find(limit=60).first)
        return [to.chat_listing(chat) for chat in page.data]

    def chat(self, chat_id: str) -> ChatRecord:
        return to.chat(self.read(self._client.v1.chats.get_by_id, chat_id))

    def versions(self, chat_id: str) -> list[VersionRecord]:
        """All versions, oldest first."""
        pages = self._client.v1.chats.find_versions(chat_id, limit=150)
        return [to.version(version) for version in self.read(pages.all)][::-1]

    def files(self, chat_id: str, version_id: str) -> tuple[FileRecord, ...]:
        return to.files(self.read(self._client.v1.chats.get_version, chat_id, version_id))

    def deployments(self, chat_id: str, version_id: str) -> list[DeploymentRecord]:
        found = self.read(self._client.v1.deployments.find, chat_id, version_id)
        return [to.deployment(one) for one in found.data]

    def deployment(self, deployment_id: str) -> DeploymentRecord:
        return to.deployment(self.read(self._client.v1.deployments.get_by_id, deployment_id))

    def deployment_lines(
        self, deployment_id: str, since: float | None = None
    ) -> tuple[list[LineRecord], float | None]:
        """The log's lines after `since` (UNIX seconds), and where to go on."""
        logs = self.read(self._client.v1.deployments.find_logs, deployment_id, since=since)
        next_since = since if logs.next_since is None else float(logs.next_since)
        return [to.line(line) for line in logs.logs], next_since

    def deployment_error(self, deployment_id: str) -> DeploymentErrorRecord:
        return to.failure(self.read(self._client.v1.deployments.find_errors, deployment_id))

    # ---- changing -----------------------------------------------------------------------------

    def fix_error(self, chat_id: str, *, prompt: str) -> ChatRecord:
        send = self._client.v1.chats.send_message
        action: Any = {"type": "fix-with-v0"}
        return to.chat(
            self.write(send, chat_id, message=prompt, action=action, response_mode="async")
        )

    def stop_message(self, chat_id: str, message_id: str) -> None:
        self.write(self._client.v1.chats.stop, chat_id, message_id)

    def rename_chat(self, chat_id: str, name: str) -> ChatRecord:
        return to.chat(self.write(self._client.v1.chats.update, chat_id, name=name))

    def set_chat_privacy(self, chat_id: str, privacy: str) -> ChatRecord:
        return to.chat(self.write(self._client.v1.chats.update, chat_id, privacy=privacy))

    def set_chat_favorite(self, chat_id: str, favorite: bool) -> bool:
        """What v0 says it is now."""
        answer = self.write(self._client.v1.chats.favorite, chat_id, is_favorite=favorite)
        return answer.favorited

    def tag_chat(self, chat_id: str, metadata: Mapping[str, str]) -> None:
        self.write(self._client.v1.chats.update, chat_id, metadata=metadata)

    def delete_chat(self, chat_id: str) -> None:
        self.write(self._client.v1.chats.delete, chat_id)

    def fork(self, chat_id: str, version_id: str, privacy: str = "private") -> ChatRecord:
        fork = self._client.v1.chats.fork
        return to.chat(self.write(fork, chat_id, version_id=version_id, privacy=privacy))

    def assign_project(self, project_id: str, chat_id: str) -> None:
        self.write(self._client.v1.projects.assign, project_id, chat_id=chat_id)

    def create_project(
        self, *, name: str, description: str = "", instructions: str = "", privacy: str = "team"
    ) -> ProjectRecord:
        answer = self.write(
            self._client.v1.projects.create,
            name=name,
            description=description or None,
            instructions=instructions or None,
            privacy=privacy,
        )
        return to.project(answer)

    def edit_project(
        self, project_id: str, *, name: str, description: str, instructions: str, privacy: str
    ) -> ProjectRecord:
        answer = self.write(
            self._client.v1.projects.update,
            project_id,
            name=name,
            description=description,
            instructions=instructions,
            privacy=privacy,
        )
        return to.project(answer)

    def deploy(
        self, chat_id: str, version_id: str, project_id: str | None = None
    ) -> DeploymentRecord:
        create = self._client.v1.deployments.create
        return to.deployment(self.write(create, chat_id, version_id, project_id=project_id))

    def delete_deployment(self, deployment_id: str) -> None:
        self.write(self._client.v1.deployments.delete, deployment_id)
