"""What runs: each server as a recipe to start it, to see that it is ready, and to stop it.

Starting them in order and watching them is the supervisor's.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dashboard.stack.children import spawn
from dashboard.stack.places import LOOPBACK, lasting_secrets, remembered_port
from dashboard.stack.postgres import Postgres
from dashboard.stack.valkey import Valkey


def is_alive(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


@dataclass
class Service:
    name: str
    log: Path
    launch: Callable[[], subprocess.Popen[bytes]]
    is_ready: Callable[[subprocess.Popen[bytes]], bool] = is_alive
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 8  # seconds to end by itself


@dataclass
class Stack:
    """One installation: a data folder, a port, and what the processes read from their environment.

    Servers of others, named by DATABASE_URL or REDIS_URL, are used instead of our own.
    """

    data: Path
    sockets: Path
    lock: IO[str]
    port: int
    demo: bool
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own_postgres = "DATABASE_URL" not in os.environ
        self.own_valkey = "REDIS_URL" not in os.environ
        hold = self.lock.fileno()
        self.postgres = Postgres(
            self.data / "postgres", self.sockets, self.log_of("postgres"), hold=hold
        )
        self.valkey = Valkey(self.data / "valkey", self.sockets, self.log_of("valkey"), hold=hold)
        self.preview_port = remembered_port(self.data / "previews.port")
        self.simulator_port = remembered_port(self.data / "simulator.port") if self.demo else 0
        chosen = lasting_secrets(self.data) | {
            "DATABASE_URL": self.postgres.url(),
            "REDIS_URL": self.valkey.url(),
            "STATIC_ROOT": str(self.data / "static"),
            "HTTPS": "false",  # loopback only; a proxy in front of it sets HTTPS=true
            "PREVIEW_ORIGIN": f"http://*.localhost:{self.preview_port}",
            "DASHBOARD_ORIGINS": f"http://localhost:{self.port},http://{LOOPBACK}:{self.port}",
        }
        self.environment = chosen | dict(os.environ)
        if hosts := self.environment.get("ALLOWED_HOSTS"):
            self.environment["ALLOWED_HOSTS"] = f"{hosts},localhost,{LOOPBACK}"
        if self.demo:
            # The demo never talks to the real v0, whatever the environment says.
            self.environment["V0_BASE_URL"] = f"http://{LOOPBACK}:{self.simulator_port}"

    def log_of(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def python(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A Python program of the project as a child that ends with this process."""
        return spawn(
            [sys.executable, *arguments],
            log=self.log_of(name),
            environment=self.environment,
            hold=self.lock.fileno(),
        )

    def servers(self) -> list[Service]:
        """What everything else needs first."""
        postgres = Service(
            "postgres",
            self.postgres.log,
            self.postgres.launch,
            self.postgres.is_ready,
            signal.SIGINT,
        )
        valkey = Service("valkey", self.valkey.log, self.valkey.launch, self.valkey.is_ready)
        return [
            *([postgres] if self.own_postgres else []),
            *([valkey] if self.own_valkey else []),
            *([self._simulator()] if self.demo else []),
        ]

    def _simulator(self) -> Service:
        port, journal = str(self.simulator_port), str(self.data / "simulator.journal")
        options = ["--port", port, "--seed", "demo", "--journal", journal]
        return Service(
            "simulator",
            self.log_of("simulator"),
            lambda: self.python("simulator", "-m", "v0client.simulator", *options),
            answers(self.simulator_port, "/_sim/health"),
        )

    def preparations(self) -> list[Service]:
        """What has to end well before web, worker and beat; independent of each other."""
        mode = "demo" if self.demo else "run"
        collect = ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        return [
            Service(
                "prepare",
                self.log_of("prepare"),
                lambda: self.python("prepare", "-m", "dashboard.stack.prepare", mode),
            ),
            Service("static", self.log_of("static"), lambda: self.python("static", *collect)),
        ]

    def processes(self) -> list[Service]:
        """Web, previews, worker, beat and follower, in this order; they stop in reverse."""
        beat = ["--schedule", str(self.data / "beat-schedule"), "--pidfile="]
        return [
            self._site(
                "web",
                "dashboard.asgi:application",
                self.port,
                "/readyz",
                "--lifespan",
                "off",
                "--ws",
                "none",
            ),
            self._site(
                "previews", "dashboard.previews.asgi:application", self.preview_port, "/healthz"
            ),
            Service(
                "worker",
                self.log_of("worker"),
                lambda: self.python("worker", "-m", "dashboard.stack.worker", "-c", "2"),
                patience=5,
            ),
            Service(
                "beat",
                self.log_of("beat"),
                lambda: self.python("beat", "-m", "celery", "-A", "dashboard", "beat", *beat),
            ),
            Service(
                "follower",
                self.log_of("follower"),
                lambda: self.python("follower", "manage.py", "follow"),
            ),
        ]

    def _site(self, name: str, application: str, port: int, ready: str, *more: str) -> Service:
        """An ASGI application on a port of the loopback interface."""
        options = ["--host", LOOPBACK, "--port", str(port)]
        options += ["--no-access-log", "--log-level", "warning"]
        options += ["--timeout-graceful-shutdown", "3"]
        return Service(
            name,
            self.log_of(name),
            lambda: self.python(name, "-m", "uvicorn", application, *options, *more),
            answers(port, ready),
        )


def answers(port: int, path: str) -> Callable[[subprocess.Popen[bytes]], bool]:
    """Whether a GET on our own loopback gets 200."""

    def ask(process: subprocess.Popen[bytes]) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask
