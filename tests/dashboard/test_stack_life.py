"""The life of an installation: killed in part or as a whole, it comes back and has lost nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.demo import Installation, until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    one = Installation(tmp_path_factory.mktemp("life") / "folder with space", mode="run")
    one.start()
    yield one
    one.stop()


def noted(installation: Installation) -> dict[str, str]:
    lines = (installation.data / "environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def pool(installation: Installation) -> set[int]:
    """The worker and the processes of its pool."""
    return set(installation.processes("dashboard.stack.worker"))


def test_killing_the_supervisor_leaves_nothing_behind_and_loses_nothing(
    installation: Installation,
) -> None:
    with psycopg.connect(noted(installation)["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('kept')")
    until(lambda: len(pool(installation)) == 3)
    installation.kill()
    until(lambda: not installation.processes())
    installation.start()
    with psycopg.connect(noted(installation)["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT text FROM note").fetchone() == ("kept",)


def test_a_killed_postgres_comes_back_and_pages_answer(installation: Installation) -> None:
    killed = installation.processes("bin/postgres -D")
    os.kill(killed[0], signal.SIGKILL)
    until(lambda: installation.processes("bin/postgres -D") not in ([], killed))
    until(lambda: installation.get("/readyz") == 200)
    assert installation.get("/accounts/login/") == 200


def test_a_killed_worker_takes_its_pool_with_it_and_is_started_again(
    installation: Installation,
) -> None:
    before = until(lambda: len(found := pool(installation)) == 3 and found)
    os.kill(min(before), signal.SIGKILL)
    until(lambda: not before & pool(installation))
    until(lambda: len(pool(installation)) == 3)


def test_a_second_supervisor_on_the_same_data_is_refused(installation: Installation) -> None:
    second = installation.command("run")
    assert second.returncode == 1
    assert f"(process {installation.process.pid}) is already running" in second.stderr


def test_manage_runs_beside_the_installation(installation: Installation) -> None:
    listed = installation.command("manage", "showmigrations", "--plan")
    assert "[X]  dashboard.0001_initial" in listed.stdout, listed.stderr


def test_manage_says_that_nothing_is_running(tmp_path: Path) -> None:
    asked = Installation(tmp_path).command("manage", "check")
    assert asked.returncode == 1
    assert asked.stderr.startswith("No dashboard is running here.")


def test_an_interrupt_stops_everything_in_order(installation: Installation) -> None:
    assert installation.stop() == 0
    assert installation.processes() == []
    log = (installation.data / "logs" / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")
    installation.start()
