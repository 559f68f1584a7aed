"""Projects, their chats, and their environment variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Required, TypedDict

from pydantic import Field

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Deleted, Listing, Moment, Shape
from v0client.v1.chats import ChatSummary


class ProjectSummary(Shape):
    """A project in a list. `privacy`: private or team."""

    id: str
    object: str = "project"
    name: str
    privacy: str
    vercel_project_id: str | None = None
    created_at: Moment
    updated_at: Moment | None = None
    api_url: str
    web_url: str


class ProjectDetail(ProjectSummary):
    """A project with its chats."""

    description: str | None = None
    instructions: str | None = None
    chats: list[ChatSummary]


class Assigned(Shape):
    """The answer to `assign`."""

    id: str
    object: str = "project"
    assigned: bool


class EnvironmentVariable(Shape):
    """A variable; `value` is encrypted unless `decrypted`, and never part of the repr."""

    id: str
    object: str = "environment_variable"
    key: str
    value: str = Field(repr=False)
    decrypted: bool
    created_at: Moment
    updated_at: Moment | None = None


class EnvironmentVariableAnswer(Shape):
    """One variable, as `get_env_var` answers it."""

    object: str = "environment_variable"
    data: EnvironmentVariable


class Variable(TypedDict):
    """A new variable: a key of 1 to 255 characters, a value of at most 1,000."""

    key: Required[str]
    value: Required[str]


class VariableChange(TypedDict):
    """A new value of a variable that exists."""

    id: Required[str]
    value: Required[str]


PROJECT = "v1/projects/{project_id}"
ENV_VARS = f"{PROJECT}/env-vars"


class Projects(Resource[M]):
    """`client.v1.projects`."""

    _name = "v1.projects"

    @operation
    def find(self) -> Call[Listing[ProjectSummary]]:
        """All projects that the key sees."""
        return Call("GET", "v1/projects", Listing[ProjectSummary])

    @operation
    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        icon: str | None = None,
        environment_variables: Sequence[Variable] | None = None,
        instructions: str | None = None,
        vercel_project_id: str | None = None,
        privacy: str | None = None,
    ) -> Call[ProjectDetail]:
        """A new project, and a new Vercel project with it unless `vercel_project_id` names one.

        `name` has at most 255 characters, `description` 1,000, `instructions` 2,000. `icon` is
        icon-wand-sparkles if not given. `privacy`: private or team; personal accounts have only
        private projects.
        """
        body = given(
            name=name,
            description=description,
            icon=icon,
            environment_variables=environment_variables,
            instructions=instructions,
            vercel_project_id=vercel_project_id,
            privacy=privacy,
        )
        return Call("POST", "v1/projects", ProjectDetail, body=body)

    @operation
    def get_by_id(self, project_id: str) -> Call[ProjectDetail]:
        """One project with its chats."""
        return Call("GET", PROJECT, ProjectDetail, {"project_id": project_id})

    @operation
    def get_by_chat_id(self, chat_id: str) -> Call[ProjectDetail]:
        """The project of a chat; NotFound where it has none."""
        return Call("GET", "v1/chats/{chat_id}/project", ProjectDetail, {"chat_id": chat_id})

    @operation
    def update(
        self,
        project_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        instructions: str | None = None,
        privacy: str | None = None,
    ) -> Call[ProjectDetail]:
        """Change what was given; `privacy` is that of `create`."""
        body = given(name=name, description=description, instructions=instructions, privacy=privacy)
        return Call("PATCH", PROJECT, ProjectDetail, {"project_id": project_id}, body=body)

    @operation
    def delete(self, project_id: str, *, delete_all_chats: bool | None = None) -> Call[Deleted]:
        """Delete a project for good; its chats stay unless `delete_all_chats`."""
        query = given(delete_all_chats=delete_all_chats)
        return Call("DELETE", PROJECT, Deleted, {"project_id": project_id}, query)

    @operation
    def assign(self, project_id: str, *, chat_id: str) -> Call[Assigned]:
        """Put a chat into a project."""
        body = {"chat_id": chat_id}
        return Call("POST", f"{PROJECT}/assign", Assigned, {"project_id": project_id}, body=body)

    @operation
    def find_env_vars(
        self, project_id: str, *, decrypted: bool | None = None
    ) -> Call[Listing[EnvironmentVariable]]:
        """All variables; their values are encrypted unless `decrypted`."""
        ids, query = {"project_id": project_id}, given(decrypted=decrypted)
        return Call("GET", ENV_VARS, Listing[EnvironmentVariable], ids, query)

    @operation
    def get_env_var(
        self, project_id: str, environment_variable_id: str, *, decrypted: bool | None = None
    ) -> Call[EnvironmentVariableAnswer]:
        """One variable, in the answer's `data`; its value is encrypted unless `decrypted`."""
        ids = {"project_id": project_id, "environment_variable_id": environment_variable_id}
        path = f"{ENV_VARS}/{{environment_variable_id}}"
        return Call("GET", path, EnvironmentVariableAnswer, ids, given(decrypted=decrypted))

    @operation
    def create_env_vars(
        self,
        project_id: str,
        *,
        environment_variables: Sequence[Variable],
        upsert: bool | None = None,
        decrypted: bool | None = None,
    ) -> Call[Listing[EnvironmentVariable]]:
        """New variables; one that exists is an error unless `upsert`. The answer has encrypted
        values unless `decrypted`."""
        return Call(
            "POST",
            ENV_VARS,
            Listing[EnvironmentVariable],
            {"project_id": project_id},
            given(decrypted=decrypted),
            given(environment_variables=environment_variables, upsert=upsert),
        )

    @operation
    def update_env_vars(
        self,
        project_id: str,
        *,
        environment_variables: Sequence[VariableChange],
        decrypted: bool | None = None,
    ) -> Call[Listing[EnvironmentVariable]]:
        """New values of variables that exist. The answer has encrypted values unless
        `decrypted`."""
        return Call(
            "PATCH",
            ENV_VARS,
            Listing[EnvironmentVariable],
            {"project_id": project_id},
            given(decrypted=decrypted),
            {"environment_variables": environment_variables},
        )

    @operation
    def delete_env_vars(
        self, project_id: str, *, environment_variable_ids: Sequence[str]
    ) -> Call[Listing[Deleted]]:
        """Delete variables."""
        body = {"environment_variable_ids": environment_variable_ids}
        ids = {"project_id": project_id}
        return Call("POST", f"{ENV_VARS}/delete", Listing[Deleted], ids, body=body)
