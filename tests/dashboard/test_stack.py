"""The servers of our own: sockets only, nothing left behind, nothing lost."""

from __future__ import annotations

import os

import psycopg
import redis


def test_postgres_runs_on_a_socket_and_not_as_root() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row == ("",)


def test_valkey_answers() -> None:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    with client:
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
