"""Money and limits: who sees whose, what absent values say, and the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.models import Key, Membership, Snapshot
from dashboard.views.usage_figures import Figures
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def snapshot(key: Key, *, days_ago: float = 0, **fields: Any) -> Snapshot:
    taken = timezone.now() - timedelta(days=days_ago)
    return Snapshot.objects.create(key=key, taken_at=taken, **fields)


def usage(client: Client, cast: Cast, **query: object) -> Any:
    return client.get(reverse("usage", args=[cast.team.slug]), query)


@pytest.fixture
def key(cast: Cast) -> Key:
    return make.key(cast.member, label="Mine")


def test_members_see_the_money_of_their_own_keys_and_overseers_of_all(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    make.key(cast.owner, "v0-demo-other", label="The owner's")
    for person, labels in (
        (cast.owner, {"The owner's", "Mine"}),
        (cast.admin, {"The owner's", "Mine"}),
        (cast.member, {"Mine"}),
        (cast.viewer, set()),
    ):
        figures = usage(client_of(person), cast).context["figures"]
        assert {row.key.label for row in figures} == labels


def test_the_key_of_another_cannot_be_asked_for(cast: Cast, client_of: SignIn, key: Key) -> None:
    other = make.key(cast.owner, "v0-demo-other", label="Other")
    snapshot(other, balance_remaining=123.45, balance_total=200)
    text = usage(client_of(cast.member), cast, key=other.pk).text
    assert "123.45" not in text


def test_credit_by_use_is_shown_as_a_gauge_with_its_cycle_and_blocks(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    now = timezone.now()
    snapshot(
        key, plan="team", billing_type="token", billing_mode="test", role="OWNER",
        cycle_start=now - timedelta(days=10), cycle_end=now + timedelta(days=20),
        balance_remaining=12.5, balance_total=30, on_demand_balance=7,
        blocks=[
            {"currentBalance": 7, "originalBalance": 50, "effectiveDate": 1750000000000,
             "expirationDate": 1760000000000},
            {"currentBalance": 0, "originalBalance": 10, "effectiveDate": "2025-01-01T00:00:00Z"},
            "not a block",
        ],
        rate_remaining=0, rate_limit=50, daily_remaining=3, daily_limit=10, daily_grace=True,
    )  # fmt: skip
    text = usage(client_of(cast.member), cast).text
    for words in (
        "$12.50", "of $30.00, $17.50 spent", "day 11 of 30", "$7.00", "Expired", "Used up",
        "no expiry", "<b>0</b> of 50 requests left", "grace period", "Test",
        "runs out in 7 d, before the cycle ends",
    ):  # fmt: skip
        assert words in text, words


def test_the_older_billing_counts_messages(cast: Cast, client_of: SignIn, key: Key) -> None:
    snapshot(key, billing_type="legacy", legacy_remaining=40, legacy_limit=200)
    text = usage(client_of(cast.member), cast).text
    assert "by message (legacy plan)" in text
    assert "of 200" in text


def test_absent_values_say_so_and_are_never_nought(cast: Cast, client_of: SignIn, key: Key) -> None:
    snapshot(key, billing_type="token")
    text = usage(client_of(cast.member), cast).text
    for words in ("v0 reports no balance", "not reported", "none", "no billing cycle"):
        assert words in text
    assert "$0" not in text


def test_a_key_without_figures_says_when_they_come(cast: Cast, client_of: SignIn, key: Key) -> None:
    assert "No figures for this key yet" in usage(client_of(cast.member), cast).text


def test_the_history_has_a_point_per_day_within_the_range(
    cast: Cast, client_of: SignIn, key: Key
) -> None:
    for days_ago in (0, 1, 1.01, 20, 60):
        snapshot(key, days_ago=days_ago, balance_remaining=10 + days_ago)
    client = client_of(cast.member)
    for days, snapshots in (("7", 3), ("30", 4), ("90", 5), ("nonsense", 4)):
        response = usage(client, cast, days=days)
        assert response.context["page"].paginator.count == snapshots
        assert response.context["chart"] is not None
    assert "Balance per day as a table" in response.text


def test_one_day_is_not_drawn_as_a_line(cast: Cast, client_of: SignIn, key: Key) -> None:
    snapshot(key, balance_remaining=10)
    assert "Not enough history yet" in usage(client_of(cast.member), cast).text


@pytest.mark.parametrize(("left", "tone"), [(30, "ok"), (6, "warn"), (1, "bad"), (0, "bad")])
def test_the_gauge_warns_before_the_money_is_gone(key: Key, left: float, tone: str) -> None:
    figures = Figures(key, Snapshot(key=key, balance_remaining=left, balance_total=30))
    assert figures.balance is not None
    assert figures.balance.tone == tone
