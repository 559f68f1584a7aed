"""What tests of actions on chats begin with: a chat or a project that the simulated v0 has."""

from __future__ import annotations

import uuid

from dashboard.actions import prompts
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Chat, Key, Membership, Project
from dashboard.sync import store
from dashboard.upstream import connect
from v0client.simulator import Simulator


def create(member: Membership, prompt: str = "Make a pricing page", **fields: object) -> Chat:
    request = ChatRequest(prompt=prompt, **fields)  # type: ignore[arg-type]
    submission = prompts.create_chat(member=member, nonce=uuid.uuid4(), request=request)
    assert submission.state == "sent", submission.error
    assert submission.chat is not None
    return submission.chat


def project_in_v0(key: Key, name: str = "Shop") -> Project:
    with connect(key) as remote:
        record = remote.create_project(name=name)
    return store.store_project(key, record)


def posts(simulator: Simulator, path: str) -> int:
    return sum(asked.method == "POST" and asked.path == path for asked in simulator.requests)
