"""Every address in an answer of the simulator leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.client.simulated import client, new_chat, simulator
from v0client.simulator import Exchange, Simulator


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def told_during(sim: Simulator, scene: Callable[[Simulator], None]) -> set[str]:
    """The simulator's own addresses in everything that it answers meanwhile, streams included."""
    found: set[str] = set()
    own = re.compile(re.escape(sim.base_url) + r"/[^\s\"'<>()]+")

    def keep(exchange: Exchange) -> None:
        streamed = exchange.content_type.startswith("text/event-stream")
        events = re.findall(rb"^data: (\{.*)$", exchange.body, re.MULTILINE)
        for text in events if streamed else [exchange.body]:
            if text.startswith((b"{", b"[")):
                for value in strings(json.loads(text)):
                    found.update(own.findall(value))

    sim.on_exchange = keep
    scene(sim)
    sim.on_exchange = None
    return found


def look_at_v1(sim: Simulator) -> None:
    http = client(sim)
    paths = ["/user", "/mcp-servers", "/reports/user-activity", "/projects"]
    paths += [f"/projects/{project}" for project in sim.store.projects]
    for chat in [one for one in sim.store.chats.values() if one.generation == "v1"]:
        paths += [f"/chats/{chat.id}", f"/chats/{chat.id}/messages", f"/chats/{chat.id}/metadata"]
        paths += [f"/chats/{chat.id}/versions/{v.id}/iframe" for v in chat.versions]
    for path in ["/chats", *paths]:
        http.get(path)
    for deployment in sim.store.deployments:
        http.get(f"/deployments/{deployment}")


def look_at_v2(sim: Simulator) -> None:
    http = client(sim, generation="v2")
    for path in ("/chats", "/mcp-servers", "/usage/activity", "/usage/events", "/usage/summary"):
        http.get(path)
    for chat in [one for one in sim.store.chats.values() if one.generation == "v2"]:
        for kind in ("", "/messages", "/files", "/preview"):
            http.get(f"/chats/{chat.id}{kind}")


def make_things(sim: Simulator) -> None:
    http, v2 = client(sim), client(sim, generation="v2")
    chat = new_chat(http, responseMode="async")
    http.post(f"/chats/{chat['id']}/upload", files={"file": ("a b.txt", b"A")})
    sim.clock.advance(60)
    http.post("/chats", json={"message": "A blog", "responseMode": "experimental_stream"})
    version = {"chatId": chat["id"], "versionId": chat["latestVersion"]["id"]}
    http.post("/deployments", json=version)
    v2.post("/chats/stream", json={"message": "Set up connect"})
    made = v2.post("/chats", json={"message": "A shop"}).json()["chat"]
    v2.post(f"/chats/{made['id']}/deploy", json={})
    sim.clock.advance(120)
    look_at_v1(sim)
    look_at_v2(sim)


@pytest.mark.parametrize(
    ("seed", "scene", "kinds"),
    [
        ("demo", look_at_v1, "avatar chat deployed inspect preview project screenshot v1"),
        ("demo", look_at_v2, "live connect"),
        ("empty", make_things, "chat connect deployed inspect live preview screenshot uploads v1"),
    ],
    ids=["v1", "v2", "made"],
)
def test_every_address_in_an_answer_leads_somewhere(
    seed: str, scene: Callable[[Simulator], None], kinds: str
) -> None:
    sim = simulator(seed)
    found = told_during(sim, scene)
    http = client(sim)
    assert {address.removeprefix(sim.base_url).split("/")[1] for address in found} >= set(
        kinds.split()
    )
    for address in sorted(found):
        kind, _, name = address.removeprefix(f"{sim.base_url}/").partition("/")
        expected, headers = 200, {}
        if kind == "live":
            preview = client(sim, generation="v2").get(f"/chats/{name}/preview").json()
            headers = {"x-v0-preview-token": preview["token"]}
        if kind == "deployed":
            deployment = sim.store.deployments[name]
            built = deployment.created_at + deployment.duration <= sim.clock.now()
            expected = 200 if built and not deployment.failed else 404
        assert http.get(address, headers=headers).status_code == expected, address
