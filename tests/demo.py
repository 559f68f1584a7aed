"""A whole installation as its own processes: started, looked at, killed and stopped by tests."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dashboard.stack.places import free_port

PROJECT = Path(__file__).resolve().parent.parent
# What the test run sets for itself and an installation must find out alone.
OURS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "KEY_RING", "V0_BASE_URL", "STATIC_ROOT"}
OURS |= {"DEBUG", "DJANGO_SETTINGS_MODULE"}

Found = TypeVar("Found")


def until(look: Callable[[], Found], patience: float = 30) -> Found:
    """Look again and again until something is found."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing found within {patience} s"
        time.sleep(0.02)
    return found


@dataclass
class Installation:
    folder: Path
    mode: str = "demo"
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        return self.folder / self.mode

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        return clean | {"DATA": str(self.folder), "PORT": str(self.port)}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m dashboard.stack` with these arguments, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "dashboard.stack", *arguments],
            cwd=PROJECT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, patience: float = 180) -> str:
        """Start it and return the line it prints once it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.stack", self.mode],
            cwd=PROJECT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], patience)
        assert readable, f"nothing was said within {patience} s"
        line = self.process.stdout.readline().strip()
        assert "is ready at" in line, line + self.process.stdout.read()
        return line

    def stop(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self._ended()

    def kill(self) -> int:
        self.process.kill()
        return self._ended()

    def _ended(self) -> int:
        status = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def processes(self, mark: str = "") -> list[int]:
        """Living processes that hold the lock on the data, and have `mark` in their command."""
        lock = (self.data / "lock").resolve()
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdecimal() and _holds(entry, lock) and mark in _command(entry)
        ]

    def get(self, path: str) -> int:
        """The status of a GET; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@contextmanager
def running_demo() -> Iterator[str]:
    """The address of a demo of its own, on a free port and in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="v0-dashboard-") as folder:
        installation = Installation(Path(folder))
        try:
            installation.start()
            yield installation.url
        finally:
            installation.stop()


def _holds(process: Path, lock: Path) -> bool:
    try:
        return any(link.resolve() == lock for link in (process / "fd").iterdir())
    except OSError:
        return False


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
