"""Runs scripts in Node with packages from npm, most of them against a simulator over HTTP."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.simulated import OWNER
from tests.serving import served
from v0client.simulator import Simulator

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "node_modules"
PATIENCE = 60  # seconds for one script; the usual one takes less than two
RESULT = re.compile(r"^ℹ (pass|skipped|todo) (\d+)$", re.MULTILINE)


class Node:
    """Node.js; its scripts lie in this folder and find their packages in node_modules."""

    def run(self, script: str, *options: str, given: str = "", **environment: str) -> str:
        """What a script prints for what it is given; it has to end well."""
        ended = subprocess.run(
            ["node", *options, HERE / script],
            input=given,
            capture_output=True,
            text=True,
            env=os.environ | environment,
            timeout=PATIENCE,
        )
        assert ended.returncode == 0, f"{script} failed\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def check(self, script: str, simulator: Simulator) -> None:
        """Runs a script of node:test checks; the output of a red one names what did not hold.

        The script finds the simulator's address in V0_BASE_URL and a key in V0_API_KEY, and may
        use `/_sim/…` to break things or to move the clock, which stands still otherwise.
        """
        told = self.run(
            script,
            "--test-reporter=spec",
            V0_BASE_URL=simulator.base_url,
            V0_API_KEY=OWNER,
        )
        counts = {name: int(count) for name, count in RESULT.findall(told)}
        assert counts.pop("pass", 0) > 0, f"{script} checked nothing\n{told}"
        assert not any(counts.values()), f"{script} left checks out\n{told}"


@pytest.fixture(scope="session")
def node() -> Node:
    """Skips the test, and says why, where Node.js or the packages are missing."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: what needs packages from npm is not tested")
    if not PACKAGES.is_dir():
        pytest.skip("the packages from npm are not installed: `make test` does it")
    return Node()


@pytest.fixture(scope="session")
def served_simulator() -> Iterator[Simulator]:
    """One server for the test process."""
    with served() as simulator:
        yield simulator


@pytest.fixture
def simulator(served_simulator: Simulator) -> Simulator:
    """A v0 with people and keys and nothing else; what takes time takes none here."""
    served_simulator.reset()
    return served_simulator
