"""AsyncV0 beside v0's own SDK in Node.js, on the same simulator, and what decoding costs."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.client.simulated import OWNER, client, new_chat, simulator
from tests.client.simulated_v2 import started, v2
from tests.sdk.conftest import PACKAGES
from tests.serving import process
from v0client.http import httpx
from v0client.shapes import adapter
from v0client.v1.chats import ChatDetail
from v0client.v2.messages import MessagePage

pytestmark = pytest.mark.bench
HERE = Path(__file__).parent
CHATS = 600
ROUNDS = 9
FRESH_ROUNDS = 5
AT_ONCE = 8
DELAY = 0.005  # seconds; less than any network between two houses takes
MESSAGES = 200
THEIRS = ("node", HERE / "v0_sdk.mjs")
OURS = (sys.executable, HERE / "reading.py")


class Reader:
    """A program that reads all chats as often as it is told to."""

    def __init__(self, address: str, command: tuple[str | Path, ...], library: str = "") -> None:
        environment = {"V0_BASE_URL": address, "V0_API_KEY": OWNER, "V0CLIENT_HTTP": library}
        path = {"PYTHONPATH": str(HERE.parents[1])}
        self.process = subprocess.Popen(
            [*command],
            env=os.environ | environment | path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self, at_once: int) -> float:
        """How long it takes to read all of them, so many at a time."""
        assert self.process.stdin
        assert self.process.stdout
        print(at_once, file=self.process.stdin, flush=True)
        count, seconds = self.process.stdout.readline().split()
        assert int(count) == CHATS
        return float(seconds)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, str]]:
    """The process and the address of a simulator of its own."""
    assert shutil.which("node"), "Node.js is missing, and with it what to compare with"
    assert (PACKAGES / "v0-sdk").is_dir(), "v0's SDK is missing: `make bench` installs it"
    with process("--seed", f"big:{CHATS}", "--die-with-parent") as (child, address):
        yield child.pid, address


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def median_ratio(theirs: list[float], ours: list[float]) -> float:
    """Their seconds over ours, of rounds that took turns."""
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


def test_reading_many_chats_takes_little_longer_than_with_v0s_own_sdk(
    served: tuple[int, str],
) -> None:
    pid, address = served
    with ExitStack() as running:
        readers = {
            name: running.enter_context(Reader(address, command, library))
            for name, command, library in [
                ("v0-sdk", THEIRS, ""),
                ("httpx2", OURS, "httpx2"),
                ("httpx2 on uvloop", (*OURS, "uvloop"), "httpx2"),
                ("httpx", OURS, "httpx"),
            ]
        }
        ratios = {}
        for at_once in (1, AT_ONCE):
            took: dict[str, list[float]] = {name: [] for name in readers}
            busy = 0.0
            for _ in range(ROUNDS):
                for name, reader in readers.items():
                    before = processor_seconds(pid)
                    took[name].append(reader.seconds(at_once))
                    busy += (processor_seconds(pid) - before) * (name == "v0-sdk")
            theirs = took.pop("v0-sdk")
            print(f"\n{CHATS} chats with their versions, {at_once} in flight, requests a second")
            print(f"  (the simulator was busy for {busy / sum(theirs):.0%} of v0-sdk's time)")
            for name, ours in took.items():
                # The first round warms up both.
                ratios[name, at_once] = median_ratio(theirs[1:], ours[1:])
                print(f"  {name} over v0-sdk: {ratios[name, at_once]:.2f}")
    print(f"  at least 0.6 with httpx2, {AT_ONCE} in flight")
    assert max(ratios["httpx2", AT_ONCE], ratios["httpx2 on uvloop", AT_ONCE]) >= 0.6


def whole_job(address: str) -> float:
    """Their job in sequence over ours with eight at once, both as programs that were just begun."""
    with Reader(address, THEIRS) as theirs, Reader(address, OURS) as ours:
        return theirs.seconds(1) / ours.seconds(AT_ONCE)


def test_the_whole_job_is_done_twice_as_fast_as_v0s_own_sdk_invites_to_do_it(
    served: tuple[int, str],
) -> None:
    _, address = served
    print(f"\nseconds of v0-sdk in sequence over those of .map(…, concurrency={AT_ONCE}):")
    found = statistics.median(whole_job(address) for _ in range(FRESH_ROUNDS))
    print(f"  in programs that were just begun: {found:.1f} (at least 2)")
    with Reader(address, THEIRS) as theirs, Reader(address, OURS) as ours:
        rounds = [(theirs.seconds(1), ours.seconds(AT_ONCE)) for _ in range(FRESH_ROUNDS + 1)]
        warm = statistics.median(a / b for a, b in rounds[1:])
        print(f"  when both are warm: {warm:.1f}")
        delay = {"path": "/v1/", "times": None, "delay": DELAY}
        httpx.post(f"{address}/_sim/faults", json=delay).raise_for_status()
        apart = theirs.seconds(1) / ours.seconds(AT_ONCE)
        httpx.delete(f"{address}/_sim/faults").raise_for_status()
        print(f"  when v0 is {DELAY * 1000:.0f} ms away: {apart:.1f} (at least 2)")
    assert found >= 2
    assert apart >= 2


def milliseconds(decode: Callable[[], object]) -> float:
    """The best of many runs."""
    runs = []
    for _ in range(50):
        begun = time.perf_counter()
        decode()
        runs.append(time.perf_counter() - begun)
    return min(runs) * 1000


def test_a_chat_of_two_hundred_messages_is_decoded_in_five_milliseconds() -> None:
    sim = simulator()
    old, new = client(sim), v2(sim)
    chat, address = f"/chats/{new_chat(old)['id']}", started(new)
    for _ in range(MESSAGES // 2 - 1):
        for http, where in ((old, chat), (new, address)):
            sim.clock.advance(60)
            answer = http.post(f"{where}/messages", json={"message": "Add a section with prices"})
            answer.raise_for_status()
    detail: bytes = old.get(chat).content
    first = new.get(f"{address}/messages", params={"limit": 100})
    cursor: Any = first.json()["cursor"]
    second = new.get(f"{address}/messages", params={"limit": 100, "cursor": cursor})
    read, pages = adapter(ChatDetail).validate_json, adapter(MessagePage).validate_json
    assert len(read(detail).messages) == MESSAGES
    assert len(pages(first.content).data) + len(pages(second.content).data) == MESSAGES
    older = milliseconds(lambda: read(detail))
    newer = milliseconds(lambda: [pages(first.content), pages(second.content)])
    print(f"\ndecoding a chat of {MESSAGES} messages in v1: {older:.1f} ms (at most 5)")
    print(f"decoding {MESSAGES} messages of v2: {newer:.1f} ms (at most 5)")
    assert max(older, newer) <= 5
