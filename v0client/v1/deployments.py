"""Published versions: where they are, what they log, why they failed."""

from __future__ import annotations

from pydantic import Field

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Deleted, Listing, Moment, Number, Shape


class Deployment(Shape):
    """A published version. v1 tells neither a state nor a time."""

    id: str
    object: str = "deployment"
    inspector_url: str
    chat_id: str
    project_id: str | None = None
    version_id: str
    api_url: str
    web_url: str


class LogLine(Shape):
    """A line of the build. `type` is stdout or stderr; `level` error, warning or info."""

    id: str
    object: str = "deployment_log"
    deployment_id: str
    created_at: Moment
    text: str
    type: str
    level: str = "info"


class Logs(Shape):
    """Lines of the build. Pass `next_since` as `since` to get those that come after."""

    object: str = "list"
    logs: list[LogLine] = Field(default_factory=list)
    next_since: Number | None = None


class Failure(Shape):
    """Why a deployment failed; all empty where it did not."""

    full_error_text: str | None = None
    error_type: str | None = None
    formatted_error: str | None = None


class Deployments(Resource[M]):
    """`client.v1.deployments`."""

    _name = "v1.deployments"

    @operation
    def find(
        self, chat_id: str, version_id: str, *, project_id: str | None = None
    ) -> Call[Listing[Deployment]]:
        """All deployments of one version."""
        query = given(project_id=project_id, chat_id=chat_id, version_id=version_id)
        return Call("GET", "v1/deployments", Listing[Deployment], query=query)

    @operation
    def create(
        self, chat_id: str, version_id: str, *, project_id: str | None = None
    ) -> Call[Deployment]:
        """Publish a version."""
        body = given(project_id=project_id, chat_id=chat_id, version_id=version_id)
        return Call("POST", "v1/deployments", Deployment, body=body, slow=True)

    @operation
    def get_by_id(self, deployment_id: str) -> Call[Deployment]:
        """One deployment."""
        ids = {"deployment_id": deployment_id}
        return Call("GET", "v1/deployments/{deployment_id}", Deployment, ids)

    @operation
    def delete(self, deployment_id: str) -> Call[Deleted]:
        """Take a deployment down."""
        ids = {"deployment_id": deployment_id}
        return Call("DELETE", "v1/deployments/{deployment_id}", Deleted, ids)

    @operation
    def find_logs(self, deployment_id: str, *, since: float | None = None) -> Call[Logs]:
        """The lines of the build, after `since` (UNIX seconds)."""
        ids = {"deployment_id": deployment_id}
        path = "v1/deployments/{deployment_id}/logs"
        return Call("GET", path, Logs, ids, query=given(since=since))

    @operation
    def find_errors(self, deployment_id: str) -> Call[Failure]:
        """Why the deployment failed."""
        ids = {"deployment_id": deployment_id}
        return Call("GET", "v1/deployments/{deployment_id}/errors", Failure, ids)
