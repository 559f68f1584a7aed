"""What a run cost stands below it as soon as v0 tells: with the answer, or in its reports."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.models import Chat, Key, Membership, Message
from dashboard.sync import usage
from dashboard.sync.follow import follow_due
from dashboard.templatetags.ui import money
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.following import begin, heard
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator
from v0client.simulator.reporting import Exchange

pytestmark = pytest.mark.django_db
REPORT = "/v1/reports/usage"
UNTOLD = {"data": []}
LONG = 30.0  # seconds that v0 writes
UNKNOWN = "Cost not yet known"


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.fixture
def owner(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.owner)


def look(chat: Chat) -> None:
    """What beat does, once it is time."""
    Chat.objects.exclude(follow_at=None).update(follow_at=timezone.now())
    follow_due()
    chat.refresh_from_db()


def ended(simulator: Simulator, key: Key, generation: str = "v1", ago: float = 0) -> Chat:
    """A chat whose answer ended so many seconds ago, and is seen to have ended now."""
    chat = written(simulator, key, generation, ago)
    look(chat)
    assert chat.status == "ready"
    return chat


def written(simulator: Simulator, key: Key, generation: str = "v1", ago: float = 0) -> Chat:
    """The same, before anybody has looked."""
    simulator.clock.frozen = time.time() - ago - LONG
    chat = begin(key, generation)
    run = simulator.store.chats[chat.upstream_id].messages[-1].run
    assert run
    run.duration = LONG
    simulator.clock.advance(LONG)
    simulator.requests.clear()
    return chat


def page(client: Client, chat: Chat) -> str:
    return client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/").text


def answer(chat: Chat) -> Message:
    return chat.messages.get(role="assistant")


def asked(simulator: Simulator) -> int:
    return sum(one.path == REPORT for one in simulator.requests)


def test_what_a_run_of_v1_cost_is_asked_for_when_it_ends(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    chat = ended(simulator, key)
    assert asked(simulator) == 1
    (report,) = [one for one in simulator.requests if one.path == REPORT]
    assert f"chatId={chat.upstream_id}" in report.query
    with v0(simulator) as client:
        (row,) = client.v1.reports.get_usage().all()
    assert answer(chat).cost == row.total_cost
    assert money(row.total_cost) in page(owner, chat)
    assert UNKNOWN not in page(owner, chat)
    assert chat.follow_at is None


def test_a_cost_that_v0_tells_late_is_called_unknown_until_then(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    simulator.faults.add(REPORT, patch=UNTOLD, times=2)
    chat = ended(simulator, key)
    assert UNKNOWN in page(owner, chat)
    assert chat.follow_at is not None
    look(chat)
    assert answer(chat).cost is None
    with heard(chat) as told:
        look(chat)
    assert told.count({"look": True}) == 2, "pages are not told of the cost"
    assert answer(chat).cost is not None
    assert UNKNOWN not in page(owner, chat)
    assert (chat.follow_at, asked(simulator)) == (None, 3)


def test_a_cost_that_v0_never_tells_is_asked_for_a_few_times_only(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    simulator.faults.add(REPORT, patch=UNTOLD, times=None)
    chat = ended(simulator, key)
    waits = []
    for age in (0, 6, 21, 61, 181):
        Message.objects.update(updated_at=timezone.now() - timedelta(seconds=age))
        wait = usage.wait_for_cost(answer(chat))
        waits.append(wait and round(wait.total_seconds()))
    assert waits == [5, 14, 39, 119, None]
    chat = ended(simulator, key, ago=181)
    assert (chat.follow_at, asked(simulator)) == (None, 1)
    assert UNKNOWN in page(owner, chat)
    Message.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    assert UNKNOWN not in page(owner, chat)


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_report_that_is_refused_changes_nothing_else(
    simulator: Simulator, key: Key, owner: Client, status: int
) -> None:
    simulator.faults.add(REPORT, status=status)
    chat = ended(simulator, key)
    assert asked(simulator) == 1
    assert chat.versions.get().files.exists()
    assert UNKNOWN in page(owner, chat)
    assert (chat.follow_at is None) == (status == 403)


def test_a_cost_is_asked_for_as_whoever_paid(
    simulator: Simulator, key: Key, cast: Cast, owner: Client
) -> None:
    people = {person.email.partition("@")[0]: person for person in simulator.store.people.values()}
    theirs = make.key(cast.member, "v0-demo-member", upstream_user_id=people["member"].id)
    Key.objects.filter(pk=key.pk).update(upstream_user_id=people["owner"].id)
    chat = ended(simulator, theirs)
    asked_for = answer(chat)
    assert usage.payer(asked_for) == theirs
    chat.messages.filter(role="user").update(
        author=make.author(cast.team, upstream_id=people["owner"].id)
    )
    assert usage.payer(asked_for) == key
    chat.messages.filter(role="user").update(author=make.author(cast.team))
    assert usage.payer(asked_for) is None


def test_an_answer_of_v2_tells_its_cost_itself(
    simulator: Simulator, key: Key, owner: Client
) -> None:
    chat = ended(simulator, key, "v2")
    cost = answer(chat).cost
    assert cost
    assert money(cost) in page(owner, chat)
    assert not any("usage" in one.path for one in simulator.requests)


@pytest.mark.django_db(transaction=True)
def test_a_prompt_that_is_sent_while_the_cost_is_asked_for_is_followed(
    simulator: Simulator, key: Key
) -> None:
    simulator.faults.add(REPORT, patch=UNTOLD)
    chat, soon = written(simulator, key), timezone.now() + timedelta(seconds=2)

    def send() -> None:
        Chat.objects.update(status=Chat.Status.RUNNING, follow_at=soon)
        connection.close()

    def meanwhile(exchange: Exchange) -> None:
        if exchange.request.path == REPORT:
            sending = threading.Thread(target=send)
            sending.start()
            sending.join(10)

    simulator.on_exchange = meanwhile
    try:
        look(chat)
    finally:
        simulator.on_exchange = None
    assert asked(simulator) == 1
    assert (chat.status, chat.follow_at) == ("running", soon)
