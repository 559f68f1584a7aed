"""What only early v1 had: uploads, where a chat's code is, the frame of a version.

None of it is in v0's published contract any more; old accounts may still have it, others are
answered with NotFound. The shapes are those of the first SDK, and nothing in them is certain.
"""

from __future__ import annotations

import os
from typing import IO

from pydantic import Field

from v0client.calls import Call, M, Resource, Upload, operation
from v0client.shapes import Shape
from v0client.v1.versions import VERSION, version_ids


class Uploaded(Shape):
    """Where an uploaded file is. A prompt takes it as one of its `attachments`."""

    url: str


class Git(Shape):
    """The branch that a chat is connected with, and its commit."""

    branch: str | None = None
    commit: str | None = None


class DeploymentReference(Shape):
    """The deployment of a chat."""

    id: str | None = None


class ProjectReference(Shape):
    """The project of a chat; `url` is its page."""

    id: str | None = None
    name: str | None = None
    url: str | None = None


class ChatMetadata(Shape):
    """Where a chat's code is. The `metadata` of a chat itself is something else."""

    git: Git | None = None
    deployment: DeploymentReference | None = None
    project: ProjectReference | None = None


class Iframe(Shape):
    """The page that shows a version inside another page."""

    id: str
    object: str = "iframe"
    url: str


class FrameToken(Shape):
    """What opens the frame of a version; never part of the repr."""

    token: str = Field(repr=False)


class EarlyOperations(Resource[M]):
    """The part of `client.v1.chats` that today's v1 lacks."""

    _name = "v1.chats"

    @operation
    def upload(
        self, chat_id: str, file: str | os.PathLike[str] | IO[bytes], *, name: str | None = None
    ) -> Call[Uploaded]:
        """Upload a file, from its path or an open binary file; `name` is told instead of its own.

        A file that is too large is answered with PayloadTooLarge; v0 tells no number.
        """
        ids = {"chat_id": chat_id}
        path = "v1/chats/{chat_id}/upload"
        return Call("POST", path, Uploaded, ids, upload=Upload(file, name), slow=True)

    @operation
    def get_metadata(self, chat_id: str) -> Call[ChatMetadata]:
        """Branch and commit, deployment and project of a chat."""
        return Call("GET", "v1/chats/{chat_id}/metadata", ChatMetadata, {"chat_id": chat_id})

    @operation
    def find_iframe(self, chat_id: str, version_id: str) -> Call[Iframe]:
        """The address of a version for an iframe."""
        return Call("GET", f"{VERSION}/iframe", Iframe, version_ids(chat_id, version_id))

    @operation
    def get_version_frame_token(self, chat_id: str, version_id: str) -> Call[FrameToken]:
        """The token for the frame of a version."""
        return Call("GET", f"{VERSION}/frame-token", FrameToken, version_ids(chat_id, version_id))
