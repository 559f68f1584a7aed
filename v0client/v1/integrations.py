"""What v0 is connected with: the projects on Vercel."""

from __future__ import annotations

from typing import Any, Generic

from v0client.calls import Call, M, Resource, operation
from v0client.shapes import Listing, Shape


class VercelProject(Shape):
    """A project on Vercel."""

    id: str
    object: str = "vercel_project"
    name: str


PROJECTS = "v1/integrations/vercel/projects"


class VercelProjects(Resource[M]):
    """`client.v1.integrations.vercel.projects`."""

    _name = "v1.integrations.vercel.projects"

    @operation
    def find(self) -> Call[Listing[VercelProject]]:
        """All Vercel projects that are linked to v0."""
        return Call("GET", PROJECTS, Listing[VercelProject])

    @operation
    def create(self, *, project_id: str, name: str) -> Call[VercelProject]:
        """A new Vercel project, linked to the v0 project `project_id`."""
        return Call("POST", PROJECTS, VercelProject, body={"project_id": project_id, "name": name})


class Vercel(Generic[M]):
    """`client.v1.integrations.vercel`."""

    def __init__(self, connection: Any) -> None:
        self.projects: VercelProjects[M] = VercelProjects(connection)


class Integrations(Generic[M]):
    """`client.v1.integrations`."""

    def __init__(self, connection: Any) -> None:
        self.vercel: Vercel[M] = Vercel(connection)
