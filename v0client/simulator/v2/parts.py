"""The parts of a message of v2 at a moment, the moments at which they change, and the change from
one state to the next. What they tell is in scenes.py."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from v0client.simulator import asking, script
from v0client.simulator.clock import iso
from v0client.simulator.records import ConnectSetup, Message, Run
from v0client.simulator.v2.scenes import Part, Scene, scenes

GROWING = ("text", "thinking")


def told(record: Message, now: float, base_url: str) -> list[Part]:
    """Everything that can be seen of a message; `base_url` is where people set things up."""
    if record.run is None:
        written = [{"type": "text", "text": record.text}] if record.text else []
        return [dict(part) for part in record.parts] or written
    run, shown = record.run, []
    for scene in played(run):
        if place(run, scene.start) > min(now, run.finished_at):
            break
        part = seen(run, scene, now)
        if scene.role == "asks" and asking.waits(run):
            part.update(request(run, base_url))
        elif scene.role == "connected" and run.setup:
            part["data"] = connected(run.setup)
        shown.append(part)
    return shown


def played(run: Run) -> tuple[Scene, ...]:
    return scenes(run.prompts, run.outcome, run.failed, run.images, run.continues)


def place(run: Run, share: float) -> float:
    """The moment at which that share of the running time has passed."""
    return round(run.started_at + share * run.duration, 3)


def seen(run: Run, scene: Scene, now: float) -> Part:
    """A part that has begun; one that was broken off ends with the run."""
    part: Part = dict(scene.part)
    begin, end = place(run, scene.start), place(run, scene.end)
    until = min(now, run.finished_at)
    if part["type"] in GROWING and until < end:
        pieces = script.words(part["text"])
        part["text"] = "".join(pieces[: bisect_right(beginnings(run, scene), until)])
    if until >= end:
        part.update(scene.result)
    part["startedAt"] = iso(begin)
    if end <= until or run.finished_at <= now:
        part["finishedAt"] = iso(min(end, run.finished_at))
    return part


def beginnings(run: Run, scene: Scene) -> list[float]:
    """The moments at which the pieces of a growing text appear."""
    if scene.part["type"] not in GROWING:
        return [place(run, scene.start)]
    count = len(script.words(scene.part["text"]))
    step = (scene.end - scene.start) / count
    return [place(run, scene.start + i * step) for i in range(count)]


def moments(run: Run) -> list[float]:
    """When something about the parts changes, in order."""
    found: set[float] = set()
    for scene in played(run):
        found.update(beginnings(run, scene))
        found.add(place(run, scene.end))
    return sorted(found)


def request(run: Run, base_url: str) -> Part:
    """What the last part carries while people are asked for something."""
    match run.outcome:
        case asking.QUESTIONS:
            return {"data": {"questions": list(asking.ASKED)}}
        case asking.PLAN:
            return {"data": asking.plan(run.prompts, run.continues)}
        case asking.PERMISSIONS:
            return {"suggestedPermissions": asking.permissions()}
        case asking.INTEGRATION:
            return {"data": asking.integrations()}
    return {"data": setup_required(run.setup, base_url)} if run.setup else {}


def setup_required(setup: ConnectSetup, base_url: str) -> dict[str, Any]:
    """What is needed to set up a connector."""
    return {
        "status": "setup-required",
        "requestId": setup.request_id,
        "service": setup.service,
        "connectorName": setup.connector_name,
        "setupUrl": f"{base_url}/connect/{setup.request_id}",
        "environments": ["production", "preview", "development"],
    }


def connected(setup: ConnectSetup) -> dict[str, Any]:
    """What came of setting up a connector."""
    connector = {
        "id": setup.connector_id,
        "name": setup.connector_name,
        "service": setup.service,
        "attachedToProject": True,
    }
    summary = f"{setup.connector_name} is attached to the project"
    told = {"status": "completed", "action": "create", "summary": summary}
    return {**told, "connectors": [connector]}


def trailing_prose(parts: list[Part]) -> str:
    """The text at the end of a message, or nothing where it ends with something else."""
    return str(parts[-1]["text"]) if parts and parts[-1]["type"] == "text" else ""


def change(before: list[Part], after: list[Part]) -> dict[str, Any]:
    """The jsondiffpatch delta between two states of the parts, which only ever grow.

    Texts are given anew: v0's own reader follows the append form only through lists, and has no
    library for changes within a text.
    """
    delta: dict[str, Any] = {"_t": "a"}
    for i, (old, new) in enumerate(zip(before, after, strict=False)):
        fields = {
            name: [old[name], value] if name in old else [value]
            for name, value in new.items()
            if name not in old or old[name] != value
        }
        if fields:
            delta[str(i)] = fields
    for i, part in enumerate(after[len(before) :], len(before)):
        delta[str(i)] = [part]
    return delta
