"""Chats as a whole: listing, reading, starting from files, changing, forking, deleting.

Prompts are in prompts.py, messages in messages.py, versions in versions.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, Required, TypedDict

from pydantic import Field

from v0client.calls import Call, M, Null, PagedCall, Resource, given, operation, pages
from v0client.paging import offset_pages
from v0client.shapes import Deleted, Moment, Page, Shape
from v0client.v1.messages import MessageSummary
from v0client.v1.versions import VersionDetail, VersionSummary


class ChatSummary(Shape):
    """A chat in a list. `privacy`: public, private, team, team-edit or unlisted."""

    id: str
    object: str = "chat"
    shareable: bool
    privacy: str
    name: str | None = None
    title: str | None = None  # deprecated by v0
    created_at: Moment
    updated_at: Moment | None = None
    favorite: bool
    author_id: str
    project_id: str | None = None
    vercel_project_id: str | None = None
    web_url: str
    api_url: str
    latest_version: VersionSummary | None = None


class SourceBlock(Shape):
    """A piece of code in an answer, as older chats carry it."""

    lang: str
    meta: dict[str, Any] = Field(default_factory=dict)
    source: str


class ModelSettings(Shape):
    """Which model writes, and how. Model ids change several times a year."""

    model_id: str | None = None
    image_generations: bool = False
    thinking: bool = False


class Permissions(Shape):
    """What the key may do with the chat."""

    write: bool


class ChatDetail(ChatSummary):
    """A chat with its messages, and its latest version with files."""

    latest_version: VersionDetail | None = None
    url: str
    messages: list[MessageSummary]
    files: list[SourceBlock] | None = None
    demo: str | None = None  # deprecated by v0
    text: str
    model_configuration: ModelSettings | None = None
    permissions: Permissions
    metadata: dict[str, Any]


class Favorited(Shape):
    """The answer to `favorite`."""

    id: str
    object: str = "chat"
    favorited: bool


class SourceFile(TypedDict, total=False):
    """A file to begin with: `content` or `url`. v0 does not overwrite a locked one."""

    name: Required[str]
    content: str
    url: str
    locked: bool


class Repository(TypedDict):
    """A GitHub repository; `branch` has at most 250 characters."""

    url: Required[str]
    branch: NotRequired[str]


class Address(TypedDict):
    """Where an archive or a registry entry is."""

    url: Required[str]


class ChatOperations(Resource[M]):
    """The part of `client.v1.chats` that is about chats as a whole."""

    _name = "v1.chats"

    @pages
    def find(
        self,
        *,
        limit: int | None = None,
        offset: int | None = None,
        is_favorite: bool | None = None,
        vercel_project_id: str | None = None,
        branch: str | None = None,
    ) -> PagedCall[ChatSummary]:
        """All chats that the key sees. `limit` is per page, at most 60; `offset` where to begin.

        `branch` is the head of the Git branch that a chat is connected with.
        """
        query = given(
            limit=limit,
            offset=offset,
            is_favorite=is_favorite,
            vercel_project_id=vercel_project_id,
            branch=branch,
        )
        return PagedCall("GET", "v1/chats", Page[ChatSummary], {}, query, plan=offset_pages)

    @operation
    def get_by_id(self, chat_id: str) -> Call[ChatDetail]:
        """One chat with its messages and the files of its latest version."""
        return Call("GET", "v1/chats/{chat_id}", ChatDetail, {"chat_id": chat_id})

    @operation
    def init(
        self,
        *,
        type: str,
        files: Sequence[SourceFile] | None = None,
        repo: Repository | None = None,
        registry: Address | None = None,
        zip: Address | None = None,
        template_id: str | None = None,
        lock_all_files: bool | None = None,
        name: str | None = None,
        chat_privacy: str | None = None,
        project_id: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Call[ChatDetail]:
        """Begin a chat without a prompt.

        `type` is files, repo, registry, zip or template, and the argument of that name
        (`template_id` for the last) says from what; `lock_all_files` is for repo, registry and
        zip. `chat_privacy` is private if not given, else public, team, team-edit or unlisted.
        Metadata has keys of 1 to 40 characters and values of at most 500.
        """
        body = given(
            type=type,
            files=files,
            repo=repo,
            registry=registry,
            zip=zip,
            template_id=template_id,
            lock_all_files=lock_all_files,
            name=name,
            chat_privacy=chat_privacy,
            project_id=project_id,
            metadata=metadata,
        )
        return Call("POST", "v1/chats/init", ChatDetail, body=body, slow=True)

    @operation
    def update(
        self,
        chat_id: str,
        *,
        name: str | None = None,
        privacy: str | None = None,
        metadata: Mapping[str, str | None] | Null | None = None,
    ) -> Call[ChatDetail]:
        """Rename a chat, or change who sees it, or its metadata.

        `privacy`: public, private, team, team-edit or unlisted. Metadata is merged with what is
        there, in the limits of `init`; inside it None deletes a key, and NULL in its place
        deletes all of it.
        """
        body = given(name=name, privacy=privacy, metadata=metadata)
        return Call("PATCH", "v1/chats/{chat_id}", ChatDetail, {"chat_id": chat_id}, body=body)

    @operation
    def favorite(self, chat_id: str, *, is_favorite: bool) -> Call[Favorited]:
        """Mark a chat as a favourite, or no longer."""
        body = {"is_favorite": is_favorite}
        ids = {"chat_id": chat_id}
        return Call("PUT", "v1/chats/{chat_id}/favorite", Favorited, ids, body=body)

    @operation
    def fork(
        self, chat_id: str, *, version_id: str | None = None, privacy: str | None = None
    ) -> Call[ChatDetail]:
        """A new chat from a version, the latest one if not given.

        `privacy` is private if not given, else public, team, team-edit or unlisted.
        """
        body = given(version_id=version_id, privacy=privacy)
        ids = {"chat_id": chat_id}
        return Call("POST", "v1/chats/{chat_id}/fork", ChatDetail, ids, body=body, slow=True)

    @operation
    def delete(self, chat_id: str) -> Call[Deleted]:
        """Delete a chat: it cannot be read any more, and no operation brings it back. v0 keeps it
        in its trash for 30 days."""
        return Call("DELETE", "v1/chats/{chat_id}", Deleted, {"chat_id": chat_id})
