"""What an answer of v2 tells, part by part, each with its stretch of the running time. How much of
it can be seen at a moment is the matter of parts.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from v0client.simulator import asking, writer
from v0client.simulator.identity import digest
from v0client.simulator.page import compose

Part = dict[str, Any]

INSTALL, BUILD = "pnpm install", "pnpm run build"
CLEAN = "rm -rf .next node_modules/.cache"
BUILT = "✓ Compiled successfully\n✓ Generating static pages (4/4)"
BROKEN = "Failed to compile.\n\n./app/page.tsx\nModule not found: Can't resolve '@/lib/data'"
DRAFT = "notes/draft.md"


@dataclass(frozen=True, slots=True)
class Scene:
    """A part from `start` to `end`, shares of the running time; `result` is known at its end.
    One that `asks`, or tells what was `connected`, carries what depends on the chat as well."""

    start: float
    end: float
    part: Part
    result: Part = field(default_factory=dict)
    role: Literal["", "asks", "connected"] = ""


class _Story:
    """Collects scenes; each begins where the one before ended."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.at = 0.02

    def tell(
        self, until: float, part: Part, role: Literal["", "asks", "connected"] = "", **result: Any
    ) -> None:
        self.scenes.append(Scene(self.at, until, part, result, role))
        self.at = until

    def edit(self, until: float, operation: str, path: str, **more: str) -> None:
        self.tell(until, {"type": "file-edit", "operation": operation, "path": path, **more})


def text(told: str) -> Part:
    return {"type": "text", "text": told}


def thinking(told: str) -> Part:
    return {"type": "thinking", "text": told}


def bash(command: str, **more: Any) -> Part:
    return {"type": "bash", "command": command, "timeoutMs": 120_000, **more}


def action(name: str, summary: str, **more: Any) -> Part:
    return {"type": "agent-action", "name": name, "summary": summary, **more}


@lru_cache(maxsize=512)
def scenes(
    prompts: tuple[str, ...], outcome: str, failed: bool, images: bool, continues: str
) -> tuple[Scene, ...]:
    """The whole answer to the last of these prompts, but for what depends on the chat."""
    story = _Story()
    if outcome == asking.NOTHING:
        return ()
    if outcome != asking.VERSION:
        stop_to_ask(story, prompts, outcome, continues)
        return tuple(story.scenes)
    draft = writer.draft(prompts)
    story.tell(0.14, thinking(draft.thought))
    look_around(story, prompts, draft)
    if continues:
        take_up(story, prompts, continues)
    story.tell(0.4, text(asking.opening(draft.opening, continues)))
    write_files(story, prompts, draft, failed)
    if failed:
        story.tell(0.88, bash(BUILD), output=BROKEN)
        story.tell(0.9, action("diagnostics", "The build has 1 error"))
        story.tell(0.99, text(writer.EXCUSE))
        return tuple(story.scenes)
    finish(story, prompts, images)
    points = "\n".join(f"- {point}" for point in draft.points)
    story.tell(0.99, text(f"### {draft.heading}\n\n{points}\n\n{draft.closing}"))
    return tuple(story.scenes)


def stop_to_ask(story: _Story, prompts: tuple[str, ...], outcome: str, continues: str) -> None:
    """An answer that ends with something for people to do, or with words only."""
    draft = writer.draft(prompts)
    story.tell(0.35, thinking(draft.thought))
    if draft.looked_at:
        story.tell(0.45, {"type": "file-read", "paths": list(draft.looked_at)})
    story.tell(0.8, text(asking.SAID[outcome]))
    if outcome in asking.KINDS:
        story.tell(0.95, request(prompts, outcome, continues), "asks")


