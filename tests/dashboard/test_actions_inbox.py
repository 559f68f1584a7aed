"""Answering what agents ask: each kind in both generations, and only once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from dashboard.actions import Invalid, chats, inbox
from dashboard.actions.inbox import AlreadyAnswered
from dashboard.models import Activity, Ask, Chat, Key
from dashboard.sync import follow
from dashboard.upstream.asks import Answer
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.asking import ANSWERS, PROMPTS, answered, finish, stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
BOTH = [(g, kind) for g in ("v1", "v2") for kind in PROMPTS if (g, kind) != ("v1", "connect")]


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.member.team = cast.admin.team = cast.viewer.team = cast.team
    return make.key(cast.member, "v0-demo-member", shared=True)


@pytest.mark.parametrize(("generation", "kind"), BOTH)
def test_an_answer_makes_the_agent_go_on(
    generation: str, kind: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, kind, generation)
    assert (ask.kind, ask.state, ask.chat.status) == (kind, "open", "waiting")
    done = inbox.answer_ask(member=cast.member, ask=ask, answer=ANSWERS[kind])
    assert (done.state, done.answered_by) == ("answered", cast.member.user)
    assert (done.chat.status, answered(simulator)) == ("running", 1)
    finish(simulator)
    chat = Chat.objects.get(pk=ask.chat_id)
    assert (chat.status, chat.version_count) == ("ready", 1)
    assert Activity.objects.get(verb="ask.answer").chat == chat


def test_what_was_said_is_in_the_history_in_words(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "questions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=ANSWERS["questions"])
    assert Activity.objects.get(verb="ask.answer").after == {
        "Who is this page for?": "Customers, Partners",
        "Which tone fits?": "Like our shop windows",
    }


def test_a_colleague_answers_with_a_shared_key(cast: Cast, key: Key, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "plan")
    inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("approve", "Go ahead"))
    row = Activity.objects.get(verb="ask.answer")
    assert (row.actor, row.key) == (cast.admin.user, key)
    assert row.after == {"plan": "approved: Go ahead"}


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_plan_is_changed_and_then_dropped(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    first = stopped(cast.member, simulator, "plan", generation)
    inbox.answer_ask(member=cast.member, ask=first, answer=Answer("change", "Fewer pages"))
    finish(simulator)
    second = Ask.objects.get(state="open")
    assert "Fewer pages" in second.asked["plan"]
    inbox.answer_ask(member=cast.member, ask=second, answer=Answer("reject", "Not now"))
    finish(simulator)
    assert not Ask.objects.waiting().exists()
    assert Chat.objects.get().version_count == 0


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_integrations_are_skipped(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "integration", generation)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("skip", names=("Neon",)))
    assert Activity.objects.get(verb="ask.answer").after["connected"].startswith("nothing")


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_permission_is_refused_with_a_message(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "permissions", generation)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("refuse", "Use a file instead."))
    finish(simulator)
    said = Chat.objects.get().messages.filter(role="user").last()
    assert said is not None
    assert "Do not use `run_script`" in said.content
    assert "Use a file instead." in said.content
    ask.refresh_from_db()
    assert (ask.state, answered(simulator)) == ("answered", 0)


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("questions", Answer("answer", selected={"tone": ["Calm"]}), "every question"),
        ("questions", Answer("approve"), "does not answer"),
        ("plan", Answer("change", "  "), "what should change"),
        ("plan", Answer("reject"), "Write why"),
        ("plan", Answer("approve", "x" * 10_001), "at most"),
    ],
)
def test_an_answer_that_says_nothing_is_not_sent(
    kind: str, answer: Answer, words: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, kind)
    with pytest.raises(Invalid, match=words):
        inbox.answer_ask(member=cast.member, ask=ask, answer=answer)
    ask.refresh_from_db()
    assert (ask.state, answered(simulator)) == ("open", 0)


def test_a_viewer_and_an_outsider_cannot_answer(cast: Cast, key: Key, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "plan")
    for person in (cast.viewer, cast.outsider):
        with pytest.raises(PermissionDenied):
            inbox.answer_ask(member=person, ask=ask, answer=Answer("approve"))
    assert answered(simulator) == 0


def test_what_a_private_chat_asks_is_only_for_those_who_see_it(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan", privacy="private")
    assert Ask.objects.visible_to(cast.member).get() == ask
    assert not Ask.objects.visible_to(cast.admin).exists()
    with pytest.raises(PermissionDenied):
        inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("approve"))


# ---- only once ----------------------------------------------------------------------------------


def test_whoever_comes_second_is_told_who_answered(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    late = Ask.objects.get(pk=ask.pk)
    inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("approve"))
    with pytest.raises(AlreadyAnswered, match="already answered by Admin"):
        inbox.answer_ask(member=cast.member, ask=late, answer=Answer("reject", "No"))
    with pytest.raises(AlreadyAnswered, match="already answered by Admin"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    assert answered(simulator) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_answers_once(cast: Cast, key: Key, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "plan")
    simulator.faults.add("/v2/chats", method="POST", delay=0.3)
    both, states = threading.Barrier(2), []

    def click() -> None:
        row = Ask.objects.select_related("chat").get(pk=ask.pk)
        both.wait(5)
        done = inbox.answer_ask(member=cast.member, ask=row, answer=Answer("approve"))
        states.append(done.state)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(10)
    assert states == ["answered", "answered"]
    assert answered(simulator) == 1


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_what_was_answered_in_v0_is_said_and_closed(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan", generation)
    task = {"type": "plan-exit-response", "status": "approved", "content": "Yes"}
    with v0(simulator, "v0-demo-member") as client:
        if generation == "v1":
            client.v1.chats.resolve_task(ask.chat.upstream_id, task=task, response_mode="async")
        else:
            client.v2.messages.resolve_async(ask.chat.upstream_id, task=task)
    simulator.clock.advance(600)
    with pytest.raises(AlreadyAnswered, match="answered in v0 in the meantime"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by, ask.answer) == ("over", None, None)
    assert not Activity.objects.filter(verb="ask.answer").exists()


def test_a_message_instead_of_an_answer_closes_it(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "questions")
    with v0(simulator, "v0-demo-member") as client:
        client.v2.messages.send_async(ask.chat.upstream_id, message="Never mind, make it red")
    Chat.objects.update(follow_at=timezone.now())
    follow.follow_due()
    ask.refresh_from_db()
    assert ask.state == "over"


def test_a_lost_answer_that_v0_took_counts(cast: Cast, key: Key, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "plan")
    simulator.faults.add("/v2/chats", method="POST", reset="after")
    done = inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    assert (done.state, done.chat.status, answered(simulator)) == ("answered", "running", 1)


@pytest.mark.parametrize("fault", [{"reset": "before"}, {"status": 500}, {"status": 403}])
def test_an_answer_that_v0_did_not_take_can_be_given_again(
    fault: dict[str, object], cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    simulator.faults.add("/v2/chats", method="POST", **fault)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by, ask.answer) == ("open", None, None)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    assert Activity.objects.filter(verb="ask.answer").count() == 1


def test_an_answer_that_died_with_its_process_opens_again(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    before = inbox.claim(cast.member, ask, {"type": "plan-exit-response"})  # and no more
    assert before is not None
    chat = Chat.objects.get()
    assert chat.follow_at is not None
    Chat.objects.update(follow_at=timezone.now())
    follow.follow_due()
    ask.refresh_from_db()
    assert ask.state == "answered"  # it could be on its way
    Ask.objects.update(answered_at=timezone.now() - timedelta(minutes=2))
    Chat.objects.update(follow_at=timezone.now())
    follow.follow_due()
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by) == ("open", None)


def test_a_chat_that_was_deleted_says_so_and_leaves_the_inbox(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    with v0(simulator, "v0-demo-member") as client:
        client.v2.chats.delete(ask.chat.upstream_id)
    with pytest.raises(Refused, match="deleted in v0"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    ask.refresh_from_db()
    assert ask.state == "over"


def test_deleting_a_chat_here_closes_what_it_asks(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    chats.delete_chat(member=cast.member, chat=ask.chat)
    ask.refresh_from_db()
    assert ask.state == "over"
