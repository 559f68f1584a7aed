"""Every operation of v2, on both clients, against the simulator: each answers in its type."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.client.backend import on_both_clients
from tests.client.exercised import Exercised, left_out
from tests.client.simulated import OWNER, simulator
from v0client import V0, open_tasks
from v0client.v2 import (
    chats,
    events,
    files,
    mcp_servers,
    messages,
    organizations,
    parts,
    settings,
    usage,
    vercel,
    webhooks,
)


class Client(Exercised):
    """One of the clients, for v2, where everything the simulator tells is known."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, "v2")

    def __call__(self, call: Callable[[Any], Any], returns: Any) -> Any:
        found = super().__call__(call, returns)
        for one in found if isinstance(returns, list) else [found]:
            assert not isinstance(one, events.OtherEvent)
            told = getattr(one, "parts", ())
            assert not any(isinstance(part, parts.OtherPart) for part in told)
        return found

    def chat(self, message: str = "A shop for coffee") -> str:
        """The id of a chat whose first answer is complete."""
        made = self(lambda v2: v2.chats.create(message=message), chats.ChatWithUsage)
        return str(made.chat.id)

    def latest(self, chat: str) -> messages.Message:
        """The newest message of a chat."""
        found = self(lambda v2: v2.messages.list(chat), [messages.Message])[0]
        assert isinstance(found, messages.Message)
        return found


def chats_are_begun(v2: Client) -> None:
    v2(lambda v2: v2.chats.create_stream(message="A shop"), [events.StreamEvent])
    queued = v2(lambda v2: v2.chats.create_async(message="A shop"), chats.QueuedChat)
    v2(lambda v2: v2.chats.resume(queued.chat_id), [events.StreamEvent])
    page = {"name": "app/page.tsx", "content": "export default () => null"}
    v2(lambda v2: v2.chats.create_from_files(files=[page], title="Page"), chats.ChatWithUsage)
    repo = {"url": f"{v2.sim.base_url}/repos/harbor-studio/storefront", "branch": "dark-mode"}
    v2(lambda v2: v2.chats.create_from_repo(repo=repo), chats.ChatWithUsage)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(page["name"], page["content"])
    local = archive.getvalue()
    made = v2(lambda v2: v2.chats.create_from_zip(url=local), chats.ChatWithUsage)
    read = v2(lambda v2: v2.chats.get_files(made.chat.id), files.Files)
    assert page["content"].encode() in [file.data for file in read.files]


def chats_are_changed(v2: Client) -> None:
    chat = v2.chat()
    marked = {"metadata": {"team": "blue"}}
    v2(lambda v2: v2.chats.update(chat, title="Shop", **marked), chats.Chat)
    assert v2(lambda v2: v2.chats.get(chat), chats.Chat).title == "Shop"
    copy = v2(lambda v2: v2.chats.duplicate(chat, title="Again"), chats.Chat)
    found = v2(lambda v2: v2.chats.list(limit=1, **marked), [chats.Chat])
    assert chat in [one.id for one in found]
    v2(lambda v2: v2.chats.delete(copy.id), chats.DeletedChat)


def messages_are_sent(v2: Client) -> None:
    chat = v2.chat()
    sent = v2(lambda v2: v2.messages.send(chat, message="Bluer"), messages.Message)
    again = v2(lambda v2: v2.messages.get(chat, sent.id), messages.Message)
    assert again.parts == sent.parts
    v2(lambda v2: v2.messages.send_stream(chat, message="Redder"), [events.StreamEvent])
    queued = v2(lambda v2: v2.messages.send_async(chat, message="A cart"), messages.QueuedMessage)
    stop = messages.QueuedMessage
    v2(lambda v2: v2.messages.stop(chat, queued.message_id), stop)


