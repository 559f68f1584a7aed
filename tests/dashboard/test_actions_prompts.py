"""Prompts on their way to v0: once per nonce, nothing lost, an unclear outcome never sent again."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from dashboard.actions import Invalid, prompts, submissions
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Activity, Chat, ChatSight, Key, Submission
from dashboard.sync import follow, store
from dashboard.upstream import connect
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, posts, project_in_v0
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    """The member's own key; the simulated v0 knows it."""
    return make.key(cast.member, "v0-demo-member")


# ---- creating -----------------------------------------------------------------------------------


def test_a_created_chat_shows_as_running_at_once_and_is_followed(cast: Cast, key: Key) -> None:
    chat = create(cast.member, privacy="team", model_id="v0-max", system="Use Vue")
    chat.refresh_from_db()
    assert (chat.status, chat.privacy, chat.model_id) == ("running", "team", "v0-max")
    assert chat.follow_at is not None
    assert chat.messages.filter(role="user", content="Make a pricing page").exists()
    assert ChatSight.objects.filter(chat=chat, key=key).exists()
    row = Activity.objects.get(verb="chat.create")
    assert (row.actor, row.chat, row.key) == (cast.member.user, chat, key)


def test_a_chat_is_created_in_its_project(cast: Cast, key: Key) -> None:
    project = project_in_v0(key)
    assert create(cast.member, project=project).project == project


def test_the_request_is_kept_so_that_the_form_can_be_shown_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/chats", method="POST", status=422)
    request = ChatRequest("Too odd", model_id="v0-pro", attachments=(" https://a.example/x.png ",))
    failed = prompts.create_chat(member=cast.member, nonce=uuid.uuid4(), request=request)
    assert (failed.state, failed.chat, failed.follow_at) == ("failed", None, None)
    assert "Simulated fault 422" in failed.error
    assert failed.request["prompt"] == "Too odd"
    assert failed.request["attachments"] == ["https://a.example/x.png"]
    assert not Activity.objects.exists()


@pytest.mark.parametrize("prompt", ["", " \n\t "])
def test_an_empty_prompt_is_refused_without_asking_v0(
    cast: Cast, key: Key, simulator: Simulator, prompt: str
) -> None:
    with pytest.raises(Invalid, match="Write what v0 should do") as refusal:
        create(cast.member, prompt)
    assert refusal.value.field == "prompt"
    assert not Submission.objects.exists()
    assert posts(simulator, "/v1/chats") == 0


