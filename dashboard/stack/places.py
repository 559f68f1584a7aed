"""Where the stack keeps things: the private data folder, its sockets, and the lock on it.

What is written into the folder lives with its writer.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import IO

from dashboard.stack.children import StackError

# The kernel keeps 108 bytes for a socket's path, one of them for the end mark.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


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
    for candidate in (data / "run", Path(tempfile.gettempdir()) / name, Path("/tmp") / name):
        if len(os.fsencode(candidate)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH:
            break
    candidate.mkdir(mode=0o700, exist_ok=True)
    # The name outside of `data` can be foreseen, so somebody else may have been there first.
    found = candidate.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), data.stat().st_uid}:
        raise StackError(f"{candidate} belongs to somebody else. Set DATA to a shorter path.")
    candidate.chmod(0o700)
    return candidate


def lock(data: Path) -> IO[str]:
    """Claim the data folder for this process; the kernel gives it back however the process ends."""
    handle = (data / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        handle.close()
        raise StackError(
            f"Another dashboard (process {owner}) is already running on {data}. "
            "Stop it first, or set DATA to another folder."
        ) from error
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
