"""How chats begin: once per nonce, nothing lost, an unclear outcome never sent again. Further
prompts are in test_actions_messages.py."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from dashboard.actions import Invalid, prompts
from dashboard.actions.chat_requests import ChatRequest
from dashboard.models import Activity, Chat, ChatSight, Key, Submission
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import create, posts, project_in_v0
from v0client.simulator import Simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    """The member's own key; the simulated v0 knows it."""
    return make.key(cast.member, "v0-demo-member")


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
