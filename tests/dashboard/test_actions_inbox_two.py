"""Dangerous commands, which two people allow where a team wants it, and set-ups of connectors."""

from __future__ import annotations

import uuid
from functools import partial

import pytest

from dashboard.actions import Invalid, inbox
from dashboard.actions.inbox import AlreadyAnswered
from dashboard.actions.prompts import send_message
from dashboard.models import Activity, Ask, Chat, Key
from dashboard.upstream.asks import Answer
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.asking import answered, finish, stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.member.team = cast.admin.team = cast.team
    return make.key(cast.member, "v0-demo-member", shared=True)


@pytest.fixture
def careful(cast: Cast, key: Key) -> None:
    cast.team.two_for_danger = True
    cast.team.save(update_fields=["two_for_danger"])


@pytest.mark.usefixtures("careful")
@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_dangerous_command_is_allowed_by_one_and_confirmed_by_another(
    generation: str, cast: Cast, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "permissions", generation)
    assert ask.is_dangerous
    first = inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow", "On the copy"))
    assert (first.state, first.first_by, answered(simulator)) == ("second", cast.member.user, 0)
    assert Ask.objects.waiting().get() == ask
    with pytest.raises(Invalid, match="Another person has to confirm it: Admin"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    done = inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("allow"))
    assert (done.state, done.first_by, done.answered_by) == (
        "answered", cast.member.user, cast.admin.user,
    )  # fmt: skip
    assert done.answer["userMessage"] == "On the copy"
    finish(simulator)
    assert Chat.objects.get().version_count == 1
    assert answered(simulator) == 1
    verbs = Activity.objects.filter(verb__startswith="ask.").order_by("pk")
    assert [(row.verb, row.actor) for row in verbs] == [
        ("ask.allow", cast.member.user),
        ("ask.answer", cast.admin.user),
    ]


@pytest.mark.usefixtures("careful")
def test_the_second_person_refuses(cast: Cast, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "permissions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    done = inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("refuse"))
    assert (done.state, answered(simulator)) == ("answered", 0)
    assert "Do not use `run_script`" in Activity.objects.get(verb="ask.answer").after["refused"]


@pytest.mark.usefixtures("careful")
def test_what_one_allowed_can_be_taken_back_by_nobody_else(
    cast: Cast, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "permissions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    with pytest.raises(Refused, match="Member has allowed this"):
        inbox.withdraw_ask(member=cast.admin, ask=ask)
    opened = inbox.withdraw_ask(member=cast.member, ask=ask)
    assert (opened.state, opened.first_by, opened.answer) == ("open", None, None)
    assert answered(simulator) == 0


@pytest.mark.usefixtures("careful")
def test_a_refusal_of_v0_keeps_what_the_first_person_allowed(
    cast: Cast, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "permissions")
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    simulator.faults.add("/v2/chats", method="POST", status=500)
    with pytest.raises(Refused):
        inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("allow"))
    ask.refresh_from_db()
    assert (ask.state, ask.first_by, ask.answered_by) == ("second", cast.member.user, None)
    assert ask.answer["type"] == "confirmed-permissions"


@pytest.mark.usefixtures("careful")
def test_harmless_things_need_no_second_person(cast: Cast, simulator: Simulator) -> None:
    ask = stopped(cast.member, simulator, "plan")
    assert not ask.is_dangerous
    done = inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    assert done.state == "answered"


@pytest.mark.usefixtures("careful")
def test_no_single_prompt_takes_the_place_of_the_second_person(
    cast: Cast, simulator: Simulator
) -> None:
    """Neither before anybody allowed it, nor while one person has."""
    ask = stopped(cast.member, simulator, "permissions", "v2")
    say = partial(send_message, member=cast.member, chat=ask.chat, prompt="Allowed. Run it now.")
    with pytest.raises(Refused, match="which two people of this team have to give"):
        say(nonce=uuid.uuid4())
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("allow"))
    with pytest.raises(Refused, match="refuse that first"):
        say(nonce=uuid.uuid4())
    ask.refresh_from_db()
    inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("refuse", "Not on that data"))
    finish(simulator)
    assert say(nonce=uuid.uuid4()).state == "sent"


# ---- the set-up of a connector ------------------------------------------------------------------


def test_a_setup_is_pending_until_somebody_did_it(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "connect")
    asked_at = simulator.clock.now()
    simulator.clock.frozen = ask.asked_at.timestamp() + 1
    assert inbox.check_setup(member=cast.member, ask=ask).state == "pending"
    with pytest.raises(Refused, match="not finished yet"):
        inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("connected"))
    ask.refresh_from_db()
    assert ask.state == "open"
    simulator.clock.frozen = asked_at
    found = inbox.check_setup(member=cast.member, ask=ask)
    assert (found.state, found.text) == ("ready", "Linear")


def test_a_setup_that_is_too_old_says_what_to_do(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "connect")
    simulator.clock.advance(90_000)
    found = inbox.check_setup(member=cast.member, ask=ask)
    assert (found.state, "asks again" in found.text) == ("failed", True)


def test_checking_a_setup_that_was_dealt_with_in_v0_closes_it(
    cast: Cast, key: Key, simulator: Simulator
) -> None:
    ask = stopped(cast.member, simulator, "connect")
    with v0(simulator, "v0-demo-member") as client:
        client.v2.messages.resolve_async(
            ask.chat.upstream_id, task={"type": "vercel-connect-setup"}
        )
    with pytest.raises(AlreadyAnswered, match="gone on"):
        inbox.check_setup(member=cast.member, ask=ask)
    ask.refresh_from_db()
    assert ask.state == "over"
