"""The simulator as a process: command line, port, uvicorn, and connections that can be dropped."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Sequence

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from v0client.simulator.app import Simulator
from v0client.simulator.asgi import EXTENSION
from v0client.simulator.reporting import Listener

PR_SET_PDEATHSIG = 1

# Reaches simulators that other programs start, as --on-exchange does those of a command line.
ON_EXCHANGE = "V0_SIMULATOR_ON_EXCHANGE"


class DroppingProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which also tells the application how to drop its connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions = self.scope.setdefault("extensions", {})
        if isinstance(extensions, dict):
            extensions[EXTENSION] = {"abort": self.transport.abort, "close": self.transport.close}


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m v0client.simulator", description="A local v0 for demos and tests."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4100, help="0 takes a free one")
    parser.add_argument("--seed", default="demo", help="demo, empty or big:N")
    parser.add_argument("--speed", type=float, default=1.0, help="2 halves what takes time")
    parser.add_argument("--journal", help="file that keeps changes over restarts")
    parser.add_argument("--die-with-parent", action="store_true")
    parser.add_argument(
        "--on-exchange",
        type=listener,
        metavar="MODULE:FUNCTION",
        default=os.environ.get(ON_EXCHANGE),
        help=f"a function that is told of every exchange; default: {ON_EXCHANGE}",
    )
    return parser.parse_args(given)


def listener(name: str) -> Listener:
    """The function of that name, `module:function`."""
    try:
        found: Listener = pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{name} cannot be loaded: {error}") from error
    return found


def die_with_parent() -> None:
    """Asks Linux to end this process when its parent ends."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def main(given: Sequence[str] | None = None) -> None:
    """Serves until interrupted."""
    options = arguments(given)
    if options.die_with_parent:
        die_with_parent()
    listener = socket.create_server((options.host, options.port), backlog=1024)
    address = f"http://{options.host}:{listener.getsockname()[1]}"
    simulator = Simulator(
        seed=options.seed,
        speed=options.speed,
        base_url=address,
        clock="real",
        journal=options.journal,
        on_exchange=options.on_exchange,
    )
    print(f"v0 simulator ({options.seed}) listens on {address}", flush=True)
    config = uvicorn.Config(
        simulator.app,
        http=DroppingProtocol,
        loop="uvloop",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
