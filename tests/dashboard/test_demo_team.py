"""The demo team: everybody can sign in, the mirror is full, and a second start adds nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.management.commands.demo_team import DAYS
from dashboard.models import Activity, Chat, Key, Membership, Snapshot, SyncRun, Team, User
from tests.make import PASSWORD
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (User, Team, Membership, Key, SyncRun, Activity, EmailAddress)
    }


def test_everybody_is_there_with_a_role_and_a_password(simulator: Simulator) -> None:
    call_command("demo_team", verbosity=0)
    acme = dict(Membership.objects.filter(team__slug="acme").values_list("user__email", "role"))
    assert acme == {f"{role}@example.com": role for role in ("owner", "admin", "member", "viewer")}
    assert Membership.objects.get(team__slug="northwind").user.email == "outsider@example.com"
    assert EmailAddress.objects.filter(verified=True).count() == 5
    assert list(User.objects.filter(is_superuser=True).values_list("email", flat=True)) == [
        "owner@example.com"
    ]
    browser = Client()
    browser.post("/accounts/login/", {"login": "viewer@example.com", "password": PASSWORD})
    assert browser.session["_auth_user_id"]


def test_each_key_is_its_persons_own_and_has_had_its_first_sync(simulator: Simulator) -> None:
    call_command("demo_team", verbosity=0)
    for key in Key.objects.select_related("owner"):
        assert key.upstream_email == key.owner.email
    assert Key.objects.count() == 4
    assert set(SyncRun.objects.values_list("state", "trigger")) == {("done", "first")}


def test_a_second_start_adds_nothing_and_asks_v0_nothing(simulator: Simulator) -> None:
    call_command("demo_team", verbosity=0)
    before, asked = counts(), len(simulator.requests)
    call_command("demo_team", verbosity=0)
    assert counts() == before
    assert len(simulator.requests) == asked


def test_the_usage_has_a_history_of_ninety_days_out_of_the_ledger(simulator: Simulator) -> None:
    simulator.seed = "demo"
    simulator.reset()
    call_command("demo_team", verbosity=0)
    for key in Key.objects.all():
        past = key.snapshots.filter(taken_at__lt=timezone.now() - timedelta(hours=4))
        assert past.count() in (DAYS - 1, DAYS)
        assert past.dates("taken_at", "day").count() == past.count()
    owner = Key.objects.get(owner__email="owner@example.com")
    rows = list(owner.snapshots.order_by("taken_at"))
    falls = [a.balance_remaining >= b.balance_remaining for a, b in pairwise(rows)
             if a.cycle_start == b.cycle_start]  # fmt: skip
    assert all(falls)
    assert len({row.cycle_start for row in rows}) >= 3
    assert len({row.balance_remaining for row in rows}) > 45
    number = Snapshot.objects.count()
    call_command("demo_team", verbosity=0)
    assert Snapshot.objects.count() == number


def test_some_chats_were_made_from_others(simulator: Simulator) -> None:
    simulator.seed = "demo"
    simulator.reset()
    call_command("demo_team", verbosity=0)
    forks = Chat.objects.exclude(forked_from=None).select_related("forked_from")
    told = {(fork.forked_from.generation, fork.generation) for fork in forks if fork.forked_from}
    assert told == {("v1", "v1"), ("v1", "v2"), ("v2", "v2")}
    edited = forks.get(forked_from_version__former_of__isnull=False)
    assert edited.forked_from is not None
    assert edited.forked_from.forked_from is not None
    assert len({fork.name for fork in forks}) == len(forks)
    assert Activity.objects.filter(verb="chat.fork").count() == len(forks)


def test_a_start_that_was_interrupted_is_completed(simulator: Simulator) -> None:
    simulator.revoke("v0-demo-member")
    with pytest.raises(Exception, match="rejects this key"):
        call_command("demo_team", verbosity=0)
    simulator.reset()
    call_command("demo_team", verbosity=0)
    assert Key.objects.count() == 4
    assert SyncRun.objects.filter(state="done").count() == 4


def test_no_demo_is_made_beside_the_real_v0(settings: Settings) -> None:
    settings.V0_BASE_URL = "https://api.v0.dev"
    with pytest.raises(CommandError, match="simulated v0"):
        call_command("demo_team")
    assert not User.objects.exists()
