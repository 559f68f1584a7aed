"""Every operation of v1, on both clients, against the simulator: each answers in its type."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import pytest

from tests.client.backend import on_both_clients
from tests.client.exercised import Exercised, left_out
from v0client import Listing, open_tasks
from v0client.shapes import Deleted
from v0client.v1 import (
    chats,
    deployments,
    early,
    events,
    hooks,
    integrations,
    mcp_servers,
    messages,
    projects,
    rate_limits,
    reports,
    user,
    versions,
)
from v0client.v1.contents import Task, Unknown
from v0client.v1.task_parts import OtherPart


class Client(Exercised):
    """One of the clients, for v1, where everything the simulator tells is known."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, "v1")

    def chat(self, message: str = "A shop for coffee") -> chats.ChatDetail:
        """A chat whose first answer is complete."""
        made = self(lambda v1: v1.chats.create(message=message), chats.ChatDetail)
        assert isinstance(made, chats.ChatDetail)
        for part in made.messages[-1].parts:
            assert not isinstance(part, Unknown)
            if isinstance(part, Task):
                assert not any(isinstance(inner, OtherPart) for inner in part.parts)
        return made

    def version(self) -> tuple[str, str]:
        """The ids of a chat and of its version."""
        made = self.chat()
        assert made.latest_version
        return made.id, made.latest_version.id


def chats_are_begun(v1: Client) -> None:
    v1(lambda v1: v1.chats.create_stream(message="A shop"), [events.StreamEvent])
    page = {"name": "app/page.tsx", "content": "export default () => null", "locked": True}
    made = v1(lambda v1: v1.chats.init(type="files", files=[page]), chats.ChatDetail)
    assert page["content"] in [file.content for file in made.latest_version.files]


def chats_are_changed(v1: Client) -> None:
    chat, version = v1.version()
    v1(lambda v1: v1.chats.update(chat, name="Shop", metadata={"a": "b"}), chats.ChatDetail)
    assert v1(lambda v1: v1.chats.get_by_id(chat), chats.ChatDetail).name == "Shop"
    v1(lambda v1: v1.chats.favorite(chat, is_favorite=True), chats.Favorited)
    copy = v1(lambda v1: v1.chats.fork(chat, version_id=version), chats.ChatDetail)
    found = v1(lambda v1: v1.chats.find(is_favorite=True), [chats.ChatSummary])
    assert [one.id for one in found] == [chat]
    v1(lambda v1: v1.chats.delete(copy.id), Deleted)


def messages_are_sent(v1: Client) -> None:
    chat = v1.chat().id
    v1(lambda v1: v1.chats.send_message(chat, message="Bluer"), chats.ChatDetail)
    v1(lambda v1: v1.chats.send_message_stream(chat, message="Redder"), [events.StreamEvent])
    queued = v1(
        lambda v1: v1.chats.send_message(chat, message="A cart", response_mode="async"),
        chats.ChatDetail,
    )
    last = queued.messages[-1].id
    v1(lambda v1: v1.chats.stop(chat, last), messages.Stopped)
    v1(lambda v1: v1.chats.resume(chat, last), [events.StreamEvent])
    assert v1(lambda v1: v1.chats.get_message(chat, last), messages.MessageDetail).id == last
    found = v1(lambda v1: v1.chats.find_messages(chat, limit=2), [messages.MessageSummary])
    assert len(found) == 8


def tasks_are_resolved(v1: Client) -> None:
    chat = v1.chat("A shop, but plan first")
    plan = chat.messages[-1].open_task
    assert isinstance(plan, open_tasks.Plan)
    v1(lambda v1: v1.chats.resolve_task(chat.id, task=plan.approve()), chats.ChatDetail)
    chat = v1.chat("A shop, but ask me first")
    questions = chat.messages[-1].open_task
    assert isinstance(questions, open_tasks.Questions)
    answer = questions.answer({one.id: [one.options[0].label] for one in questions.questions})
    v1(lambda v1: v1.chats.resolve_task_stream(chat.id, task=answer), [events.StreamEvent])


def versions_are_changed(v1: Client) -> None:
    chat, version = v1.version()
    change = {"name": "notes.md", "content": "# Notes"}
    detail = versions.VersionDetail
    second = v1(lambda v1: v1.chats.update_version(chat, version, files=[change]), detail).id
    third = v1(
        lambda v1: v1.chats.delete_version_files(chat, second, file_paths=["notes.md"]), detail
    )
    assert "notes.md" not in [file.name for file in third.files]
    v1(lambda v1: v1.chats.restore(chat, second), detail)
    read = v1(lambda v1: v1.chats.get_version(chat, second, include_default_files=False), detail)
    assert v1(lambda v1: v1.chats.find_versions(chat, limit=1), [versions.VersionSummary])
    archive = v1(lambda v1: v1.chats.download_version(chat, second, format="tarball"), bytes)
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        assert {file.name for file in read.files} <= set(packed.getnames())


def early_operations_are_kept(v1: Client) -> None:
    chat, version = v1.version()
    shot = io.BytesIO(b"\x89PNG and so on")
    v1(lambda v1: v1.chats.upload(chat, shot, name="shot.png"), early.Uploaded)
    assert v1(lambda v1: v1.chats.get_metadata(chat), early.ChatMetadata).git
    v1(lambda v1: v1.chats.find_iframe(chat, version), early.Iframe)
    v1(lambda v1: v1.chats.get_version_frame_token(chat, version), early.FrameToken)


