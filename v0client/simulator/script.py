"""What an answer says and when: beats with a share of the running time, the content they add up
to, and the delta each one is on the wire. Which files are written is the writer's matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from v0client.simulator import asking, writer

PART = "AssistantMessageContentPart"
TITLE_SHARE = 0.12

Node = list[Any]


@dataclass(frozen=True, slots=True)
class Beat:
    """`add` a node, `append` text to a paragraph, `put` a file into a task, `end` a task."""

    share: float
    kind: str
    node: int
    value: Any


def part(kind: str, active: str, complete: str, parts: list[Any]) -> Node:
    """A task node as v0 writes them."""
    task = {"type": kind, "taskNameActive": active, "taskNameComplete": complete, "parts": parts}
    return [PART, {"part": task}]


def words(text: str, size: int = 5) -> list[str]:
    """The text in pieces of a few words that join to the same text."""
    split = text.split(" ")
    groups = [" ".join(split[i : i + size]) for i in range(0, len(split), size)]
    return [group if i == 0 else " " + group for i, group in enumerate(groups)]


class _Score:
    """Collects beats; each section is spread over its stretch of the time."""

    def __init__(self) -> None:
        self.beats: list[Beat] = []
        self.nodes = 0

    def add(self, share: float, node: Node) -> int:
        self.beats.append(Beat(round(share, 4), "add", self.nodes, node))
        self.nodes += 1
        return self.nodes - 1

    def change(self, share: float, kind: str, node: int, value: Any) -> None:
        self.beats.append(Beat(round(share, 4), kind, node, value))

    def paragraph(self, start: float, end: float, text: str) -> None:
        pieces = words(text)
        step = (end - start) / max(len(pieces), 1)
        node = self.add(start, ["p", {}, pieces[0]])
        for i, piece in enumerate(pieces[1:], 1):
            self.change(start + i * step, "append", node, piece)


def request(prompts: tuple[str, ...], outcome: str, continues: str) -> Node:
    """The task with which an answer stops to ask. The names besides the questions' are guesses."""
    match outcome:
        case asking.QUESTIONS:
            told = {"type": "asking-questions", "questions": list(asking.ASKED)}
            return part("task-ask-user-questions-v1", "Asking", "Asked", [told])
        case asking.PLAN:
            told = {"type": "exit-plan-mode", **asking.plan(prompts, continues)}
            return part("task-exit-plan-mode-v1", "Planning", "Planned", [told])
        case asking.PERMISSIONS:
            told = {"type": "permission-request", "suggestedPermissions": asking.permissions()}
            return part("task-request-permission-v1", "Asking", "Asked for permission", [told])
    told = {"type": "integration-request", **asking.integrations()}
    return part("task-get-or-request-integration-v1", "Asking", "Asked to connect", [told])


def stopping(prompts: tuple[str, ...], outcome: str, continues: str) -> tuple[Beat, ...]:
    """An answer that ends with something for people to do, or with words only."""
    score = _Score()
    thought = [{"type": "thinking", "thought": writer.draft(prompts).thought}]
    node = score.add(0.05, part("task-thinking-v1", "Thinking", "Thought", thought))
    score.change(0.4, "end", node, 2)
    score.paragraph(0.45, 0.7, asking.SAID[outcome])
    if outcome in asking.KINDS:
        score.add(0.9, request(prompts, outcome, continues))
    return tuple(score.beats)


