"""The simulator as a process of its own: what it keeps, drops, and when it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.client.simulated import OWNER, events
from tests.serving import ROOT, process
from v0client.http import httpx


def connect(address: str) -> Any:
    headers = {"authorization": f"Bearer {OWNER}"}
    return httpx.Client(base_url=f"{address}/v1", headers=headers)


def test_a_killed_process_has_lost_nothing(tmp_path: Path) -> None:
    options = ("--seed", "demo", "--journal", str(tmp_path / "journal.jsonl"), "--speed", "50")
    with process(*options) as (child, address), connect(address) as http:
        chat = http.post("/chats", json={"message": "Build a shop"}).json()
        child.send_signal(signal.SIGKILL)
    with process(*options) as (_, second), connect(second) as http:
        again = http.get(f"/chats/{chat['id']}").json()
    assert again["messages"][1]["content"] == chat["messages"][1]["content"]
    assert again["updatedAt"] == chat["updatedAt"]


def test_the_process_streams_cuts_and_resets() -> None:
    with process("--seed", "empty", "--speed", "50") as (_, address), connect(address) as http:
        assert http.get(f"{address}/_sim/health").json()["ok"] is True
        body = {"message": "Build a shop", "responseMode": "experimental_stream"}
        assert events(http.post("/chats", json=body).text)[-1] == "[DONE]"
        http.post(f"{address}/_sim/faults", json={"path": "/v1/user", "delay": 20})
        with pytest.raises(httpx.ReadTimeout):
            http.get("/user", timeout=0.2)
        http.post(f"{address}/_sim/faults", json={"path": "/v1/user", "cut_after": 10})
        with pytest.raises(httpx.RemoteProtocolError):
            http.get("/user")
        http.post(f"{address}/_sim/faults", json={"path": "/v1/chats", "cut_after_events": 2})
        with http.stream("POST", "/chats", json=body) as cut:
            lines = cut.iter_lines()
            told = [next(lines) for _ in range(4)]
            with pytest.raises(httpx.RemoteProtocolError):
                next(lines)
        assert len(events("\n".join(told))) == 2
        http.post(f"{address}/_sim/faults", json={"path": "/v1/user", "reset": True})
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            http.get("/user")
        assert http.get("/user").status_code == 200
        assert http.post(f"{address}/_sim/faults", json={"wrong": 1}).status_code == 422


def test_sigterm_ends_the_process_quietly() -> None:
    with process("--seed", "empty") as (child, _):
        child.terminate()
        assert child.wait(10) in (0, -signal.SIGTERM)


def test_the_process_ends_with_its_parent_when_asked() -> None:
    parent = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-m', 'v0client.simulator', '--port', '0',"
        " '--seed', 'empty', '--die-with-parent'])\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        address = child.stdout.readline().split()[-1]
        with connect(address) as http:
            assert http.get("/user").status_code == 200
        child.kill()
    deadline = time.monotonic() + 10
    while answers(address) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not answers(address)


def answers(address: str) -> bool:
    try:
        return bool(httpx.get(f"{address}/_sim/health").json()["ok"])
    except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
        return False
