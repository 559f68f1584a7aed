"""The parts of a message: what was said, thought, read, changed, run and asked, in order.

A part of a kind that is not known, or not of its declared form, is an OtherPart: no part breaks
the message it is in. Tell parts apart with `isinstance` or `match`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from v0client.open_tasks import (
    ConnectResult,
    ConnectSetup,
    IntegrationRequest,
    OpenTask,
    Permission,
    PermissionRequest,
    Plan,
    Questions,
)
from v0client.shapes import Moment, Other, Shape


class TimedPart(Shape):
    """What all declared parts have: when they began and were complete, where v0 tells it."""

    started_at: Moment | None = None
    finished_at: Moment | None = None

    @property
    def open_task(self) -> OpenTask | None:
        """What the agent waits for in this part, None where it does not wait."""
        return None


class TextPart(TimedPart):
    """Prose in Markdown."""

    type: Literal["text"]
    text: str


class ThinkingPart(TimedPart):
    """The agent's reasoning."""

    type: Literal["thinking"]
    text: str


class FileReadPart(TimedPart):
    """Files that were read in one step."""

    type: Literal["file-read"]
    paths: list[str]


class FileEditPart(TimedPart):
    """A changed file. `operation`: create, update, delete, rename (to `to_path`) or patch."""

    type: Literal["file-edit"]
    operation: str
    path: str
    to_path: str | None = None


class SearchPart(TimedPart):
    """A search. `scope`: repo or web."""

    type: Literal["search"]
    scope: str
    query: str


class BashPart(TimedPart):
    """A shell command. `output` holds stdout and stderr together; `exit_code` is not told yet.

    A dangerous command was run only after somebody had allowed it.
    """

    type: Literal["bash"]
    command: str
    output: str | None = None
    exit_code: int | None = None
    is_dangerous: bool = False
    timeout_ms: int | None = None


class ToolCallPart(TimedPart):
    """A call of a tool, such as one of an MCP server. `status`: ok or error.

    `input` and `output` have the tool's own form. Suggested permissions are there only while the
    call waits for somebody to allow it.
    """

    type: Literal["tool-call"]
    name: str
    input: Any = None
    output: Any = None
    status: str
    suggested_permissions: list[Permission] | None = None

    @property
    def open_task(self) -> OpenTask | None:
        """The request to allow this call, None where nothing has to be allowed."""
        if not self.suggested_permissions:
            return None
        return PermissionRequest(permissions=self.suggested_permissions)


class AgentActionPart(TimedPart):
    """Something else that the agent did or asks for; `summary` always says what.

    Known to carry `data`: ask_user_questions (Questions), exit_plan_mode (Plan),
    get_or_request_integration (IntegrationRequest) and configure_vercel_connect (ConnectSetup or
    ConnectResult). Among the others: generate_image, manage_todos, diagnostics. Data of another
    form is given as it came.
    """

    type: Literal["agent-action"]
    name: str
    summary: str
    data: Annotated[
        Questions | Plan | IntegrationRequest | ConnectSetup | ConnectResult | Any,
        Field(union_mode="left_to_right"),
    ] = None

    @property
    def open_task(self) -> OpenTask | None:
        """What is asked for, None where nothing is."""
        if isinstance(self.data, Questions | Plan | IntegrationRequest | ConnectSetup):
            return self.data
        return None


class OtherPart(Other):
    """A part that is not known."""


Part = (
    TextPart
    | ThinkingPart
    | FileReadPart
    | FileEditPart
    | SearchPart
    | BashPart
    | ToolCallPart
    | AgentActionPart
    | OtherPart
)

KnownPart = Annotated[
    TextPart
    | ThinkingPart
    | FileReadPart
    | FileEditPart
    | SearchPart
    | BashPart
    | ToolCallPart
    | AgentActionPart,
    Field(discriminator="type"),
]
AnyPart = Annotated[KnownPart | OtherPart, Field(union_mode="left_to_right")]
"""How a Part is read."""


def open_task(parts: Sequence[Part]) -> OpenTask | None:
    """What the agent waits for at the end of these parts, None where it does not wait."""
    tasks = (part.open_task for part in reversed(parts) if isinstance(part, TimedPart))
    return next((task for task in tasks if task is not None), None)
