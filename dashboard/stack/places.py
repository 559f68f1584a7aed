"""Where the stack keeps things: the private data folder, its sockets, its lock, its secrets, ports.

What the servers write into the folder lives with them.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
import socket
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

from dashboard.stack.children import StackError

# The kernel keeps 108 bytes for a socket's path, one of them for the end mark.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"
LOOPBACK = "127.0.0.1"


def private_folder(path: Path) -> Path:
    """The folder, made if missing, closed to everybody else."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise StackError(
            f"The folder {path} cannot be used ({error.strerror}). Set DATA to a folder of yours."
        ) from error
    return path


def socket_folder(data: Path) -> Path:
    """A private folder whose path is short enough for sockets: inside `data` wherever it fits."""
    name = f"v0-dashboard-{os.getuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    fitting = [
        candidate
        for candidate in (data / "run", Path(tempfile.gettempdir()) / name)
        if len(os.fsencode(candidate)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH
    ]
    if not fitting:
        raise StackError(f"The path {data} is too long for sockets. Set DATA to a shorter one.")
    chosen = fitting[0]
    chosen.mkdir(mode=0o700, exist_ok=True)
    # The name outside of `data` can be foreseen, so somebody else may have been there first.
    found = chosen.lstat()
    outside = chosen.parent != data
    if not stat.S_ISDIR(found.st_mode) or (outside and found.st_uid != os.getuid()):
        raise StackError(f"{chosen} belongs to somebody else. Set DATA to a shorter path.")
    chosen.chmod(0o700)
    return chosen


def lock(data: Path, patience: float = 20) -> IO[str]:
    """Claim the data folder for this process and the children it lets hold the lock.

    The kernel gives it back when the last of them has ended, however that came about. After a
    supervisor was killed, its children may need a moment: that is waited for.
    """
    handle = (data / "lock").open("a+")
    try:
        _wait_for_lock(handle, data, patience)
    except StackError:
        handle.close()
        raise
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def _wait_for_lock(handle: IO[str], data: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _locked(handle):
        handle.seek(0)
        owner = handle.read().strip()
        if owner and Path(f"/proc/{owner}").exists():
            raise StackError(
                f"A dashboard (process {owner}) is already running on {data}. "
                "Stop it first, or set DATA to another folder."
            )
        if time.monotonic() > deadline:
            raise StackError(f"Processes of an earlier run still use {data}. End them first.")
        time.sleep(0.05)


def is_locked(data: Path) -> bool:
    """Whether a dashboard runs on the folder."""
    if not (data / "lock").exists():
        return False
    with (data / "lock").open("a+") as handle:
        return not _locked(handle)


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lasting_secrets(data: Path) -> dict[str, str]:
    """SECRET_KEY and KEY_RING, made up at the first start and kept in a file only we can read."""
    path = data / "secrets.env"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "KEY_RING": "first:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        growing = path.with_suffix(".new")
        growing.touch(mode=0o600)
        growing.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        growing.rename(path)
    lines = [line for line in path.read_text().splitlines() if "=" in line]
    return dict(line.split("=", 1) for line in lines)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def web_port(wanted: str, usual: int = 8000) -> int:
    """The port people asked for, or the usual one, or any free one if nobody asked."""
    if not wanted:
        return usual if port_is_free(usual) else free_port()
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise StackError(f"PORT is {wanted!r}; use a number from 1 to 65535.")
    if not port_is_free(int(wanted)):
        raise StackError(
            f"Port {wanted} cannot be used: something else listens on it, or it needs more rights. "
            "Choose another PORT, or leave it out to get a free one."
        )
    return int(wanted)


def remembered_port(path: Path) -> int:
    """The port noted in a file, so that addresses stored elsewhere keep working; else a new one."""
    try:
        port = int(path.read_text())
    except (OSError, ValueError):
        port = 0
    if not port or not port_is_free(port):
        port = free_port()
        path.write_text(str(port))
    return port
