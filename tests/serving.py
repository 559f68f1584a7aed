"""ASGI applications over real HTTP inside the test process, and the simulator as one of its own."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from v0client.simulator import Simulator
from v0client.simulator.clock import Clock
from v0client.simulator.server import DroppingProtocol

ROOT = Path(__file__).parent.parent


def free_listener() -> socket.socket:
    """A socket that listens on a free port of the loopback interface."""
    return socket.create_server(("127.0.0.1", 0))


@contextmanager
def in_thread(application: Any, listener: socket.socket, **options: Any) -> Iterator[int]:
    """The application behind that socket, in a thread of its own; gives its port. `options` are
    uvicorn's."""
    quiet = {"log_config": None, "log_level": "warning", "access_log": False, "lifespan": "off"}
    config = uvicorn.Config(application, **quiet | {"timeout_graceful_shutdown": 1} | options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@contextmanager
def served() -> Iterator[Simulator]:
    """An empty simulator on a free port of the loopback interface; its time is virtual."""
    listener = free_listener()
    simulator = Simulator(seed="empty", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    with in_thread(simulator.app, listener, http=DroppingProtocol):
        yield simulator


class HeldClock(Clock):
    """Time stands until a test moves it; who waits for a moment, waits."""

    def move_to(self, moment: float) -> None:
        """Waiting moves nothing."""

    async def wait_async(self, moment: float) -> None:
        while self.now() < moment:
            await asyncio.sleep(0.005)


def held(simulator: Simulator) -> None:
    """From now on its time stands until a test moves it; it begins anew."""
    simulator.clock = HeldClock()
    simulator.clock.frozen = time.time()
    simulator.clock.on_move = simulator.catch_up
    simulator.reset()


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The simulator as a process of its own, with its address."""
    command = [sys.executable, "-m", "v0client.simulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        try:
            yield child, child.stdout.readline().split()[-1]
        finally:
            child.kill()
