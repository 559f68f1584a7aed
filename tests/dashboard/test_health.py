"""The probes: what they say when all is well, and when a part is away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import health
from dashboard.upstream import Refused, connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import run
from v0client.simulator import Simulator


@pytest.fixture
def unmigrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has not looked at the migrations yet."""
    monkeypatch.setattr(health, "migrated", False)


def test_a_living_process_says_so_without_the_database() -> None:
    response = Client().get("/healthz")  # no database is allowed in this test
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-cache" in response["Cache-Control"]


def test_readiness_has_a_word_for_each_part(db: None, unmigrated: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
    }


def test_readiness_says_that_the_broker_is_away(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] == "unreachable"
    assert response.json()["database"] == "ok"


def test_readiness_says_that_the_database_is_away(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")


def test_readiness_counts_migrations_that_are_to_be_applied(db: None, unmigrated: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'usersessions'")
        left = cursor.rowcount
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == f"{left} to apply"
    assert not health.migrated


def test_probes_only_read(db: None) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert Client().post(path).status_code == 405
        assert Client().head(path).status_code == 200


def scrape(**headers: Any) -> dict[str, float]:
    response = Client().get("/metrics", **headers)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    found = (re.fullmatch(r"(\S+) (\S+)", line) for line in lines if not line.startswith("#"))
    return {match[1]: float(match[2]) for match in found if match}


def test_metrics_count_what_is_in_the_database(cast: Cast) -> None:
    key = make.key(cast.member, last_synced_at=timezone.now())
    make.key(cast.admin, "v0-other", state="paused")
    make.chat(cast.team, follow_at=timezone.now(), status="running")
    began = timezone.now()
    for state in ("done", "failed", "queued"):
        over = {"started_at": began, "finished_at": began} if state != "queued" else {}
        make.sync_run(key, state=state, requests=7, **over)
    found = scrape()
    assert found["v0dashboard_teams"] == 2
    assert found["v0dashboard_people"] == 5
    assert found['v0dashboard_keys{state="ok"}'] == 1
    assert found['v0dashboard_keys{state="paused"}'] == 1
    assert found['v0dashboard_keys{state="rejected"}'] == 0
    assert found['v0dashboard_sync_runs_recent{state="done"}'] == 1
    assert found['v0dashboard_sync_runs_recent{state="failed"}'] == 1
    assert found['v0dashboard_sync_runs_unfinished{state="queued"}'] == 1
    assert found["v0dashboard_sync_answers_recent"] == 14
    assert found["v0dashboard_chats_running"] == 1
    assert found["v0dashboard_submissions_unclear"] == 0
    assert found["v0dashboard_sync_age_seconds"] < 60
    assert found["v0dashboard_tasks_queued"] >= 0


def test_metrics_count_v0s_answers_to_syncs_and_to_people(cast: Cast, simulator: Simulator) -> None:
    key = make.key(cast.owner)
    assert not [name for name in scrape() if name.startswith("v0dashboard_answers")]
    requests = run(key).requests
    simulator.faults.add("/v1/user", method="GET", status=500, times=2)
    simulator.faults.add("/v1/projects", method="GET", reset="before", times=2)
    with connect(key) as remote:
        remote.newest_chats()
        for ask in (remote.account, remote.projects):
            with pytest.raises(Refused):
                ask()
    found = scrape()
    assert found['v0dashboard_answers_total{asker="sync",status="2xx"}'] == requests
    assert found['v0dashboard_answers_total{asker="people",status="2xx"}'] == 1
    assert found['v0dashboard_answers_total{asker="people",status="5xx"}'] == 2
    assert found['v0dashboard_answers_total{asker="people",status="none"}'] == 2


def test_metrics_without_anything_are_zeros(db: None) -> None:
    found = scrape()
    assert found["v0dashboard_teams"] == found["v0dashboard_sync_seconds_mean"] == 0


def test_metrics_leave_the_queue_out_when_the_broker_is_away(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = scrape()
    assert "v0dashboard_teams" in found
    assert "v0dashboard_tasks_queued" not in found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 401),
        ({"REMOTE_ADDR": ""}, 401),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 401),
    ],
)
def test_without_a_token_only_this_machine_may_scrape(
    db: None, headers: dict[str, Any], status: int
) -> None:
    assert Client().get("/metrics", **headers).status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer right", 200), ("Bearer wrong", 401), ("right", 401), ("", 401), ("Bearer é", 401)],
)
def test_with_a_token_everybody_needs_it(
    db: None, settings: Settings, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    response = Client().get("/metrics", HTTP_AUTHORIZATION=given, REMOTE_ADDR="192.0.2.7")
    assert response.status_code == status
    assert Client().get("/metrics").status_code == 401
