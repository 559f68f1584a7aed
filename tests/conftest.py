"""The servers that tests run on, started once per run, and fixtures that several areas use.

Objects that tests are about are made in make.py.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
import redis

from dashboard.stack.children import stop, wait_until_ready
from dashboard.stack.postgres import Postgres
from dashboard.stack.valkey import Valkey
from tests import contract
from tests.demo import running_demo
from v0client.simulator import Simulator, reporting
from v0client.simulator.server import ON_EXCHANGE

servers = contextlib.ExitStack()
atexit.register(servers.close)


def start_postgres(folder: Path) -> str:
    """One server for the whole run: each xdist worker makes a database of its own on it."""
    server = Postgres(folder / "postgres", folder, folder / "postgres.log", durable=False)
    process = server.launch()
    servers.callback(stop, process, with_signal=signal.SIGQUIT, patience=5)
    wait_until_ready(process, server.is_ready, log=server.log)
    return server.url()


def start_valkey(folder: Path) -> str:
    """One server per test process: channels know no databases, so sharing one would mix tests."""
    server = Valkey(folder / "valkey", folder, folder / "valkey.log", durable=False)
    process = server.launch()
    servers.callback(stop, process, with_signal=signal.SIGKILL, patience=5)
    wait_until_ready(process, server.is_ready, log=server.log)
    return server.url()


def prepare_environment() -> None:
    """Everything settings.py reads, before anything imports it."""
    folder = Path(tempfile.mkdtemp(prefix="v0-dashboard-"))
    servers.callback(shutil.rmtree, folder, ignore_errors=True)
    static = folder / "static"
    static.mkdir()
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start_postgres(folder)
    os.environ |= {
        "REDIS_URL": start_valkey(folder),
        "SECRET_KEY": "only-for-tests-" * 4,
        "KEY_RING": "test:" + base64.b64encode(b"k" * 32).decode(),
        "V0_BASE_URL": "http://v0.invalid",  # whoever forgets the simulator gets an error at once
        "DEBUG": "true",  # static files by their plain names; pytest-django turns the rest off
        "STATIC_ROOT": str(static),
        ON_EXCHANGE: "tests.contract:write_down",  # for those that run as processes
        contract.FILE: str(folder / "contract-problems"),
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }


# The same examples at every run, so that a red run is about the change. `explore` finds new ones.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# At import, not in a hook: conftest files further down import models.
prepare_environment()
django.setup()
reporting.everywhere.append(contract.notice)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    # Workers inherit the environment. Each must come by this file before its settings are read.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Starting the demo takes a while: all tests that use it run in one process, one after another.
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))


def pytest_unconfigure() -> None:
    servers.close()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hashing is slow by design; tests sign in all the time."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def no_order_by_luck() -> None:
    """Rows come backwards where no order was asked for: PostgreSQL promises none either."""
    from django.db.models import QuerySet

    fetch = QuerySet._fetch_all

    def fetch_backwards(rows: QuerySet[Any]) -> None:
        fresh = rows._result_cache is None
        fetch(rows)
        if fresh and not rows.ordered and not rows.query.combinator:
            rows._result_cache.reverse()

    QuerySet._fetch_all = fetch_backwards


@pytest.fixture(autouse=True)
def as_published() -> Iterator[None]:
    """Fails a test in which a simulator, or a request of our client, was not as v0 publishes it."""
    yield
    if wrong := contract.taken():
        pytest.fail("\n".join(["not as v0's contract says:", *wrong]), pytrace=False)


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """The address of a real demo: own processes, own data, the accounts of the README.

    DEMO_URL names one that is running already, which is quicker while writing a test.
    """
    if running := os.environ.get("DEMO_URL"):
        yield running
        return
    with running_demo() as address:
        yield address


@pytest.fixture
def simulator() -> Simulator:
    """An empty v0 inside this process."""
    return Simulator()


@pytest.fixture
def valkey() -> Iterator[redis.Redis]:
    """This process's own Valkey, emptied before and after."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushall()
        yield client
        client.flushall()