def tasks_are_resolved(v2: Client) -> None:
    chat = v2.chat("A shop, but plan first")
    plan = v2.latest(chat).open_task
    assert isinstance(plan, open_tasks.Plan)
    v2(lambda v2: v2.messages.resolve(chat, task=plan.approve()), messages.Message)
    chat = v2.chat("A shop, but ask me first")
    questions = v2.latest(chat).open_task
    assert isinstance(questions, open_tasks.Questions)
    labels = {one.id: [one.options[0].label] for one in questions.questions}
    answer = questions.answer(labels)
    v2(lambda v2: v2.messages.resolve_stream(chat, task=answer), [events.StreamEvent])
    chat = v2.chat("A shop, and ask for permission")
    request = v2.latest(chat).open_task
    assert isinstance(request, open_tasks.PermissionRequest)
    grant = request.grant("Once")
    v2(lambda v2: v2.messages.resolve_async(chat, task=grant), messages.QueuedMessage)
    chat = v2.chat("A shop, and connect an integration")
    wanted = v2.latest(chat).open_task
    assert isinstance(wanted, open_tasks.IntegrationRequest)
    v2(lambda v2: v2.messages.resolve(chat, task=wanted.confirm()), messages.Message)


def connectors_are_set_up(v2: Client) -> None:
    chat = v2.chat("A board of our issues, and set up connect")
    setup = v2.latest(chat).open_task
    assert isinstance(setup, open_tasks.ConnectSetup)
    request_id = setup.request_id

    def status(v2: Any) -> Any:
        return v2.chats.get_connect_status(chat, request_id=request_id)

    v2(status, vercel.ConnectPending)
    v2.sim.clock.advance(3600)
    v2(status, vercel.ConnectReady)
    v2(lambda v2: v2.messages.resolve(chat, task=setup.finished()), messages.Message)


def files_are_changed(v2: Client) -> None:
    chat = v2.chat()
    v2(lambda v2: v2.chats.get_preview(chat), type(None) | vercel.Preview)
    v2.sim.clock.advance(60)
    v2(lambda v2: v2.chats.get_preview(chat), vercel.Preview)
    first = v2.latest(chat)
    change = {"path": "notes.md", "content": "# Notes"}
    v2(lambda v2: v2.chats.update_files(chat, files=[change]), messages.RecordedMessages)
    restore = messages.RecordedMessages
    v2(lambda v2: v2.chats.restore_message(chat, message_id=first.id), restore)
    archive = v2(lambda v2: v2.chats.download_files(chat), bytes)
    read = v2(lambda v2: v2.chats.get_files(chat), files.Files)
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert {file.path: file.data for file in read.files} == {
            name: packed.read(name) for name in packed.namelist()
        }


def chats_are_deployed(v2: Client) -> None:
    chat = v2.chat()
    project = v2(lambda v2: v2.chats.create_vercel_project(chat), vercel.AttachedProject)
    deployment = v2(lambda v2: v2.chats.deploy(chat), vercel.Deployment)
    assert deployment.vercel_project_id == project.vercel_project_id


def an_account_is_kept(v2: Client) -> None:
    server = {"name": "Linear", "url": "https://mcp.example/sse"}
    made = v2(lambda v2: v2.mcp_servers.create(**server), mcp_servers.McpServer)
    v2(lambda v2: v2.mcp_servers.update(made.id, enabled=False), mcp_servers.McpServer)
    assert v2(lambda v2: v2.mcp_servers.get(made.id), mcp_servers.McpServer).enabled is False
    assert v2(lambda v2: v2.mcp_servers.list(), [mcp_servers.McpServer])
    v2(lambda v2: v2.mcp_servers.delete(made.id), mcp_servers.McpServerDeleted)
    hook = {"name": "Ours", "events": ["message.finished"], "url": "https://hooks.example/1"}
    kept = v2(lambda v2: v2.webhooks.create(**hook), webhooks.Webhook)
    v2(lambda v2: v2.webhooks.update(kept.id, name="Theirs"), webhooks.Webhook)
    assert v2(lambda v2: v2.webhooks.get(kept.id), webhooks.Webhook).name == "Theirs"
    assert v2(lambda v2: v2.webhooks.list(), [webhooks.WebhookSummary])
    v2(lambda v2: v2.webhooks.delete(kept.id), webhooks.DeletedWebhook)
    hosts = ["*.example.com"]
    v2(lambda v2: v2.settings.set_preview_hosts(hosts=hosts), settings.PreviewHosts)
    found = v2(lambda v2: v2.settings.get_preview_hosts(), settings.PreviewHosts)
    assert found.hosts == hosts


