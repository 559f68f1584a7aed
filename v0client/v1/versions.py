"""States of a chat's files: listing, reading, changing, restoring, downloading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, Required, TypedDict

from v0client.calls import Call, M, PagedCall, Resource, download, given, operation, pages
from v0client.paging import cursor_pages
from v0client.shapes import Moment, Page, Shape


class File(Shape):
    """A file of a version. v0 does not overwrite a locked one."""

    object: str = "file"
    name: str
    content: str
    locked: bool = False


class FileChange(TypedDict):
    """New content of a file; `name` is the whole path."""

    name: Required[str]
    content: Required[str]
    locked: NotRequired[bool]


class VersionSummary(Shape):
    """A version without its files. `status`: pending, completed or failed."""

    id: str
    object: str = "version"
    status: str
    demo_url: str | None = None
    screenshot_url: str | None = None
    dark_screenshot_url: str | None = None
    created_at: Moment
    updated_at: Moment | None = None


class VersionDetail(VersionSummary):
    """A version with its files."""

    files: list[File]


class VersionMeta(Shape):
    """How many versions there are in all."""

    total_count: int


class VersionPage(Page[VersionSummary]):
    """One page of versions."""

    meta: VersionMeta | None = None


def version_ids(chat_id: str, version_id: str) -> dict[str, str]:
    """The ids in the address of a version."""
    return {"chat_id": chat_id, "version_id": version_id}


VERSION = "v1/chats/{chat_id}/versions/{version_id}"


class VersionOperations(Resource[M]):
    """The part of `client.v1.chats` that is about versions."""

    _name = "v1.chats"

    @pages
    def find_versions(
        self, chat_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PagedCall[VersionSummary]:
        """All versions, newest first. `limit` is per page: 1 to 150, 20 if not given."""
        return PagedCall(
            "GET",
            "v1/chats/{chat_id}/versions",
            VersionPage,
            {"chat_id": chat_id},
            given(limit=limit, cursor=cursor),
            plan=cursor_pages,
        )

    @operation
    def get_version(
        self, chat_id: str, version_id: str, *, include_default_files: bool | None = None
    ) -> Call[VersionDetail]:
        """One version; with `include_default_files` also those that every project has."""
        query = given(include_default_files=include_default_files)
        return Call("GET", VERSION, VersionDetail, version_ids(chat_id, version_id), query)

    @operation
    def update_version(
        self, chat_id: str, version_id: str, *, files: Sequence[FileChange]
    ) -> Call[VersionDetail]:
        """Replace or add files."""
        ids = version_ids(chat_id, version_id)
        return Call("PATCH", VERSION, VersionDetail, ids, body={"files": files})

    @operation
    def delete_version_files(
        self, chat_id: str, version_id: str, *, file_paths: Sequence[str]
    ) -> Call[VersionDetail]:
        """Make a new version without these files, by their whole paths; it is what is answered."""
        ids = version_ids(chat_id, version_id)
        body = {"file_paths": file_paths}
        return Call("POST", f"{VERSION}/files/delete", VersionDetail, ids, body=body)

    @operation
    def restore(self, chat_id: str, version_id: str) -> Call[VersionDetail]:
        """Make an old version the latest one."""
        ids = version_ids(chat_id, version_id)
        return Call("POST", f"{VERSION}/restore", VersionDetail, ids)

    @download
    def download_version(
        self,
        chat_id: str,
        version_id: str,
        *,
        format: str | None = None,
        include_default_files: bool | None = None,
    ) -> Call[bytes]:
        """The files as an archive; `format`: zip (if not given) or tarball."""
        query = given(format=format, include_default_files=include_default_files)
        ids = version_ids(chat_id, version_id)
        return Call("GET", f"{VERSION}/download", bytes, ids, query, slow=True)
