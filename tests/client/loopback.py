"""Small HTTP servers on the loopback interface, which answer what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from v0client.simulator import Simulator

Answer = tuple[int, bytes]
Events = list[dict[str, Any]]


@contextmanager
def serving(answer: Callable[[str, bytes], Answer]) -> Iterator[str]:
    """The address of a server that answers `answer(path, body)`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            status, content = answer(self.path, self.rfile.read(length))
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Tests say what they expect; a log would only be noise."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Receiver:
    """Where hooks point to: keeps every body in the order in which it came."""

    def __init__(self, address: str, bodies: list[bytes]) -> None:
        self.address = address
        self.bodies = bodies

    def events(self, sim: Simulator | None = None) -> Events:
        """What has come; of a simulator in this process, all that is due."""
        if sim is not None:
            sim.outbox.flush()
        return [json.loads(body) for body in self.bodies]

    def names(self, sim: Simulator | None = None) -> list[str]:
        return [event["event"] for event in self.events(sim)]


@contextmanager
def receiving(status: int = 204) -> Iterator[Receiver]:
    bodies: list[bytes] = []

    def keep(path: str, body: bytes) -> tuple[int, bytes]:
        bodies.append(body)
        return status, b""

    with serving(keep) as address:
        yield Receiver(address, bodies)