@lru_cache(maxsize=512)
def beats(
    prompts: tuple[str, ...], outcome: str, failed: bool, thinking: bool, continues: str = ""
) -> tuple[Beat, ...]:
    """The whole answer to the last of these prompts."""
    if outcome == asking.NOTHING:
        return ()
    if outcome != asking.VERSION:
        return stopping(prompts, outcome, continues)
    score = _Score()
    draft = writer.draft(prompts)
    thought = [{"type": "thinking", "thought": draft.thought}]
    node = score.add(0.02, part("task-thinking-v1", "Thinking", "Thought", thought))
    score.change(0.14, "end", node, 3 if thinking else 1)
    start = 0.16
    if draft.looked_at:
        found = [{"type": "read-file", "path": path} for path in draft.looked_at]
        node = score.add(start, part("task-read-file-v1", "Reading", "Read the files", found))
        score.change(0.22, "end", node, 1)
        start = 0.24
    score.paragraph(start, 0.36, asking.opening(draft.opening, continues))
    code = part("task-coding-v1", "Writing files", f"Wrote {len(draft.changed)} files", [])
    node = score.add(0.38, code)
    cut = len(draft.changed) if not failed else max(1, len(draft.changed) // 2)
    for i, (operation, path) in enumerate(draft.changed[:cut]):
        edit = {"type": "file-edit", "operation": operation, "path": path}
        score.change(0.4 + 0.36 * i / len(draft.changed), "put", node, edit)
    if failed:
        score.paragraph(0.9, 0.99, writer.EXCUSE)
        return tuple(score.beats)
    score.change(0.78, "end", node, len(draft.changed))
    score.add(0.8, ["h3", {}, draft.heading])
    score.add(0.84, ["ul", {}, *[["li", {}, point] for point in draft.points]])
    score.paragraph(0.86, 0.99, draft.closing)
    return tuple(score.beats)


def nodes(played: tuple[Beat, ...], share: float) -> list[Node]:
    """The content when that share of the time has passed."""
    shown: list[Node] = []
    for beat in played:
        if beat.share > share:
            break
        if beat.kind == "add":
            tag, attributes, *rest = beat.value
            if tag == PART:
                task = attributes["part"]
                shown.append([PART, {"part": {**task, "parts": list(task["parts"])}}])
            else:
                shown.append([tag, attributes, *rest])
        elif beat.kind == "append":
            shown[beat.node][2] += beat.value
        elif beat.kind == "put":
            shown[beat.node][1]["part"]["parts"].append(beat.value)
        else:
            shown[beat.node][1]["part"]["finishedIn"] = beat.value
    return shown


def content(played: tuple[Beat, ...], share: float) -> list[Any]:
    """`experimental_content` at that moment."""
    shown = nodes(played, share)
    return [[0, shown]] if shown else []


def markdown(played: tuple[Beat, ...], share: float) -> str:
    """`content` at that moment."""
    blocks = []
    for tag, attributes, *rest in nodes(played, share):
        if tag == "p":
            blocks.append(rest[0])
        elif tag == "h3":
            blocks.append(f"### {rest[0]}")
        elif tag == "ul":
            blocks.append("\n".join(f"- {item[2]}" for item in rest))
        elif attributes["part"]["parts"]:
            blocks.append(task_text(attributes["part"]["parts"]))
    return "\n\n".join(block for block in blocks if block)


def task_text(parts: list[dict[str, Any]]) -> str:
    """What `content` says of a task; nothing of files that were only read."""
    first = parts[0]
    match first["type"]:
        case "thinking":
            return f"<Thinking>\n{first['thought']}\n</Thinking>"
        case "file-edit":
            lines = [f"- {edit['operation']} `{edit['path']}`" for edit in parts]
            return "\n".join(["**Files**", "", *lines])
        case "asking-questions":
            return "\n".join(f"- {asked['question']}" for asked in first["questions"])
        case "exit-plan-mode":
            return str(first["plan"])
        case "permission-request":
            return "\n".join(f"- `{asked['toolName']}`" for asked in first["suggestedPermissions"])
        case "integration-request":
            wanted = [*first["requestedIntegrations"], *first["requestedMcpPresets"]]
            return "\n".join(f"- {name}" for name in wanted)
    return ""


def delta(beat: Beat, put_before: int) -> Any:
    """The beat as a change of `experimental_content`: jsondiffpatch, or the append form."""
    if beat.kind == "append":
        return [[0, 1, beat.node, 2, beat.value], 9, 9]
    if beat.kind == "add" and beat.node == 0:
        return {"_t": "a", "0": [[0, [beat.value]]]}
    if beat.kind == "add":
        inner: Any = [beat.value]
    elif beat.kind == "put":
        inner = {"_t": "a", "1": {"part": {"parts": {"_t": "a", str(put_before): [beat.value]}}}}
    else:
        inner = {"_t": "a", "1": {"part": {"finishedIn": [beat.value]}}}
    return {"_t": "a", "0": {"_t": "a", "1": {"_t": "a", str(beat.node): inner}}}


def deltas(played: tuple[Beat, ...]) -> list[tuple[float, Any]]:
    """Every beat's share and delta, in order."""
    listed, puts = [], 0
    for beat in played:
        listed.append((beat.share, delta(beat, puts)))
        puts += beat.kind == "put"
    return listed
