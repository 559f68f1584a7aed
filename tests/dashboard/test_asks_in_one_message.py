"""An agent that stops again in the same message: what it asks then is new, with its own danger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.actions import inbox
from dashboard.actions.inbox import AlreadyAnswered
from dashboard.models import Ask, Chat, Key
from dashboard.sync import store
from dashboard.upstream import asks, connect
from dashboard.upstream.asks import Answer
from tests import make
from tests.dashboard.asking import answered, stopped
from tests.dashboard.conftest import Cast
from v0client.open_tasks import PermissionRequest
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("generation", ["v1", "v2"])


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.member.team = cast.admin.team = cast.team
    cast.team.two_for_danger = True
    cast.team.save(update_fields=["two_for_danger"])
    return make.key(cast.member, "v0-demo-member", shared=True)


def stops_for(key: Key, chat: Chat, tool: str, **given: str) -> None:
    """v0 tells the same message again, which ends with another use of a tool now."""
    told = {"type": "tool", "toolName": tool, "input": given}
    task = PermissionRequest.model_validate({"permissions": [told]})
    with connect(key) as remote:
        record = remote.of(chat.generation).chat(chat.upstream_id)
    assert record.ask is not None
    another = asks.record(record.ask.message_id, task, record.ask.asked_at)
    store.store_chat(key, replace(record, ask=another))


@BOTH
def test_a_second_stop_is_a_row_of_its_own_that_two_people_allow(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    harmless = stopped(cast.member, simulator, "plan", generation)
    assert not harmless.is_dangerous
    stops_for(key, harmless.chat, "run_script", command="rm -rf data")
    harmless.refresh_from_db()
    assert harmless.state == "over"
    second = Ask.objects.waiting().select_related("chat").get()
    assert second.message_id == harmless.message_id
    assert (second.kind, second.is_dangerous, second.state) == ("permissions", True, "open")
    with pytest.raises(AlreadyAnswered):
        inbox.answer_ask(member=cast.member, ask=harmless, answer=Answer("approve"))
    first = inbox.answer_ask(member=cast.member, ask=second, answer=Answer("allow"))
    assert (first.state, answered(simulator)) == ("second", 0)


@BOTH
def test_what_one_allowed_says_nothing_for_what_is_asked_next(
    generation: str, cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "permissions", generation)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    stops_for(key, ask.chat, "run_script", command="rm -rf data")
    stops_for(key, ask.chat, "run_script", command="rm -rf data")  # read twice, one row
    second = Ask.objects.waiting().get()
    assert (second.asked["permissions"][0]["input"], second.first_by, second.state) == (
        {"command": "rm -rf data"}, None, "open",
    )  # fmt: skip
    ask.refresh_from_db()
    assert (ask.state, ask.first_by) == ("over", cast.member.user)


def test_an_answer_that_was_given_long_ago_is_not_opened_by_the_next_stop(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    long_ago = timezone.now() - timedelta(minutes=9)
    values = {"state": "answered", "answered_by": cast.member.user, "answered_at": long_ago}
    Ask.objects.filter(pk=ask.pk).update(answer={"type": "plan-exit-response"}, **values)
    stops_for(key, ask.chat, "run_script", command="rm -rf data")
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by) == ("answered", cast.member.user)
    assert Ask.objects.waiting().get().is_dangerous


def test_whoever_answers_what_v0_does_not_ask_any_more_is_told_so(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    """v0 has gone on to ask something else, and nobody here has seen that yet."""
    ask = stopped(cast.member, simulator, "plan")
    now = dict(ask.asked)
    Ask.objects.filter(pk=ask.pk).update(asked=now | {"plan": "Another plan"})
    ask.refresh_from_db()
    simulator.faults.add("/v2/chats", method="POST", status=409)
    with pytest.raises(AlreadyAnswered, match="answered in v0 in the meantime"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    ask.refresh_from_db()
    assert ask.state == "over"
    assert Ask.objects.waiting().get().asked == now
