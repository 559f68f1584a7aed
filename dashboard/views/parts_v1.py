"""The nodes of a message of v1 as pages show them: texts, and tasks as steps. What is not known is
left out, for v0 does not promise their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.html import escape

from dashboard.texts import safe_html
from dashboard.views.parts import Line, Links, Part, between, edited, shortened
from v0client.v1 import task_parts as told
from v0client.v1.contents import Element, Node, Task, nodes

ICONS = {
    "task-thinking": "sparkles",
    "task-search": "search",
    "task-read-file": "eye",
    "task-coding": "code",
    "task-generate-design": "wand",
    "task-diagnostics": "check",
    "task-run-shell": "terminal",
    "task-fetch": "globe",
    "task-inspect": "globe",
    "task-ask": "question",
    "task-exit-plan": "edit",
    "task-get-or-request": "link",
    "task-request-permission": "lock",
}
ASKS: dict[type, str] = {  # which kind of answer a part of a task waits for
    told.AskedQuestions: "questions",
    told.ProposedPlan: "plan",
    told.AskedIntegrations: "integration",
}
SHOWN_TAGS = {"p", "ul", "ol", "li", "strong", "em", "code", "blockquote", "br", "hr", "table",
              "thead", "tbody", "tr", "th", "td", "s"}  # fmt: skip
HEADING = re.compile(r"h[1-6]")
CODE = re.compile(r"`([^`\n]+)`")


def parts(content: Any, links: Links, *, is_open: bool, is_whole: bool = True) -> list[Part]:
    """In order; texts that stand beside each other are one part. An answer that is not `is_whole`
    was broken off, in its last step if that did not end."""
    found: list[Part] = []
    text = ""
    told_nodes = nodes(content)
    last = next((node for node in reversed(told_nodes) if isinstance(node, Task)), None)
    for node in told_nodes:
        if isinstance(node, Task):
            found += [Part(html=safe_html(text))] if text else []
            found.append(step(node, links, is_open=is_open, is_whole=is_whole or node is not last))
            text = ""
        else:
            text += html(node)
    return [*found, Part(html=safe_html(text))] if text else found


def html(node: Node) -> str:
    """A node's text as HTML, which is not yet safe to show."""
    match node:
        case str():
            return CODE.sub(r"<code>\1</code>", str(escape(node)))
        case Element("Codeblock"):
            return f"<pre><code>{escape(node.text)}</code></pre>"
        case Element("a", attributes):
            return f'<a href="{escape(attributes.get("href", ""))}">{inner(node)}</a>'
        case Element(tag) if HEADING.fullmatch(tag):
            return f'<p class="heading {tag}">{inner(node)}</p>'
        case Element(tag) if tag in SHOWN_TAGS:
            return f"<{tag}>{inner(node)}</{tag}>"
        case Element():
            return inner(node)
    return ""


def inner(node: Element) -> str:
    return "".join(html(child) for child in node.children)


def step(task: Task, links: Links, *, is_open: bool, is_whole: bool = True) -> Part:
    """A task; one whose duration is not told may still be under way, or have been broken off."""
    seconds = duration(task)
    now = is_open and seconds is None
    broken_off = not is_open and not is_whole and seconds is None
    icon = next((icon for start, icon in ICONS.items() if task.type.startswith(start)), "wand")
    name = task.task_name_complete or task.task_name_active
    if now or broken_off:
        name = task.task_name_active
    plain = task.type.removeprefix("task-").removesuffix("-v1").replace("-", " ").capitalize()
    shown = Part(name or plain, icon, seconds=seconds, is_running=now)
    for one in task.parts:
        add(shown, one, links)
    if now and not shown.code:
        shown.code = at_work_on(task)
    if broken_off:
        shown.note = "not finished"
    if task.error is not None:
        shown.note, shown.tone = task.error.message or "failed", "bad"
    return shown


def at_work_on(task: Task) -> str:
    """The file that a task has come to: what it told last, or what it calls active."""
    names = [""]
    for one in task.parts:
        match one:
            case told.FileEdit() | told.ReadFile():
                names.append(one.path)
            case told.ReadFiles():
                names += one.file_paths[-1:]
            case told.CodeProject():
                active = [file for file in one.changed_files if file.is_active]
                names += [file.file_name for file in (active or one.changed_files)[-1:]]
    return names[-1]


def duration(task: Task) -> float | None:
    """Seconds, told as such or by two times."""
    told_seconds = (task.model_extra or {}).get("finishedIn")
    if isinstance(told_seconds, int | float):
        return float(told_seconds)
    return between(task.created_at, task.finished_at)


def add(shown: Part, one: told.TaskPart, links: Links) -> None:
    """What a part of a task adds to its step."""
    shown.asks = next((kind for form, kind in ASKS.items() if isinstance(one, form)), shown.asks)
    match one:
        case told.Thought():
            shown.prose = "\n\n".join(text for text in (shown.prose, one.thought) if text)
        case told.TechnicalPlan() | told.ProposedPlan():
            shown.prose = one.plan
        case told.ShellCommand():
            shown.code, shown.output = one.command, shortened(one.output or "")
            if one.exit_code:
                shown.note, shown.tone = f"exit code {one.exit_code}", "bad"
        case told.WebAnswer():
            shown.prose = one.answer
            shown.lines += [Line(page.title or page.url, url=page.url) for page in one.citations]
        case told.RepoAnswer():
            shown.output = shortened(one.result)
        case told.Issues():
            shown.icon = "warning"
            shown.lines += lines(one, links)
        case _:
            shown.lines += lines(one, links)


def lines(one: told.TaskPart, links: Links) -> Iterator[Line]:
    match one:
        case told.FileEdit():
            url = "" if one.operation == "delete" else links.file(one.path)
            yield Line(edited(one.operation), one.path, url, links.diff(one.path))
        case told.CodeProject():
            for file in one.changed_files:
                yield written(file, links)
        case told.ReadFile():
            yield Line("", one.path, links.file(one.path))
        case told.ReadFiles():
            for path in one.file_paths:
                yield Line("", path, links.file(path))
        case told.Search():
            yield Line(one.query)
        case told.Grep():
            yield Line("", one.pattern)
        case told.Found():
            yield Line(f"{one.count} found")
        case told.Fetch():
            yield Line(one.title or one.url, url=one.url)
        case told.Todos():
            for todo in one.updated_list:
                yield Line(f"{todo.status.replace('-', ' ')}: {todo.task}")
        case told.Issues():
            for summary in one.summaries:
                yield Line(summary)
        case told.AskedQuestions():
            for asked in one.questions:
                yield Line(asked.question)
        case told.AskedIntegrations():
            for name in [*one.requested_integrations, *one.requested_mcp_presets]:
                yield Line(name)
        case told.AskedPermissions():
            for permission in one.permissions:
                yield Line("Waits until somebody allows", permission.tool_name)
        case told.OtherPart():
            if text := other(one):
                yield Line(text)


def written(file: told.ChangedFile, links: Links) -> Line:
    """A file of code that v0 tells as a whole, and so not what it did to it."""
    name = file.file_name
    url = "" if file.is_deleted else links.file(name)
    what = "Deleted" if file.is_deleted else "Moved" if file.is_moved else "Wrote"
    return Line(what, name, url, "" if file.is_active else links.diff(name))


def other(one: told.OtherPart) -> str:
    """What a part that is not known says of itself, if anything."""
    values = one.model_extra or {}
    for name in ("thought", "path", "query", "text"):
        if isinstance(values.get(name), str):
            return str(values[name])
    return ""
