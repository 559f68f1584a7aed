"""A Celery worker whose pool ends with it, even when it is killed.

Tasks and settings are the same as under the plain `celery` command.
"""

from __future__ import annotations

import os
import signal
import sys

from celery.bin.celery import main
from celery.signals import worker_process_init

from dashboard.stack.children import PR_SET_PDEATHSIG, libc


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """Death signals are not inherited, so each process of the pool asks for its own."""
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() == 1:
        os._exit(1)  # the worker died before the kernel was told to watch it


if __name__ == "__main__":
    # Gossip and mingle look for other workers and delay the start; nothing here uses them.
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    sys.argv = ["celery", "-A", "dashboard", "worker", "--loglevel=INFO", *quiet, *sys.argv[1:]]
    sys.exit(main())
