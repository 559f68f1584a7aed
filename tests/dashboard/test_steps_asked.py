"""The steps in which v0 asked something: they go on telling what, and what it was answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.actions import inbox
from dashboard.models import Ask, Chat, Key, Membership, Message
from dashboard.sync import follow
from dashboard.upstream.asks import Answer
from dashboard.views.live import paint
from dashboard.views.parts import Part
from tests import make
from tests.dashboard.asking import ANSWERS, finish, stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Membership], Client]
GENERATIONS = ("v1", "v2")


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.member.team = cast.team
    return make.key(cast.member, "v0-demo-member", shared=True)


def step(client: Client, ask: Ask) -> Part:
    """The step of the conversation in which this was asked."""
    page = client.get(f"/t/{ask.chat.team.slug}/chats/{ask.chat.upstream_id}/")
    (message,) = [one for one in page.context["said"] if one.id == ask.message_id]
    (part,) = [one for one in message.parts if one.asks]
    assert part.is_folded
    text = page.content.decode()
    assert all(line.text in text and line.answer in text for line in part.lines)
    return part


@pytest.mark.parametrize("generation", GENERATIONS)
def test_questions_tell_their_answers(
    generation: str, cast: Cast, key: Key, simulator: Simulator, client_of: ClientOf
) -> None:
    ask = stopped(cast.member, simulator, "questions", generation)
    client = client_of(cast.viewer)
    assert not any(line.answer for line in step(client, ask).lines)
    inbox.answer_ask(member=cast.member, ask=ask, answer=ANSWERS["questions"])
    finish(simulator)
    assert [(line.text, line.answer) for line in step(client, ask).lines] == [
        ("Who is this page for?", "Customers, Partners"),
        ("Which tone fits?", "Like our shop windows"),
        (f"Answered by {cast.member.user.label}", ""),
    ]
    for form in ("markdown", "html"):
        url = f"/t/{ask.chat.team.slug}/chats/{ask.chat.upstream_id}/export/?form={form}"
        assert "Like our shop windows" in client.get(url).content.decode()


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("approve"), "Approved"),
        (Answer("change", text="Shorter"), "Request changes: Shorter"),
    ],
)
def test_a_plan_can_be_read_again_with_what_was_decided(
    generation: str, answer: Answer, words: str, cast: Cast, key: Key,
    simulator: Simulator, client_of: ClientOf,
) -> None:  # fmt: skip
    ask = stopped(cast.member, simulator, "plan", generation)
    inbox.answer_ask(member=cast.member, ask=ask, answer=answer)
    finish(simulator)
    part = step(client_of(cast.viewer), ask)
    assert "app/page.tsx" in part.html
    (line,) = part.lines
    assert (line.text, line.answer) == (f"Answered by {cast.member.user.label}", words)


def test_what_was_never_answered_from_here_says_so(
    cast: Cast, key: Key, simulator: Simulator, client_of: ClientOf
) -> None:
    ask = stopped(cast.member, simulator, "questions")
    with v0(simulator, "v0-demo-member") as client:
        client.v2.messages.send_async(ask.chat.upstream_id, message="Never mind")
    Chat.objects.update(follow_at=timezone.now())
    follow.follow_due()
    told = [line.text for line in step(client_of(cast.viewer), ask).lines]
    assert told == [
        "Who is this page for?",
        "Which tone fits?",
        "v0 went on without an answer from here",
    ]


def test_pages_that_are_told_of_it_live_keep_it(cast: Cast, key: Key, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "questions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=ANSWERS["questions"])
    finish(simulator)
    message = Message.objects.get(upstream_id=ask.message_id)
    pieces = dict(paint(ask.chat, message, {}))
    assert any("Like our shop windows" in html for html in pieces.values())


def test_nothing_is_said_where_it_is_not_known_which_it_was(
    cast: Cast, key: Key, simulator: Simulator, client_of: ClientOf
) -> None:
    ask = stopped(cast.member, simulator, "questions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=ANSWERS["questions"])
    finish(simulator)
    message = Message.objects.get(upstream_id=ask.message_id)
    asking = [part for part in message.parts if part.get("name") == "ask_user_questions"]
    Message.objects.filter(pk=message.pk).update(parts=[*message.parts, *asking])
    page = client_of(cast.viewer).get(f"/t/{ask.chat.team.slug}/chats/{ask.chat.upstream_id}/")
    parts = [part for message in page.context["said"] for part in message.parts if part.asks]
    assert len(parts) == 2
    assert not any(part.lines for part in parts)