def projects_are_kept(v1: Client) -> None:
    chat = v1.chat().id
    detail = projects.ProjectDetail
    made = v1(lambda v1: v1.projects.create(name="Shop"), detail).id
    v1(lambda v1: v1.projects.update(made, instructions="Be brief"), detail)
    v1(lambda v1: v1.projects.assign(made, chat_id=chat), projects.Assigned)
    assert v1(lambda v1: v1.projects.get_by_chat_id(chat), detail).id == made
    assert [one.id for one in v1(lambda v1: v1.projects.get_by_id(made), detail).chats] == [chat]
    assert v1(lambda v1: v1.projects.find(), Listing[projects.ProjectSummary]).data
    linked = v1(lambda v1: v1.integrations.vercel.projects.find(), Listing)
    assert type(linked) is Listing[integrations.VercelProject]
    v1(
        lambda v1: v1.integrations.vercel.projects.create(project_id=made, name="shop"),
        integrations.VercelProject,
    )
    v1(lambda v1: v1.projects.delete(made, delete_all_chats=False), Deleted)


def variables_are_kept(v1: Client) -> None:
    project = v1(lambda v1: v1.projects.create(name="Shop"), projects.ProjectDetail).id
    listed = Listing[projects.EnvironmentVariable]
    new = [{"key": "TOKEN", "value": "one"}]
    (made,) = v1(
        lambda v1: v1.projects.create_env_vars(project, environment_variables=new), listed
    ).data
    change = [{"id": made.id, "value": "two"}]
    v1(lambda v1: v1.projects.update_env_vars(project, environment_variables=change), listed)
    one = v1(
        lambda v1: v1.projects.get_env_var(project, made.id, decrypted=True),
        projects.EnvironmentVariableAnswer,
    )
    assert one.data.value == "two"
    assert v1(lambda v1: v1.projects.find_env_vars(project), listed).data
    v1(
        lambda v1: v1.projects.delete_env_vars(project, environment_variable_ids=[made.id]),
        Listing[Deleted],
    )


def versions_are_deployed(v1: Client) -> None:
    chat, version = v1.version()
    made = v1(lambda v1: v1.deployments.create(chat, version), deployments.Deployment).id
    found = v1(lambda v1: v1.deployments.find(chat, version), Listing[deployments.Deployment])
    assert [one.id for one in found.data] == [made]
    v1(lambda v1: v1.deployments.get_by_id(made), deployments.Deployment)
    v1(lambda v1: v1.deployments.find_logs(made), deployments.Logs)
    v1(lambda v1: v1.deployments.find_errors(made), deployments.Failure)
    v1(lambda v1: v1.deployments.delete(made), Deleted)


def an_account_is_kept(v1: Client) -> None:
    server = {"name": "Linear", "url": "https://mcp.example/sse"}
    config = {
        "authorization_url": "https://mcp.example/authorize",
        "token_url": "https://mcp.example/token",
        "client_id": "ours",
    }
    auth = {"type": "oauth", "config": config}
    made = v1(lambda v1: v1.mcp_servers.create(**server, auth=auth), mcp_servers.McpServer)
    v1(lambda v1: v1.mcp_servers.update(made.id, enabled=False), mcp_servers.McpServer)
    assert v1(lambda v1: v1.mcp_servers.get_by_id(made.id), mcp_servers.McpServer).enabled is False
    assert v1(lambda v1: v1.mcp_servers.find(), Listing[mcp_servers.McpServer]).data
    v1(
        lambda v1: v1.mcp_servers.create_oauth_authorization_url(
            made.id, return_url="https://ours.example/back"
        ),
        mcp_servers.OAuthAuthorization,
    )
    v1(lambda v1: v1.mcp_servers.delete(made.id), Deleted)
    hook = {"name": "Ours", "events": ["message.finished"], "url": "https://hooks.example/1"}
    kept = v1(lambda v1: v1.hooks.create(**hook), hooks.HookDetail)
    v1(lambda v1: v1.hooks.update(kept.id, name="Theirs"), hooks.HookDetail)
    assert v1(lambda v1: v1.hooks.get_by_id(kept.id), hooks.HookDetail).name == "Theirs"
    assert v1(lambda v1: v1.hooks.find(), Listing[hooks.HookSummary]).data
    v1(lambda v1: v1.hooks.delete(kept.id), Deleted)


def money_is_reported(v1: Client) -> None:
    chat = v1.chat().id
    v1.sim.clock.advance(60)
    (spent,) = v1(lambda v1: v1.reports.get_usage(chat_id=chat, limit=1), [reports.UsageEvent])
    assert spent.total_cost > 0
    assert v1(lambda v1: v1.reports.get_ai_usage(limit=1), [reports.AiUsageEvent])
    active = v1(lambda v1: v1.reports.get_user_activity(), reports.UserActivityReport)
    assert sum(one.chat_count for one in active.data) == 1
    v1(lambda v1: v1.user.get(), user.Account)
    v1(lambda v1: v1.user.get_billing(), user.TokenBilling)
    v1(lambda v1: v1.user.get_plan(), user.Plan)
    assert v1(lambda v1: v1.user.get_scopes(), Listing[user.Scope]).data
    v1(lambda v1: v1.rate_limits.find(), rate_limits.RateLimit)


AREAS = [
    chats_are_begun,
    chats_are_changed,
    messages_are_sent,
    tasks_are_resolved,
    versions_are_changed,
    early_operations_are_kept,
    projects_are_kept,
    variables_are_kept,
    versions_are_deployed,
    an_account_is_kept,
    money_is_reported,
]


@on_both_clients
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__)
def test_operations_answer_in_their_types(kind: str, area: Callable[[Client], None]) -> None:
    area(Client(kind))


def test_no_operation_is_left_out() -> None:
    assert left_out(AREAS, Client) == set()
