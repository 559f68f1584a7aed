"""Processes of an installation beside a test: on its database and Valkey, before its simulator."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.demo import PROJECT
from v0client.simulator import Simulator


@contextmanager
def beside(simulator: Simulator, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Python with these arguments; killed at the end. Needs rows that other processes see."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "V0_BASE_URL": simulator.base_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
