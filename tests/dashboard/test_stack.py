"""The servers of our own: sockets only, no rights they do not need, nothing lost when killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from dashboard.stack import postgres
from dashboard.stack.children import (
    Become,
    StackError,
    into_nobody,
    into_user_namespace,
    stop,
    wait_until_ready,
)
from dashboard.stack.postgres import Postgres
from dashboard.stack.valkey import Valkey, find_binary

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes who it is")


@contextmanager
def started(server: Postgres | Valkey) -> Iterator[subprocess.Popen[bytes]]:
    process = server.launch()
    try:
        wait_until_ready(process, server.is_ready, log=server.log)
        yield process
    finally:
        stop(process, with_signal=signal.SIGQUIT, patience=5)


def server_in(folder: Path, become: Become | None = None) -> Postgres:
    (folder / "sockets").mkdir()
    return Postgres(folder / "postgres", folder / "sockets", folder / "postgres.log", become=become)


def owner_of(process: subprocess.Popen[bytes]) -> int:
    return Path(f"/proc/{process.pid}").stat().st_uid


def test_postgres_listens_on_no_port() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_valkey_listens_on_no_port(valkey: redis.Redis) -> None:
    assert valkey.config_get("port") == {"port": "0"}


@pytest.mark.parametrize("become", [None, pytest.param(into_nobody, marks=as_root)])
def test_a_killed_postgres_comes_back_with_every_row(tmp_path: Path, become: Become | None) -> None:
    server = server_in(tmp_path, become)
    with started(server) as process:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE note (text text)")
            connection.execute("INSERT INTO note VALUES ('kept')")
        process.kill()
        process.wait()
    # Its own processes may need a moment to notice; a start refused until then is tried again.
    for _ in range(50):
        try:
            with started(server), psycopg.connect(server.url()) as connection:
                assert connection.execute("SELECT text FROM note").fetchone() == ("kept",)
            return
        except StackError:
            continue
    pytest.fail(server.log.read_text())


@as_root
def test_without_user_namespaces_root_runs_postgres_as_nobody(tmp_path: Path) -> None:
    server = server_in(tmp_path, into_nobody)
    with started(server) as process:
        assert owner_of(process) == (tmp_path / "postgres").stat().st_uid != 0
    again = Postgres(server.folder, server.sockets, server.log)
    with started(again):
        assert again.become is into_nobody  # who owns the data decides, not what is possible


@as_root
def test_root_prefers_a_user_namespace_where_its_folders_stay_its_own(tmp_path: Path) -> None:
    chosen = postgres.choose_identity(postgres.find_binaries(), tmp_path / "postgres")
    os.chown(tmp_path, 12345, 12345)
    tmp_path.chmod(0o700)
    others = postgres.choose_identity(postgres.find_binaries(), tmp_path / "postgres")
    os.chown(tmp_path, 0, 0)
    assert (chosen, others) == (into_user_namespace, into_nobody)


def test_a_process_number_taken_over_by_somebody_else_does_not_stop_postgres(
    tmp_path: Path,
) -> None:
    server = server_in(tmp_path)
    with started(server):
        pass
    (server.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{server.folder}\n")
    with started(server) as process:
        assert server.is_ready(process)


def test_data_of_another_postgres_version_is_refused_in_words(tmp_path: Path) -> None:
    server = server_in(tmp_path)
    server.folder.mkdir()
    (server.folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(StackError, match="was written by PostgreSQL 9"):
        server.launch()


def test_a_failed_start_shows_what_the_server_said(tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path / "missing", tmp_path / "valkey.log")
    words = "valkey ended while it started"
    with pytest.raises(StackError, match=words) as raised, started(server):
        pass
    assert "No such file or directory" in str(raised.value)


def test_missing_binaries_are_reported_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="set DATABASE_URL"):
        postgres.find_binaries("no_such_package", tmp_path)
    with pytest.raises(StackError, match="set REDIS_URL"):
        find_binary("no_such_package", ["no-such-program"])


def test_the_newest_installed_postgres_is_taken_where_the_wheel_is_missing(tmp_path: Path) -> None:
    for version in ("9.6", "14", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    assert postgres.find_binaries("no_such_package", tmp_path) == tmp_path / "17" / "bin"


def test_valkey_keeps_what_was_queued(tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path, tmp_path / "valkey.log")
    with started(server), redis.Redis.from_url(server.url()) as client:
        client.rpush("queue", "task")
    with started(server), redis.Redis.from_url(server.url()) as client:
        assert client.lrange("queue", 0, -1) == [b"task"]
