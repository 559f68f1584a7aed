"""The parts of a message of v2 as pages show them. What is not known is shown by its name."""

from __future__ import annotations

import re
from typing import Any

from dashboard.views.parts import Line, Links, Part, as_json, between, edited, shortened
from v0client.open_tasks import ConnectSetup, IntegrationRequest, Plan, Questions
from v0client.shapes import adapter
from v0client.v2 import parts as told

EDITING = {
    "create": "Creating", "update": "Editing", "patch": "Editing", "delete": "Deleting",
    "rename": "Renaming",
}  # fmt: skip
DANGEROUS = "v0 marks this command as dangerous: it may delete or overwrite something."
ACTION_ICONS = {
    "ask_user_questions": "question",
    "exit_plan_mode": "edit",
    "get_or_request_integration": "link",
    "configure_vercel_connect": "link",
    "generate_image": "image",
}
ASKS = {  # which kind of answer an action waits for
    "ask_user_questions": "questions",
    "exit_plan_mode": "plan",
    "get_or_request_integration": "integration",
    "configure_vercel_connect": "connect",
}
NOTHING_WRONG = re.compile(
    r"\b(no|0) (\w+ )?(error|issue|problem|warning)s?|passed|succeeded", re.I
)
WRONG = {
    "error": re.compile(r"error|fail", re.I),
    "warning": re.compile(r"issue|problem|warn", re.I),
}


def parts(raw: Any, links: Links, *, is_open: bool) -> list[Part]:
    """In order; of an open message the last one may still be under way."""
    found = adapter(list[told.AnyPart]).validate_python(raw if isinstance(raw, list) else [])
    return [part(one, links, is_open=is_open) for one in found]


def part(one: told.Part, links: Links, *, is_open: bool) -> Part:
    shown = shape(one, links, is_running(one, is_open=is_open))
    if isinstance(one, told.TimedPart) and not isinstance(one, told.TextPart):
        shown.seconds = between(one.started_at, one.finished_at)
        shown.is_running = is_running(one, is_open=is_open)
    return shown


def is_running(one: told.Part, *, is_open: bool) -> bool:
    return is_open and isinstance(one, told.TimedPart) and one.finished_at is None


def shape(one: told.Part, links: Links, now: bool) -> Part:
    """The part without its time; `now` while it is under way."""
    match one:
        case told.TextPart():
            return Part(prose=one.text)
        case told.ThinkingPart():
            return Part("Thinking" if now else "Thought", "sparkles", prose=one.text)
        case told.FileReadPart():
            return read(one, links, now)
        case told.FileEditPart():
            return edit(one, links, now)
        case told.SearchPart():
            place = "the web" if one.scope == "web" else "the code"
            return Part(f"{'Searching' if now else 'Searched'} {place}", "search", one.query)
        case told.BashPart():
            return command(one, now)
        case told.ToolCallPart():
            return call(one, now)
        case told.AgentActionPart():
            return action(one)
    return Part((one.type or "something new").replace("-", " ").capitalize(),
                given=as_json(one.model_extra))  # fmt: skip


def read(one: told.FileReadPart, links: Links, now: bool) -> Part:
    title = "Reading" if now else "Read"
    if len(one.paths) == 1:
        return Part(title, "eye", one.paths[0], url=links.file(one.paths[0]))
    lines = [Line("", path, links.file(path)) for path in one.paths]
    return Part(f"{title} {len(one.paths)} files", "eye", lines=lines)


def edit(one: told.FileEditPart, links: Links, now: bool) -> Part:
    title = (now and EDITING.get(one.operation)) or edited(one.operation)
    path = one.to_path or one.path
    name = f"{one.path} → {one.to_path}" if one.to_path else one.path
    url = "" if one.operation == "delete" else links.file(path)
    return Part(title, "code", name, url=url, diff_url="" if now else links.diff(path))


def command(one: told.BashPart, now: bool) -> Part:
    failed = one.exit_code not in (None, 0)
    return Part(
        "Running" if now else "Ran",
        "terminal",
        one.command,
        note=f"exit code {one.exit_code}" if failed else "",
        tone="bad" if failed else "",
        danger=DANGEROUS if one.is_dangerous else "",
        output=shortened(one.output or ""),
    )


def call(one: told.ToolCallPart, now: bool) -> Part:
    failed = one.status == "error"
    lines = [
        Line("Waits until somebody allows", asked.tool_name)
        for asked in one.suggested_permissions or ()
    ]
    return Part(
        "Calling" if now else "Called",
        "settings",
        one.name,
        note="failed" if failed else "",
        tone="bad" if failed else "",
        lines=lines,
        given=as_json(one.input),
        output=as_json(one.output),
    )


def action(one: told.AgentActionPart) -> Part:
    title = one.summary or one.name.replace("_", " ").capitalize()
    shown = Part(title, icon_of(one), asks=ASKS.get(one.name, ""))
    match one.data:
        case Questions():
            shown.lines = [Line(asked.question) for asked in one.data.questions]
        case Plan():
            shown.prose = one.data.plan
        case IntegrationRequest():
            names = [*one.data.requested_integrations, *one.data.requested_mcp_presets]
            shown.lines = [Line(name) for name in names]
        case ConnectSetup():
            shown.lines = [Line(one.data.connector_name)]
        case _:
            shown.given = as_json(getattr(one.data, "model_extra", None) or raw(one.data))
    return shown


def icon_of(one: told.AgentActionPart) -> str:
    if one.name != "diagnostics":
        return ACTION_ICONS.get(one.name, "wand")
    # What came of a look at the build is told by v0's summary alone.
    rest, passed = NOTHING_WRONG.subn("", one.summary or "")
    found = (icon for icon, words in WRONG.items() if words.search(rest))
    return next(found, "check" if passed else "activity")


def raw(data: Any) -> Any:
    return data.model_dump(mode="json", by_alias=True) if hasattr(data, "model_dump") else data