def test_a_prompt_of_20000_characters_arrives_whole(cast: Cast, key: Key) -> None:
    prompt = "A wörd. " * 2500
    chat = create(cast.member, prompt)
    assert chat.messages.get(role="user").content == prompt


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"privacy": "secret"}, "privacy"),
        ({"attachments": ("javascript:alert(1)",)}, "attachments"),
        ({"attachments": ("https://",)}, "attachments"),
        ({"attachments": ("http://[",)}, "attachments"),
        ({"attachments": ("https://a.example/x",) * 21}, "attachments"),
        ({"prompt": "x" * 200_001}, "prompt"),
    ],
)
def test_bad_input_names_its_field(
    cast: Cast, key: Key, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        create(cast.member, **fields)
    assert refusal.value.field == field


def test_a_double_submit_is_one_chat(cast: Cast, key: Key, simulator: Simulator) -> None:
    nonce, request = uuid.uuid4(), ChatRequest("Make a page")
    first = prompts.create_chat(member=cast.member, nonce=nonce, request=request)
    again = prompts.create_chat(member=cast.member, nonce=nonce, request=request)
    assert first == again
    assert Chat.objects.count() == posts(simulator, "/v1/chats") == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_submit_while_the_first_is_in_flight_gets_the_same_row(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/chats", method="POST", delay=0.5)
    nonce, found = uuid.uuid4(), []

    def submit() -> None:
        try:
            found.append(
                prompts.create_chat(
                    member=cast.member, nonce=nonce, request=ChatRequest("Make a page")
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len({submission.pk for submission in found}) == 1
    assert {submission.state for submission in found} <= {"sending", "sent"}
    assert posts(simulator, "/v1/chats") == 1


def test_a_nonce_of_somebody_else_is_refused(cast: Cast, key: Key) -> None:
    nonce, request = uuid.uuid4(), ChatRequest("Make a page")
    make.key(cast.admin, "v0-demo-admin")
    prompts.create_chat(member=cast.member, nonce=nonce, request=request)
    with pytest.raises(PermissionDenied, match="somebody else"):
        prompts.create_chat(member=cast.admin, nonce=nonce, request=request)


def test_a_lost_answer_is_unclear_and_is_not_sent_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/chats", method="POST", reset="after")
    nonce, request = uuid.uuid4(), ChatRequest("Make a page")
    lost = prompts.create_chat(member=cast.member, nonce=nonce, request=request)
    assert (lost.state, lost.chat) == ("unclear", None)
    assert lost.follow_at is not None
    prompts.create_chat(member=cast.member, nonce=nonce, request=request)
    assert posts(simulator, "/v1/chats") == 1


def test_a_request_that_never_left_has_failed(
    cast: Cast, key: Key, simulator: Simulator, settings: object
) -> None:
    settings.V0_BASE_URL = "http://127.0.0.1:1"  # type: ignore[attr-defined]
    request = ChatRequest("Make a page")
    failed = prompts.create_chat(member=cast.member, nonce=uuid.uuid4(), request=request)
    assert failed.state == "failed"
    assert "cannot be reached" in failed.error


def test_a_key_that_v0_rejects_is_marked_so(cast: Cast, key: Key, simulator: Simulator) -> None:
    simulator.revoke("v0-demo-member")
    request = ChatRequest("Make a page")
    failed = prompts.create_chat(member=cast.member, nonce=uuid.uuid4(), request=request)
    key.refresh_from_db()
    assert (failed.state, key.state) == ("failed", "rejected")
    with pytest.raises(Refused, match="need a v0 key for this"):
        create(cast.member)


def test_a_foreign_or_hidden_project_is_no_place_for_a_chat(cast: Cast, key: Key) -> None:
    hidden = make.project(cast.team, privacy="private")
    with pytest.raises(PermissionDenied):
        create(cast.member, project=hidden)
    with pytest.raises(PermissionDenied):
        create(cast.member, project=make.project(cast.outsider.team))


def test_only_a_key_that_may_be_used_can_be_chosen(cast: Cast, key: Key) -> None:
    other = make.key(cast.admin, "v0-demo-admin")
    request = ChatRequest("Make a page")
    with pytest.raises(Invalid) as refusal:
        prompts.create_chat(member=cast.member, nonce=uuid.uuid4(), request=request, key=other)
    assert refusal.value.field == "key"
    other.shared = True
    other.save(update_fields=["shared"])
    sent = prompts.create_chat(member=cast.member, nonce=uuid.uuid4(), request=request, key=other)
    row = Activity.objects.get(verb="chat.create")
    assert sent.state == "sent"
    assert row.actor == cast.member.user
    assert row.key is not None
    assert row.key.owner == cast.admin.user


def test_a_key_of_another_team_cannot_be_chosen_even_where_it_is_shared(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    foreign = make.key(cast.outsider, "v0-demo-outsider")
    foreign.shared = True
    foreign.save(update_fields=["shared"])
    asked = len(simulator.requests)
    with pytest.raises(Invalid) as refusal:
        prompts.create_chat(
            member=cast.member, nonce=uuid.uuid4(), request=ChatRequest("Make a page"), key=foreign
        )
    assert refusal.value.field == "key"
    assert len(simulator.requests) == asked


# ---- prompting ----------------------------------------------------------------------------------


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
