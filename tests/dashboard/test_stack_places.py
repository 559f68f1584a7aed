"""The data folder: private, locked, with sockets that fit, lasting secrets and ports."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from dashboard.crypto import parse_ring
from dashboard.stack import places
from dashboard.stack.children import StackError
from dashboard.stack.postgres import Postgres
from tests.dashboard.test_stack import as_root, started


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = places.private_folder(tmp_path / "some" / "data")
    assert mode_of(folder) == 0o700


def test_sockets_live_in_the_data_folder_where_their_path_fits(tmp_path: Path) -> None:
    assert places.socket_folder(tmp_path) == tmp_path / "run"
    assert mode_of(tmp_path / "run") == 0o700


def test_a_path_too_long_for_sockets_gets_a_short_private_folder(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 25) / "with space"
    data.mkdir(parents=True)
    sockets = places.socket_folder(data)
    try:
        assert mode_of(sockets) == 0o700
        assert places.socket_folder(data) == sockets
        server = Postgres(data / "postgres", sockets, data / "postgres.log", durable=False)
        with started(server), psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        sockets.rmdir()


@as_root
def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 25)
    data.mkdir()
    sockets = places.socket_folder(data)
    try:
        os.chown(sockets, 12345, 12345)
        with pytest.raises(StackError, match="belongs to somebody else"):
            places.socket_folder(data)
    finally:
        sockets.rmdir()


def test_a_folder_is_used_by_one_supervisor_at_a_time(tmp_path: Path) -> None:
    running = rf"process {os.getpid()}\) is already running"
    with places.lock(tmp_path), pytest.raises(StackError, match=running):
        places.lock(tmp_path)
    places.lock(tmp_path).close()


def test_the_next_start_waits_for_processes_of_a_killed_supervisor(tmp_path: Path) -> None:
    with places.lock(tmp_path) as held:
        held.seek(0)
        held.truncate()
        held.write("999999999")  # a supervisor that is gone, while a child still holds the lock
        held.flush()
        with pytest.raises(StackError, match="Processes of an earlier run"):
            places.lock(tmp_path, patience=0.1)


def test_secrets_are_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    made = places.lasting_secrets(tmp_path)
    assert places.lasting_secrets(tmp_path) == made
    assert list(parse_ring(made["KEY_RING"])) == ["first"]
    assert mode_of(tmp_path / "secrets.env") == 0o600


def test_a_wanted_port_that_is_taken_is_refused_in_words() -> None:
    with socket.create_server((places.LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} cannot be used"):
            places.web_port(str(port))
        assert places.web_port("", usual=port) not in {0, port}
    with pytest.raises(StackError, match="use a number from 1 to 65535"):
        places.web_port("http")


def test_the_simulator_keeps_its_port_until_somebody_takes_it(tmp_path: Path) -> None:
    note = tmp_path / "simulator.port"
    port = places.remembered_port(note)
    assert places.remembered_port(note) == port
    with socket.create_server((places.LOOPBACK, port)):
        other = places.remembered_port(note)
    assert other != port
    assert places.remembered_port(note) == other
