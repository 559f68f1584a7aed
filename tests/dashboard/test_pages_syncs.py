"""Runs of the mirror: the list, the progress of one run, and starting one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.celery import app
from dashboard.models import Key, Membership, SyncRun
from dashboard.sync import lease, requeue_orphans
from dashboard.views.syncs import summary
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def url(name: str, cast: Cast, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def test_runs_are_filtered_by_key_and_state(cast: Cast, client_of: SignIn) -> None:
    first, second = make.key(cast.owner), make.key(cast.member, "v0-demo-member")
    done = make.sync_run(first, state="done")
    failed = make.sync_run(second, state="failed", errors={"chats": "v0 did not answer in time."})
    client = client_of(cast.viewer)
    for query, expected in (
        ({}, {done, failed}),
        ({"key": first.pk}, {done}),
        ({"state": "failed"}, {failed}),
        ({"key": "none", "state": "lost"}, {done, failed}),
    ):
        response = client.get(url("syncs", cast), query)
        assert set(response.context["page"].object_list) == expected
    assert "v0 did not answer in time." in client.get(url("syncs", cast)).text


def test_a_run_says_what_changed_in_words() -> None:
    run = SyncRun(
        state="done",
        counts={
            "deployments": {"created": 2},
            "usage": {"created": 1},
            "chats": {"created": 1, "unchanged": 40},
            "files": {},
        },
    )
    assert summary(run) == "1 chat, 2 deployments"
    assert summary(SyncRun(state="done")) == "nothing changed"
    assert summary(SyncRun(state="running")) == ""


def test_a_running_sync_is_polled_with_its_progress_until_it_is_over(
    cast: Cast, client_of: SignIn
) -> None:
    run = make.sync_run(
        make.key(cast.owner), state="running", area="chats", done_items=7, total_items=60
    )
    client, page = client_of(cast.viewer), url("sync", cast, run.pk)
    headers = {"HX-Request": "true", "HX-Target": "div#progress"}
    text = client.get(page, headers=headers).text
    assert 'value="7" max="60"' in text
    assert 'hx-trigger="every 1s"' in text
    SyncRun.objects.filter(pk=run.pk).update(
        state="partial",
        errors={"usage": "v0 is having trouble."},
        counts={"chats": {"created": 60}},
    )
    text = client.get(page, headers=headers).text
    assert "hx-trigger" not in text
    assert "60 new" in text
    assert "v0 is having trouble." in text


def begun(cast: Cast, left: float) -> SyncRun:
    """A running first sync whose worker holds its key for so many seconds more."""
    run = make.sync_run(
        make.key(cast.owner), state="running", trigger="first", area="chats",
        done_items=7, total_items=60, attempts=1,
    )  # fmt: skip
    until = timezone.now() + timedelta(seconds=left)
    Key.objects.filter(pk=run.key_id).update(lease_run=run.pk, lease_until=until)
    return run


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (44, ""),
        (25, r"went silent 2\d s ago. If it stays so, another takes over within (40|3\d) s"),
        (-5, r"went silent 5\d s ago. If it stays so, another takes over within 15 s"),
        (-60, r"went silent 1 min ago, and no other has taken over. Ask those who run this"),
    ],
)
def test_a_sync_whose_worker_is_silent_says_so_and_when_another_goes_on(
    cast: Cast, client_of: SignIn, left: float, said: str
) -> None:
    run = begun(cast, left)
    client = client_of(cast.owner)
    for name, ids in (("sync", [run.pk]), ("syncs", []), ("home", []), ("key", [run.key_id])):
        text = client.get(url(name, cast, *ids)).text
        assert bool(re.search(said, text)) if said else "silent" not in text, name


def test_a_sync_that_lost_its_worker_says_that_it_waits_for_another(
    cast: Cast, client_of: SignIn
) -> None:
    run = begun(cast, -5)
    requeue_orphans()
    for page in (url("sync", cast, run.pk), url("home", cast)):
        assert "Its worker stopped; waiting for another" in client_of(cast.viewer).get(page).text


def test_beat_looks_for_syncs_without_a_worker_as_often_as_the_page_says() -> None:
    often = app.conf.beat_schedule["sync what is due"]["schedule"]
    assert often == lease.BEAT.total_seconds()


def test_the_button_starts_a_sync_of_ones_own_key(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.member)
    make.key(cast.owner, "v0-demo-other")
    response = client_of(cast.member).post(url("sync-start", cast))
    run = SyncRun.objects.get()
    assert run.key == key
    assert run.requested_by == cast.member.user
    assert response["Location"] == url("sync", cast, run.pk)


def test_a_member_cannot_sync_the_key_of_another(cast: Cast, client_of: SignIn) -> None:
    key = make.key(cast.owner)
    response = client_of(cast.member).post(url("sync-start", cast), {"key": key.pk})
    assert response.status_code == 404
    assert not SyncRun.objects.exists()


def test_without_a_usable_key_the_button_is_off_and_says_why(cast: Cast, client_of: SignIn) -> None:
    make.key(cast.member, state=Key.State.PAUSED)
    text = client_of(cast.member).get(url("syncs", cast)).text
    assert 'disabled title="None of your keys can be synced now"' in text


def test_runs_of_another_team_are_not_listed(cast: Cast, client_of: SignIn) -> None:
    make.sync_run(make.key(cast.owner, label="Ours"))
    client = client_of(cast.outsider)
    text = client.get(reverse("syncs", args=[cast.outsider.team.slug])).text
    assert "Ours" not in text
    assert "Nothing to sync yet" in text
