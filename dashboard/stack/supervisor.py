"""Starts the services in order, starts again what dies, and stops everything in order.

What the services are lives in services.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.stack.children import StackError, last_lines, stop, wait_until_ready
from dashboard.stack.places import is_locked, lock, private_folder, socket_folder, web_port
from dashboard.stack.prepare import fingerprint
from dashboard.stack.services import Service, Stack

MOST_DEATHS = 8  # of one service within the period below; then the fault is not a passing one
PERIOD = 60.0
FIRST_PAUSE = 0.2
LARGEST_LOG = 5_000_000
NOTED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "KEY_RING",
    "STATIC_ROOT",
    "HTTPS",
    "V0_BASE_URL",
    "PREVIEW_ORIGIN",
    "DASHBOARD_ORIGINS",
)


@dataclass
class Running:
    service: Service
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)
    start_again_at: float | None = None


class Supervisor:
    """Use as a context manager: leaving it stops whatever was started."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.running: list[Running] = []
        self.asked_to_stop = threading.Event()

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup wants it
            signal.signal(signal.SIGHUP, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for one in reversed(self.running):
            stop(one.process, with_signal=one.service.stop_signal, patience=one.service.patience)

    def _on_signal(self, number: int, frame: object) -> None:
        if self.asked_to_stop.is_set():  # asked twice: no more patience
            for one in self.running:
                one.process.kill()
        self.asked_to_stop.set()

    def start(self) -> None:
        """Start everything and return once the pages answer, or once asked to stop."""
        servers = [self._launch(service) for service in self.stack.servers()]
        for one in servers:
            self._wait(one, 30)
        self._prepare()
        web, previews, worker, beat, follower = self.stack.processes()
        sites = [self._launch(web), self._launch(previews)]
        self._launch(worker)
        self._launch(follower)
        for site in sites:
            self._wait(site, 60)
        self._launch(beat)

    def watch(self) -> None:
        """Start again what dies, until asked to stop."""
        while not self.asked_to_stop.wait(0.1):
            for one in self.running:
                self._look_at(one)

    def _launch(self, service: Service) -> Running:
        if service.log.exists() and service.log.stat().st_size > LARGEST_LOG:
            service.log.rename(service.log.with_suffix(".old.log"))
        one = Running(service, service.launch())
        self.running.append(one)
        return one

    def _wait(self, one: Running, patience: float) -> None:
        def is_ready(process: subprocess.Popen[bytes]) -> bool:
            return self.asked_to_stop.is_set() or one.service.is_ready(process)

        wait_until_ready(one.process, is_ready, log=one.service.log, patience=patience)
        if self.asked_to_stop.is_set():
            raise Stopped

    def _prepare(self) -> None:
        """Migrate, collect static files and fill the demo, where anything changed."""
        # Kept beside the tables, so that it goes away with them.
        mark = self.stack.postgres.folder / "prepared"
        current = fingerprint(demo=self.stack.demo)
        if self.stack.own_postgres and mark.exists() and mark.read_text() == current:
            return
        steps = [self._launch(service) for service in self.stack.preparations()]
        for one in steps:
            while one.process.poll() is None:
                if self.asked_to_stop.wait(0.02):
                    raise Stopped
            if one.process.returncode != 0:
                raise StackError(f"{one.service.name} failed:\n{last_lines(one.service.log)}")
            self.running.remove(one)
        if self.stack.own_postgres:
            mark.write_text(current)

    def _look_at(self, one: Running) -> None:
        now = time.monotonic()
        if one.start_again_at is not None:
            if now >= one.start_again_at:
                one.start_again_at = None
                one.process = one.service.launch()
            return
        if one.process.poll() is None:
            return
        name, log = one.service.name, one.service.log
        one.deaths = [*(moment for moment in one.deaths if now - moment < PERIOD), now]
        if len(one.deaths) >= MOST_DEATHS:
            raise StackError(
                f"{name} ended {MOST_DEATHS} times within a minute, so everything was stopped. "
                f"It said:\n{last_lines(log)}"
            )
        one.start_again_at = now + FIRST_PAUSE * 2 ** (len(one.deaths) - 1)
        how = how_it_ended(one.process.returncode)
        print(f"{name} {how} and is started again; its log is {log}", file=sys.stderr, flush=True)


class Stopped(Exception):
    """A person asked to stop while things were still starting."""


def how_it_ended(returncode: int) -> str:
    if returncode < 0:
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"ended with status {returncode}"


def run(*, demo: bool, data: Path, wanted_port: str) -> None:
    """The whole life of an installation, from the lock on its folder to the last process."""
    private_folder(data)
    with lock(data) as claimed:
        (data / "logs").mkdir(exist_ok=True)
        stack = Stack(data, socket_folder(data), claimed, web_port(wanted_port), demo)
        remember_environment(stack)
        with Supervisor(stack) as supervisor:
            try:
                supervisor.start()
            except Stopped:
                return
            print(greeting(stack), flush=True)
            supervisor.watch()


def greeting(stack: Stack) -> str:
    # Passkeys need a name; browsers refuse them on a bare address.
    address = f"http://localhost:{stack.port}/"
    if stack.demo:
        return (
            f"The demo is ready at {address} "
            "(sign in as owner@example.com with v0-demo-pass; Ctrl-C stops it)"
        )
    return (
        f"The dashboard is ready at {address} "
        "(sign up there, or run: make manage do=createsuperuser; Ctrl-C stops it)"
    )


def remember_environment(stack: Stack) -> None:
    """Note what the processes were given, so that manage.py can be run beside them."""
    path = stack.data / "environment"
    path.touch(mode=0o600)
    kept = {name: stack.environment[name] for name in NOTED if name in stack.environment}
    path.write_text("".join(f"{name}={value}\n" for name, value in kept.items()))


def manage(folders: list[Path], arguments: list[str]) -> None:
    """Become manage.py with the environment of the dashboard that runs on one of the folders."""
    running = [data for data in folders if is_locked(data)]
    if not running:
        raise StackError("No dashboard is running here. Start make run or make demo first.")
    lines = (running[0] / "environment").read_text().splitlines()
    noted = dict(line.split("=", 1) for line in lines)
    os.execve(  # noqa: S606 - no shell is wanted
        sys.executable, [sys.executable, "manage.py", *arguments], noted | dict(os.environ)
    )
