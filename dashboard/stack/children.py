"""Child processes that never outlive the process that started them, and who they run as.

What the children are lives in postgres.py, valkey.py and services.py.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522

PROJECT = Path(__file__).resolve().parent.parent.parent

libc = ctypes.CDLL(None, use_errno=True)

Become = Callable[[], None]


class StackError(Exception):
    """Something a person has to know or settle before the stack can run. Its text is a sentence."""


def spawn(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    last_signal: signal.Signals = signal.SIGKILL,
    become: Become | None = None,
    hold: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `last_signal` from the kernel when this process ends in any way.

    Call it from the main thread: the kernel watches the thread that started the child.
    `hold` is an open file the child keeps open for as long as it lives: the lock on the data.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=PROJECT,
            preexec_fn=_before_exec(last_signal, become),
            pass_fds=() if hold is None else (hold,),
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops in order
        )


def finish(
    arguments: Sequence[str | Path], *, question: str = "", become: Become | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a child to its end; it ends with this process like the others."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        input=question,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_before_exec(signal.SIGKILL, become),
        start_new_session=True,
    )


def _before_exec(last_signal: signal.Signals, become: Become | None) -> Callable[[], None]:
    """What the child does between fork and exec."""
    parent = os.getpid()

    def act() -> None:
        if become is not None:
            become()
        # A change of credentials clears the death signal, so it is set after that.
        libc.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the kernel was told to watch it

    return act


def stop(process: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience: float) -> None:
    """Ask a child to end, wait, and end it the hard way when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_ready(
    process: subprocess.Popen[bytes],
    is_ready: Callable[[subprocess.Popen[bytes]], bool],
    *,
    log: Path,
    patience: float = 30,
) -> None:
    deadline = time.monotonic() + patience
    while not is_ready(process):
        if process.poll() is not None:
            raise StackError(f"{log.stem} ended while it started. It said:\n{last_lines(log)}")
        if time.monotonic() > deadline:
            raise StackError(
                f"{log.stem} is not ready after {patience:.0f} seconds. It said:\n{last_lines(log)}"
            )
        time.sleep(0.02)


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, indented for a terminal."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        lines = file.read().decode(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines) or "    (nothing)"


def into_user_namespace() -> None:
    """Be `nobody` in its own eyes: PostgreSQL refuses to run as root, or as a user without a name.

    On disk nothing changes: what the child writes belongs to whoever started it, as before.
    """
    nobody, user, group = pwd.getpwnam("nobody"), os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not available")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} {group} 1")


def into_nobody() -> None:
    """Drop root for `nobody`, keeping only the right to walk through folders closed to others.

    Without that right neither a 0700 home above the data nor the programs in it can be reached.
    """
    nobody = pwd.getpwnam("nobody")
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
    os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        mask = 1 << capability
        header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
        if libc.capset(header, struct.pack("6I", mask, mask, mask, 0, 0, 0)) == 0:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return