def usage_is_reported(v2: Client) -> None:
    chat = v2.chat()
    v2.sim.clock.advance(60)
    assert v2(lambda v2: v2.usage.list_events(chat_id=chat, limit=1), [usage.UsageEvent])
    assert v2(lambda v2: v2.usage.get_summary(), usage.UsageSummary).credits.total > 0
    active = v2(lambda v2: v2.usage.get_activity(), usage.UsageActivity)
    assert [one.chat_id for one in active.chats] == [chat]


def child_teams_are_managed(v2: Client) -> None:
    store = v2.sim.store
    (org,) = store.organizations
    team = next(one.id for one in store.teams.values() if one.organization_id == org)
    limit, key = organizations.SpendLimit, organizations.NewApiKey
    v2(lambda v2: v2.organizations.set_spend_limit(org, limit=500), limit)
    v2(lambda v2: v2.organizations.get_spend_limit(org), limit)
    v2(lambda v2: v2.organizations.teams.set_spend_limit(org, team, limit=20), limit)
    deleted = organizations.SpendLimitDeleted
    v2(lambda v2: v2.organizations.teams.delete_spend_limit(org, team), deleted)
    found = v2(lambda v2: v2.organizations.teams.get_spend_limit(org, team), limit)
    assert (found.limit, found.source) == (500, "organization")
    made = v2(lambda v2: v2.organizations.teams.create_api_key(org, team, name="CI"), key)
    listed = [organizations.ApiKey]
    assert v2(lambda v2: v2.organizations.teams.list_api_keys(org, team), listed)
    revoked = organizations.DeletedApiKey
    v2(lambda v2: v2.organizations.teams.delete_api_key(org, team, made.id), revoked)


AREAS = [
    chats_are_begun,
    chats_are_changed,
    messages_are_sent,
    tasks_are_resolved,
    connectors_are_set_up,
    files_are_changed,
    chats_are_deployed,
    an_account_is_kept,
    usage_is_reported,
    child_teams_are_managed,
]


@on_both_clients
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__)
def test_operations_answer_in_their_types(kind: str, area: Callable[[Client], None]) -> None:
    area(Client(kind))


def test_no_operation_is_left_out() -> None:
    assert left_out(AREAS, Client) == set()


@pytest.mark.parametrize("prompt", ["A shop", "Plan first", "Ask for permission"])
def test_a_stream_adds_up_to_what_can_be_read_afterwards(prompt: str) -> None:
    sim = simulator()
    with V0(OWNER, transport=sim.transport(), base_url=sim.base_url) as client:
        with client.v2.chats.create_stream(message="A shop") as stream:
            list(stream)
        assert stream.complete
        begun = stream.state
        assert begun.chat is not None
        chat = begun.chat
        first = client.v2.messages.get(chat.id, str(begun.message_id))
        assert (begun.parts, begun.usage) == (first.parts, first.usage)
        assert client.v2.chats.get(chat.id).title == begun.title
        with client.v2.messages.send_stream(chat.id, message=prompt) as stream:
            list(stream)
        assert stream.complete
        assert stream.state.message is not None
        read = client.v2.messages.get(chat.id, stream.state.message.id)
        told = stream.state.message.model_dump(exclude={"object"})
        assert told == read.model_dump()
        assert stream.state.open_task == read.open_task


def test_a_stream_that_is_left_goes_on_elsewhere() -> None:
    sim = simulator()
    with V0(OWNER, transport=sim.transport(), base_url=sim.base_url) as client:
        with client.v2.chats.create_stream(message="A shop") as stream:
            while not stream.state.parts:
                next(stream)
        assert not stream.complete
        chat_id = str(stream.state.chat and stream.state.chat.id)
        with client.v2.chats.resume(chat_id) as stream:
            list(stream)
        assert stream.complete
        assert stream.state.in_step
        message = client.v2.messages.list(chat_id).first().data[0]
        assert stream.state.parts == message.parts
        with client.v2.chats.resume(chat_id) as stream:
            assert [type(event) for event in stream] == [events.ChatEvent]
        assert stream.complete
