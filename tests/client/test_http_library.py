"""The client works on both HTTP libraries, and takes the one that it is told to take."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from v0client import http

ROOT = Path(__file__).parents[2]
OTHER = {"httpx": "httpx2", "httpx2": "httpx"}
HERE = Path(__file__).parent
SUBJECTS = [
    "certificates",
    "downloads",
    "errors",
    "network",
    "operations",
    "paging",
    "retries",
    "secrets",
    "shapes",
    "streams",
    "transport",
]
TESTS = [str(HERE / f"test_{subject}.py") for subject in SUBJECTS]


def python(library: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "V0CLIENT_HTTP": library}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tests_of_the_client_pass_on_the_other_library_too() -> None:
    arguments = ["-m", "pytest", "-q", "-p", "no:django", "-p", "no:xdist", "--noconftest"]
    done = python(OTHER[http.LIBRARY], *arguments, "-o", "addopts=--import-mode=importlib", *TESTS)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_library_can_be_forced(library: str) -> None:
    done = python(library, "-c", "from v0client import http; print(http.httpx.__name__)")
    assert done.stdout.strip() == library


def test_an_unknown_library_is_refused_with_a_sentence() -> None:
    done = python("requests", "-c", "import v0client")
    assert "V0CLIENT_HTTP must be httpx or httpx2" in done.stderr
