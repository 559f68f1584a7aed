"""What single messages cost, where v0 tells it apart from them."""

from __future__ import annotations

import pytest

from dashboard.models import Key, Message
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import new_chat, run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def test_a_message_of_v1_gets_its_cost_tokens_and_model_from_the_reports(
    simulator: Simulator, key: Key
) -> None:
    new_chat(simulator, model_configuration={"model_id": "v0-max"})
    simulator.clock.advance(600)
    assert run(key).errors == {}
    answer = Message.objects.get(role="assistant")
    with v0(simulator) as client:
        (row,) = client.v1.reports.get_usage().all()
    assert answer.cost == row.total_cost
    assert answer.model == "v0-max"
    assert answer.tokens is not None
    assert answer.tokens["total"] > 0


def test_the_reports_are_asked_only_while_something_is_missing(
    simulator: Simulator, key: Key
) -> None:
    new_chat(simulator)
    simulator.clock.advance(600)
    run(key)
    simulator.requests.clear()
    run(key)
    assert not [asked for asked in simulator.requests if "/reports/" in asked.path]


def test_a_message_of_v2_gets_its_model(simulator: Simulator, key: Key) -> None:
    with v0(simulator) as client:
        client.v2.chats.create_async(
            message="A page",
            model_configuration={"model_id": "v0-mini", "image_generations": False},
        )
    simulator.clock.advance(600)
    run(key)
    answer = Message.objects.get(role="assistant")
    assert (answer.model, answer.cost is not None) == ("v0-mini", True)


def test_a_key_that_may_not_read_the_reports_still_brings_everything_else(
    simulator: Simulator, key: Key
) -> None:
    new_chat(simulator)
    simulator.clock.advance(600)
    simulator.faults.add("/v1/reports/usage", status=403)
    assert run(key).state == "done"
    assert Message.objects.get(role="assistant").cost is None