def request(prompts: tuple[str, ...], outcome: str, continues: str) -> Part:
    """The part with which an answer stops to ask."""
    match outcome:
        case asking.QUESTIONS:
            return action("ask_user_questions", f"Asked {len(asking.ASKED)} questions")
        case asking.PLAN:
            return action(
                "exit_plan_mode", f"Proposed a plan: {asking.plan(prompts, continues)['summary']}"
            )
        case asking.PERMISSIONS:
            (asked,) = asking.permissions()
            return {
                "type": "tool-call",
                "name": asked["toolName"],
                "input": asked["input"],
                "status": "ok",
            }
        case asking.CONNECT:
            return action("configure_vercel_connect", f"Asked to connect {asking.CONNECTOR}")
    wanted = ", ".join([*asking.INTEGRATIONS, *asking.PRESETS])
    return action("get_or_request_integration", f"Asked to connect {wanted}")


def look_around(story: _Story, prompts: tuple[str, ...], draft: writer.Draft) -> None:
    """Searches and reads before anything is written."""
    name = compose(prompts).name
    if not draft.looked_at:
        story.tell(0.18, {"type": "search", "scope": "web", "query": f"{name} examples"})
        return
    story.tell(0.17, {"type": "search", "scope": "repo", "query": name})
    story.tell(0.22, {"type": "file-read", "paths": list(draft.looked_at)})


def take_up(story: _Story, prompts: tuple[str, ...], continues: str) -> None:
    """What the agent does first with what it asked for."""
    if continues == asking.PERMISSIONS:
        (asked,) = asking.permissions()
        call = {"type": "tool-call", "name": asked["toolName"], "input": asked["input"]}
        story.tell(0.26, {**call, "status": "ok"}, output={"tables": ["entries", "people"]})
        story.tell(0.3, bash(CLEAN, isDangerous=True), output="")
    elif continues == asking.CONNECT:
        connected = action("configure_vercel_connect", f"Connected {asking.CONNECTOR}")
        story.tell(0.3, connected, "connected")
    elif continues == asking.INTEGRATION:
        said = prompts[-1].rpartition(asking.PARAGRAPH)[2]
        found = [name for name in (*asking.INTEGRATIONS, *asking.PRESETS) if name in said]
        call = {"type": "tool-call", "name": "list_integrations", "input": {}, "status": "ok"}
        story.tell(0.3, call, output={"integrations": found})


def write_files(story: _Story, prompts: tuple[str, ...], draft: writer.Draft, failed: bool) -> None:
    """Every file that changes; now and then by a detour that leaves the same files."""
    changed = draft.changed[: max(1, len(draft.changed) // 2)] if failed else draft.changed
    step = 0.36 / len(draft.changed)
    drafts = digest("draft", prompts[-1]) % 4 == 0
    if drafts:
        story.edit(0.42, "create", DRAFT)
    for operation, path in changed:
        until = story.at + step
        if operation == "update":
            story.edit(until, "patch" if path.endswith((".ts", ".tsx")) else "update", path)
        elif digest("detour", prompts[-1], path) % 6 == 0:
            story.edit(until - step / 2, "create", f"{path}.new")
            story.edit(until, "rename", f"{path}.new", toPath=path)
        else:
            story.edit(until, "create", path)
    if drafts:
        story.edit(story.at + 0.02, "delete", DRAFT)


def finish(story: _Story, prompts: tuple[str, ...], images: bool) -> None:
    """Checks and pictures when the files are there."""
    if len(prompts) == 1:
        story.tell(0.84, bash(INSTALL), output="Packages: +142\nDone in 3.1s")
    elif digest("clean", prompts[-1]) % 3 == 0:
        story.tell(0.84, bash(CLEAN, isDangerous=True), output="")
    story.tell(0.86, bash(BUILD), output=BUILT)
    if images:
        story.tell(0.88, action("generate_image", "Made a picture for the first section"))
    shot = {"type": "tool-call", "name": "take_screenshot", "input": {"path": "/"}}
    story.tell(0.9, {**shot, "status": "ok"}, output={"width": 1280, "height": 800})
    story.tell(0.91, action("diagnostics", "No problems found"))
