"""Going on with a chat: a message is sent once, is found where its answer was lost, and is refused
in words. How chats begin is in test_actions_prompts.py."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.actions import Invalid, prompts, submissions
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Activity, Key, Submission
from dashboard.sync import follow, store
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, posts
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    """The member's own key; the simulated v0 knows it."""
    return make.key(cast.member, "v0-demo-member")


def test_a_message_is_sent_once_and_the_chat_runs_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    simulator.clock.advance(600)
    nonce = uuid.uuid4()
    for _ in range(2):
        sent = prompts.send_message(
            member=cast.member, chat=chat, nonce=nonce, prompt="Make it red"
        )
    assert (sent.state, sent.chat) == ("sent", chat)
    assert posts(simulator, f"/v1/chats/{chat.upstream_id}/messages") == 1
    chat.refresh_from_db()
    assert chat.status == "running"
    assert chat.messages.filter(role="user").count() == 2
    assert Activity.objects.get(verb="chat.prompt").after == {"prompt": "Make it red"}


def test_a_message_to_a_running_chat_is_refused_in_words(cast: Cast, key: Key) -> None:
    sent = prompts.send_message(
        member=cast.member, chat=create(cast.member), nonce=uuid.uuid4(), prompt="Make it red"
    )
    assert sent.state == "failed"
    assert "still writing in this chat, for Member" in sent.error


def test_an_unclear_message_keeps_prompt_and_chat(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}/messages", reset="after")
    lost = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red"
    )
    assert (lost.state, lost.chat, lost.request["prompt"]) == ("unclear", chat, "Make it red")


def look_now(lost: Submission, simulator: Simulator) -> None:
    """Does what beat does, as if the prompt had been sent some minutes ago on either clock."""
    then = min(datetime.fromtimestamp(simulator.clock.now(), UTC), timezone.now())
    rows = Submission.objects.filter(pk=lost.pk)
    rows.update(follow_at=timezone.now(), created_at=then - timedelta(minutes=4))
    follow.follow_due()
    lost.refresh_from_db()


@pytest.mark.parametrize("synced_first", [False, True])
def test_a_lost_message_is_found_even_where_a_sync_brought_it_first(
    cast: Cast, key: Key, simulator: Simulator, synced_first: bool
) -> None:
    chat = create(cast.member)
    simulator.clock.advance(600)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}/messages", reset="after")
    lost = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Make it red"
    )
    if synced_first:
        with connect(key) as remote:
            store.store_chat(key, remote.chat(chat.upstream_id))
    look_now(lost, simulator)
    assert (lost.state, lost.chat) == ("sent", chat)
    row = Activity.objects.get(verb="chat.prompt")
    assert (row.actor, row.chat, row.after) == (cast.member.user, chat, {"prompt": "Make it red"})


def test_an_older_prompt_of_the_same_words_is_not_taken_for_a_lost_one(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member, "Continue")
    simulator.clock.advance(600)
    simulator.faults.add(f"/v1/chats/{chat.upstream_id}/messages", reset="before")
    lost = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Continue"
    )
    look_now(lost, simulator)
    assert lost.state == "failed"
    assert "no trace of this prompt" in lost.error


def test_another_prompt_with_a_nonce_that_was_used_is_refused_and_not_sent(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    """As a page sends it that “Back” has brought back."""
    nonce = uuid.uuid4()
    first = prompts.create_chat(member=cast.member, nonce=nonce, request=ChatRequest("Tea"))
    with pytest.raises(Invalid, match="was sent with this form already"):
        prompts.create_chat(member=cast.member, nonce=nonce, request=ChatRequest("Coffee"))
    other = ChatRequest("Tea", attachments=("https://a.example/x.png",))
    with pytest.raises(Invalid, match="was sent with this form already"):
        prompts.create_chat(member=cast.member, nonce=nonce, request=other)
    assert first.chat is not None
    with pytest.raises(Invalid, match="was sent with this form already"):
        prompts.send_message(member=cast.member, chat=first.chat, nonce=nonce, prompt="Coffee")
    assert posts(simulator, "/v1/chats") == 1
    assert posts(simulator, f"/v1/chats/{first.chat.upstream_id}/messages") == 0


def test_a_prompt_to_a_chat_that_v0_has_deleted_says_so_and_notes_it(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    chat = create(cast.member)
    simulator.clock.advance(60)
    with connect(key) as remote:
        remote.delete_chat(chat.upstream_id)
    sent = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Now in green"
    )
    chat.refresh_from_db()
    assert sent.state == "failed"
    assert "was deleted in v0 in the meantime" in sent.error
    assert sent.request["prompt"] == "Now in green"
    assert chat.gone_at is not None


def test_two_people_who_send_at_once_make_one_generation(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    """The second prompt comes while the first one is on its way, and says so."""
    chat = create(cast.member)
    simulator.clock.advance(60)
    Submission.objects.create(
        nonce=uuid.uuid4(), team=cast.team, user=cast.owner.user, key=key, chat=chat,
        request={}, state="sending",
    )  # fmt: skip
    sent = prompts.send_message(
        member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Now in green"
    )
    assert (sent.state, sent.error) == ("failed", submissions.SOMEBODY_ELSE)
    assert posts(simulator, f"/v1/chats/{chat.upstream_id}/messages") == 0
    Submission.objects.exclude(pk=sent.pk).update(state="sent")
    send = prompts.send_message
    later = send(member=cast.member, chat=chat, nonce=uuid.uuid4(), prompt="Now in green")
    assert later.state == "sent"
    assert posts(simulator, f"/v1/chats/{chat.upstream_id}/messages") == 1
