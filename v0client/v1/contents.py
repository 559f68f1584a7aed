"""What a message says, as nodes: texts, formatted elements, and the tasks that v0 carried out.

`experimental_content` is a list of sections: `[0, nodes]` holds nodes such as `["p", {}, "Hello"]`,
`[1, {…}]` facts about them. Nodes are read on first use and not with the answer: whoever lists
chats seldom looks into them, and reading them costs more than the rest of an answer. Nothing that
v0 sends is an error here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, ValidationError

from v0client.open_tasks import (
    IntegrationRequest,
    OpenTask,
    Permission,
    PermissionRequest,
    Plan,
    Questions,
)
from v0client.shapes import Moment, Shape, adapter
from v0client.v1.task_parts import AnyTaskPart

TEXT, FACTS = 0, 1  # the kinds of sections
TASK = "AssistantMessageContentPart"
DEEPEST = 100  # elements inside one another; Python could not follow them much further


class Stopped(Shape):
    """Why a task stopped. Known reasons: user-input-required, permissions."""

    reason: str = ""
    suggested_permissions: list[Permission] | None = None


class TaskError(Shape):
    """Why a task failed. Known types: INPUT_SCHEMA_ERROR, HANDLED_EXECUTION_ERROR,
    UNHANDLED_EXECUTION_ERROR."""

    type: str = ""
    message: str | None = None


class Task(Shape):
    """Something that v0 did: thinking, searching, reading, writing, asking.

    Known types: task-thinking-v1, task-search-web-v1, task-search-repo-v1, task-read-file-v1,
    task-read-files-v1, task-coding-v1, task-diagnostics-v1, task-run-shell-command-v1,
    task-fetch-from-web-v1, task-inspect-site-v1, task-manage-todos-v1, task-start-v1,
    task-stopped-v1, task-generate-design-inspiration-v1, task-get-or-request-integration-v1; new
    ones come without notice.
    """

    type: str
    id: str | None = None
    task_name_active: str | None = None
    task_name_complete: str | None = None
    created_at: Moment | None = None
    finished_at: Moment | None = None
    stopped: Stopped | None = None
    error: TaskError | None = None
    suggested_permissions: list[Permission] | None = None
    parts: list[AnyTaskPart] = Field(default_factory=list)

    @property
    def title(self) -> str:
        """What people are told of it."""
        return self.task_name_complete or self.task_name_active or self.type

    @property
    def open_task(self) -> OpenTask | None:
        """What v0 waits for, None where it does not wait."""
        for part in reversed(self.parts):
            if isinstance(part, Questions | Plan | IntegrationRequest | PermissionRequest):
                return part
        stopped = self.stopped.suggested_permissions if self.stopped else None
        permissions = self.suggested_permissions or stopped
        return PermissionRequest(permissions=permissions) if permissions else None


@dataclass(frozen=True, slots=True)
class Element:
    """Formatted text. `tag` is HTML's (p, h3, ul, li, strong, a …) or v0's own, such as Codeblock
    with `attributes["lang"]`."""

    tag: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    children: Sequence[Node] = ()

    @property
    def text(self) -> str:
        """All the text in it, without its format."""
        return plain(self.children)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something else, as it came."""

    value: Any


Node = str | Element | Task | Unknown


def plain(found: Sequence[Node]) -> str:
    """The text of nodes; tasks are no text."""
    return "".join(
        node if isinstance(node, str) else node.text if isinstance(node, Element) else ""
        for node in found
    )


def nodes(content: Any) -> list[Node]:
    """The nodes of all text in `experimental_content`, in order."""
    listed = (value for value in sections(content, TEXT) if isinstance(value, list))
    return [node(value) for values in listed for value in values]


def facts(content: Any) -> dict[str, Any]:
    """What `experimental_content` says beside its text, as it came."""
    found: dict[str, Any] = {}
    for value in sections(content, FACTS):
        if isinstance(value, dict):
            found |= value
    return found


def sections(content: Any, kind: int) -> Iterator[Any]:
    """The values of all sections of one kind."""
    for section in content if isinstance(content, list) else ():
        match section:
            case [int() as told, value, *_] if told == kind:
                yield value


def node(value: Any, depth: int = 0) -> Node:
    """One node, whatever it is; `depth` is how many are around it."""
    match value:
        case str():
            return value
        case ["text", dict(), str() as text]:
            return text
        case [str() as tag, dict() as attributes, *_] if tag == TASK:
            try:
                task: Task = adapter(Task).validate_python(attributes.get("part"))
                return task
            except ValidationError:
                return Unknown(value)
        case [str() as tag, dict() as attributes, *children] if tag and depth < DEEPEST:
            return Element(tag, attributes, tuple(node(child, depth + 1) for child in children))
    return Unknown(value)
