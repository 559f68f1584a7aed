"""What is inside a task of a message: thoughts, searches, files, commands, and what v0 asks for.

The contract leaves these open. The names are those that v0's first SDKs declared, and those of
the simulator; a part that is not known, or of another form, is an OtherPart.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from v0client.open_tasks import (
    IntegrationRequest,
    Permission,
    PermissionRequest,
    Plan,
    Questions,
)
from v0client.shapes import Moment, Number, Other, Shape


class Thought(Shape):
    """What v0 thought; `duration` in seconds."""

    type: Literal["thinking", "thinking-end"]
    thought: str = ""
    duration: Number | None = None


class Search(Shape):
    """A search begins: in the web, in the code, or in one file."""

    type: Literal["starting-web-search", "starting-repo-search", "starting-search-in-file"]
    query: str


class Grep(Shape):
    """A search by a pattern begins: in the code below `path`, or in one file."""

    type: Literal["grepping-repo", "grepping-file"]
    pattern: str
    path: str | None = None
    glob_pattern: str | None = None


class Found(Shape):
    """How much a search found: results, files or lines."""

    type: Literal["got-results", "ls-results", "grep-results", "grep-file-results"]
    count: int = Field(
        validation_alias=AliasChoices("count", "numFiles", "numMatches", "numFileMatches")
    )
    pattern: str | None = None


class WebPage(Shape):
    """A page that an answer rests on."""

    url: str
    title: str | None = None
    favicon: str | None = None
    image: str | None = None
    published_date: str | None = None


class WebAnswer(Shape):
    """What a search in the web came to."""

    type: Literal["finished-web-search"]
    answer: str
    citations: list[WebPage] = Field(default_factory=list)


class RepoAnswer(Shape):
    """What a search in the code came to."""

    type: Literal["repo-search-result"]
    query: str
    result: str


class Fetch(WebPage):
    """A page that is read from the web."""

    type: Literal["starting-fetch-from-web", "finished-fetch-from-web"]


class Screenshot(Shape):
    """A picture of a page."""

    type: Literal["screenshot"]
    url: str
    screenshot_url: str | None = None
    path: str | None = None
    page_title: str | None = None
    logo_url: str | None = None


class ReadFile(Shape):
    """A file that is read: `limit` lines from `offset` on, all of it without them."""

    type: Literal["reading-file", "read-file"]
    path: str = Field(validation_alias=AliasChoices("filePath", "path"))
    offset: int | None = None
    limit: int | None = None


class ReadFiles(Shape):
    """Files that are read, or chosen to be."""

    type: Literal["starting-read-files", "select-files"]
    file_paths: list[str]


class ChangedFile(Shape):
    """A file that was written, and what became of it; `is_active` while it is written."""

    file_name: str
    base_name: str | None = None
    is_active: bool = False
    is_terminated: bool = False
    is_deleted: bool = False
    is_moved: bool = False


class CodeProject(Shape):
    """Code that was written, as one text in `source` and by its files."""

    type: Literal["code-project"]
    changed_files: list[ChangedFile] = Field(default_factory=list)
    source: str = ""
    lang: str = ""
    block_id: str | None = None
    closed: bool = True


class FileEdit(Shape):
    """A changed file. Known operations: create, update, delete."""

    type: Literal["file-edit"]
    operation: str
    path: str


class ShellCommand(Shape):
    """A command that runs, or with its `output` and `exit_code` one that ran."""

    type: Literal["starting-shell-command", "finished-shell-command"]
    command: str
    directory: str | None = None
    description: str | None = None
    output: str | None = None
    exit_code: int | None = None


class Todo(Shape):
    """`status`: todo, in-progress or done."""

    status: str
    task: str


class Todos(Shape):
    """The list of what is to be done, with what changed."""

    type: Literal["updated-todo-list"]
    updated_list: list[Todo]


class TechnicalPlan(Shape):
    """How v0 means to go about it. It does not wait for a decision."""

    type: Literal["generated-technical-plan"]
    plan: str


class Issues(Shape):
    """What is wrong with the code."""

    type: Literal["diagnostics-found-issues"]
    summaries: list[str]


class Image(Shape):
    """A picture to be inspired by."""

    url: str
    description: str | None = None
    uploaded_at: Moment | None = None
    score: Number | None = None


class Inspiration(Shape):
    """A search for designs, by the `prompt` it began with or the `images` it found."""

    type: Literal["starting-design-inspiration", "finished-design-inspiration"]
    prompt: str | None = None
    images: list[Image] = Field(default_factory=list)


class AskedQuestions(Questions):
    """v0 asks before it goes on."""

    type: Literal["asking-questions"]


class ProposedPlan(Plan):
    """v0 proposes a plan and waits for a decision."""

    type: Literal["exit-plan-mode"]


class AskedIntegrations(IntegrationRequest):
    """v0 asks for integrations and MCP presets."""

    type: Literal["integration-request"]


class AskedPermissions(PermissionRequest):
    """v0 may not use a tool before somebody allows it."""

    type: Literal["permission-request"]
    permissions: list[Permission] = Field(alias="suggestedPermissions")


class OtherPart(Other):
    """A part that is not known, or that says no more than its type (launch-tasks,
    fetching-diagnostics, diagnostics-passed, agent-timeout …)."""


Known = (
    Thought
    | Search
    | Grep
    | Found
    | WebAnswer
    | RepoAnswer
    | Fetch
    | Screenshot
    | ReadFile
    | ReadFiles
    | CodeProject
    | FileEdit
    | ShellCommand
    | Todos
    | TechnicalPlan
    | Issues
    | Inspiration
    | AskedQuestions
    | ProposedPlan
    | AskedIntegrations
    | AskedPermissions
)
TaskPart = Known | OtherPart
AnyTaskPart = Annotated[
    Annotated[Known, Field(discriminator="type")] | OtherPart,
    Field(union_mode="left_to_right"),
]
"""How a TaskPart is read."""
