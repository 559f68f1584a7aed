"""What a sync brings of chats that only v2 has."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.models import Ask, Chat, Key, Message, Version
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def begin(simulator: Simulator, message: str = "Build a pricing page", **fields: object) -> str:
    """A chat of v2 whose first answer is finished."""
    with v0(simulator) as client:
        queued = client.v2.chats.create_async(message=message, **fields)
    simulator.clock.advance(600)
    return str(queued.chat_id)


def say(simulator: Simulator, chat_id: str, message: str) -> None:
    with v0(simulator) as client:
        client.v2.messages.send_async(chat_id, message=message)
    simulator.clock.advance(600)


def stored_files(version: Version) -> dict[str, str]:
    return {row.path: row.content.text for row in version.files.select_related("content")}


def present_files(simulator: Simulator, chat_id: str) -> dict[str, str]:
    with v0(simulator) as client:
        return {file.path: file.content for file in client.v2.chats.get_files(chat_id).files}


def test_a_chat_of_v2_comes_with_its_parts_its_cost_and_its_files(
    simulator: Simulator, key: Key
) -> None:
    chat_id = begin(simulator, privacy="team", metadata={"favorite": "true"})
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    chat = Chat.objects.get(upstream_id=chat_id)
    assert (chat.generation, chat.status, chat.privacy) == ("v2", "ready", "team")
    assert chat.favorite
    assert chat.name
    asked, answer = Message.objects.filter(chat=chat).order_by("created_at", "id")
    assert (asked.role, answer.role) == ("user", "assistant")
    assert {part["type"] for part in answer.parts} >= {"thinking", "file-edit", "text"}
    with v0(simulator) as client:
        upstream = client.v2.messages.get(chat_id, answer.upstream_id)
    assert answer.cost == round(upstream.usage.credits_cost.total, 6)
    assert answer.cost > Decimal(0)
    assert answer.tokens["total"] == upstream.usage.tokens.total
    assert asked.cost is None
    version = Version.objects.get(chat=chat)
    assert version.upstream_id == answer.upstream_id
    assert stored_files(version) == present_files(simulator, chat_id)


def test_every_state_that_was_current_at_a_sync_is_kept(simulator: Simulator, key: Key) -> None:
    chat_id = begin(simulator)
    run(key)
    before = present_files(simulator, chat_id)
    say(simulator, chat_id, "Add a contact form")
    run(key)
    first, second = Version.objects.filter(chat__upstream_id=chat_id).order_by("number")
    assert stored_files(first) == before
    assert stored_files(second) == present_files(simulator, chat_id)
    assert stored_files(first) != stored_files(second)


def test_a_state_that_was_over_before_the_first_sync_is_known_without_files(
    simulator: Simulator, key: Key
) -> None:
    chat_id = begin(simulator)
    say(simulator, chat_id, "Add a contact form")
    run(key)
    first, second = Version.objects.filter(chat__upstream_id=chat_id).order_by("number")
    assert first.files_at is None
    assert second.files_at is not None


def test_nothing_changed_costs_one_request_for_all_of_v2(simulator: Simulator, key: Key) -> None:
    for number in range(3):
        begin(simulator, f"Build page number {number}")
    run(key)
    simulator.requests.clear()
    run(key)
    asked = [request.path for request in simulator.requests if request.path.startswith("/v2")]
    assert asked == ["/v2/chats"]


def test_what_the_agent_asks_waits_in_the_inbox_until_it_is_answered(
    simulator: Simulator, key: Key
) -> None:
    chat_id = begin(simulator, "Ask me first, then build a shop")
    run(key)
    chat = Chat.objects.get(upstream_id=chat_id)
    assert chat.status == "waiting"
    ask = Ask.objects.get(chat=chat)
    assert (ask.kind, ask.state) == ("questions", "open")
    questions = ask.asked["questions"]
    with v0(simulator) as client:
        client.v2.messages.resolve_async(
            chat_id,
            task={
                "type": "answered-questions",
                "answers": [
                    {
                        "question_id": question["id"],
                        "question_text": question["question"],
                        "selected_labels": [question["options"][0]["label"]],
                    }
                    for question in questions
                ],
            },
        )
    simulator.clock.advance(600)
    run(key)
    ask.refresh_from_db()
    chat.refresh_from_db()
    assert (ask.state, chat.status) == ("over", "ready")


def test_a_chat_of_v2_that_is_deleted_in_v0_is_gone_here(simulator: Simulator, key: Key) -> None:
    chat_id = begin(simulator)
    run(key)
    with v0(simulator) as client:
        client.v2.chats.delete(chat_id)
    run(key)
    assert Chat.objects.get(upstream_id=chat_id).gone_at is not None


def test_v1_chats_are_not_gone_because_v2_does_not_list_them(
    simulator: Simulator, key: Key
) -> None:
    with v0(simulator) as client:
        older = client.v1.chats.create(message="A page", response_mode="async")
    newer = begin(simulator)
    run(key)
    run(key)
    assert set(Chat.objects.present().values_list("upstream_id", "generation")) == {
        (older.id, "v1"),
        (newer, "v2"),
    }
