"""What agents stop to ask people for: the words in a prompt that bring it about, and what is asked
for. How each generation of the API tells it is elsewhere."""

from __future__ import annotations

import re
from typing import Any

from v0client.simulator import writer
from v0client.simulator.page import compose
from v0client.simulator.records import Chat, ConnectSetup, Message, Run

QUESTIONS, PLAN, PERMISSIONS = "questions", "plan", "permissions"
INTEGRATION, CONNECT = "integration", "connect"

KINDS = (QUESTIONS, PLAN, PERMISSIONS, INTEGRATION, CONNECT)
# What a run can come to besides one of these: a version, words only, or nothing at all.
VERSION, TALK, NOTHING = "version", "talk", "nothing"

WORDS = {
    "ask me first": QUESTIONS,
    "plan first": PLAN,
    "ask for permission": PERMISSIONS,
    "connect an integration": INTEGRATION,
    "set up connect": CONNECT,
    "end empty": NOTHING,
}

# Between what was asked for and what people said when the agent stopped to ask.
PARAGRAPH = "\n\n"

ASKED: tuple[dict[str, Any], ...] = (
    {
        "id": "audience",
        "question": "Who is this page for?",
        "header": "Audience",
        "multiSelect": True,
        "options": [
            {"id": "customers", "label": "Customers"},
            {"id": "team", "label": "Our own team", "description": "People who work with it daily"},
            {"id": "partners", "label": "Partners"},
        ],
    },
    {
        "id": "tone",
        "question": "Which tone fits?",
        "header": "Tone",
        "multiSelect": False,
        "options": [
            {"id": "calm", "label": "Calm"},
            {"id": "playful", "label": "Playful"},
            {"id": "formal", "label": "Formal"},
        ],
    },
)
# What the agent says before it asks, and what it says where it goes on afterwards.
SAID = {
    QUESTIONS: "Two things decide how this should look, so I ask before I write.",
    PLAN: "This is what I would build. I start as soon as you agree.",
    PERMISSIONS: "The page needs tables in the database. May I run the script that creates them?",
    INTEGRATION: "The page needs a database and your issues. Please connect what is missing.",
    CONNECT: "I need access to your issues. Please set up the connector in the browser.",
    TALK: "I leave it at that and build nothing. Tell me what you would like instead.",
}
RESUMED = {
    QUESTIONS: "Thank you, that settles it.",
    PLAN: "I build it as planned.",
    PERMISSIONS: "The script has run and the tables are there.",
    INTEGRATION: "I go on with what is connected.",
    CONNECT: "The connector works.",
}
INTEGRATIONS, PRESETS = ("Neon",), ("Linear",)
SERVICE, CONNECTOR = "linear", "Linear"
# Seconds after which a connector is set up although nobody visited its page, and for which the
# request counts.
SETUP_TAKES, SETUP_EXPIRES = 60.0, 86_400.0
SCRIPT = "scripts/001-create-tables.sql"
TOOL = "run_script"


def outcome(prompt: str, generation: str) -> str:
    """What a prompt brings about; connectors are set up in v2 only."""
    lowered = prompt.lower()
    for words, kind in WORDS.items():
        if words in lowered and (kind != CONNECT or generation == "v2"):
            return kind
    return VERSION


def waits(run: Run) -> bool:
    """Whether this answer asks for something that nobody has dealt with yet."""
    return run.outcome in KINDS and not run.closed and run.stopped_at is None


def waiting(chat: Chat, now: float) -> Message | None:
    """The answer that has ended with something to do for people, if nobody has done it."""
    for message in reversed(chat.messages):
        if (run := message.run) is not None:
            return message if waits(run) and run.finished_at <= now else None
    return None


def plan(prompts: tuple[str, ...], continues: str = "") -> dict[str, str]:
    """What the agent would do; made anew, it heeds what people said to the one before."""
    draft, name = writer.draft(prompts), compose(prompts).name
    steps = [f"{operation.capitalize()} `{path}`" for operation, path in draft.changed]
    if continues == PLAN:
        steps.append(f"As you asked: {prompts[-1].rpartition(PARAGRAPH)[2]}")
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "page"
    numbered = [f"{i}. {step}" for i, step in enumerate(steps, 1)]
    return {
        "plan": "\n".join([f"# {name}", "", draft.thought, "", *numbered]),
        "summary": f"{name} in {len(steps)} steps",
        "path": f"plans/{slug}.md",
    }


def permissions() -> list[dict[str, Any]]:
    """What is to be allowed; people give it back unchanged."""
    return [
        {
            "type": "ALLOW_DYNAMIC_TOOL_STRICT",
            "toolName": TOOL,
            "input": {"script": SCRIPT, "database": "Neon"},
            "taskNameActive": "Running the script",
            "taskNameComplete": "Ran the script",
        }
    ]


def integrations() -> dict[str, list[str]]:
    """What is to be connected."""
    return {"requestedIntegrations": list(INTEGRATIONS), "requestedMcpPresets": list(PRESETS)}


def opening(said: str, continues: str) -> str:
    """The first words of an answer, where it goes on with what people did."""
    return f"{RESUMED[continues]} {said}" if continues else said


def setup_state(setup: ConnectSetup, now: float) -> str:
    """pending, ready, failed or expired; it is ready when its page was visited, or by itself in the
    end."""
    if now >= setup.requested_at + SETUP_EXPIRES:
        return "expired"
    if setup.error:
        return "failed"
    ready = setup.opened_at is not None or now >= setup.requested_at + SETUP_TAKES
    return "ready" if ready else "pending"
