"""A client of the simulator for its own tests: plain HTTP, one method per thing they often do."""

from __future__ import annotations

import json
from typing import Any

from v0client import V0
from v0client.http import httpx
from v0client.simulator import Simulator

OWNER, ADMIN, MEMBER = "v0-demo-owner", "v0-demo-admin", "v0-demo-member"
OUTSIDER = "v0-demo-outsider"


def simulator(seed: str = "empty", **options: Any) -> Simulator:
    """A simulator. Like all in tests, it is compared with the contract: see tests/conftest.py."""
    return Simulator(seed, **options)


def client(sim: Simulator, key: str = OWNER, generation: str = "v1") -> Any:
    """An HTTP client that acts with this key."""
    return httpx.Client(
        transport=sim.transport(),
        base_url=f"{sim.base_url}/{generation}",
        headers={"authorization": f"Bearer {key}"},
    )


def v0(sim: Simulator, key: str = OWNER) -> V0:
    """Our own client, which tries nothing again."""
    return V0(key, base_url=sim.base_url, transport=sim.transport(), max_retries=0)


def new_chat(http: Any, message: str = "Build a pricing page", **body: Any) -> dict[str, Any]:
    """A chat whose first answer is complete."""
    answer = http.post("/chats", json={"message": message, **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def events(text: str) -> list[Any]:
    """The JSON of every event of a stream; the end mark as text."""
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]
