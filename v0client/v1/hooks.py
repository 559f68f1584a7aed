"""Hooks: addresses that v0 calls when something happens. What it posts there is read by
v0client/webhooks.py."""

from __future__ import annotations

from collections.abc import Sequence

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Deleted, Listing, Shape


class HookSummary(Shape):
    """A hook in the list, without its address."""

    id: str
    object: str = "hook"
    name: str


class HookDetail(HookSummary):
    """A hook; `chat_id` is None where it is called for every chat.

    Known events: chat.created, chat.updated, chat.deleted, message.created, message.updated,
    message.deleted, message.finished. None tells of projects, deployments or money.
    """

    events: list[str]
    chat_id: str | None = None
    url: str


HOOK = "v1/hooks/{hook_id}"


class Hooks(Resource[M]):
    """`client.v1.hooks`."""

    _name = "v1.hooks"

    @operation
    def find(self) -> Call[Listing[HookSummary]]:
        """All hooks, without their addresses."""
        return Call("GET", "v1/hooks", Listing[HookSummary])

    @operation
    def get_by_id(self, hook_id: str) -> Call[HookDetail]:
        """One hook."""
        return Call("GET", HOOK, HookDetail, {"hook_id": hook_id})

    @operation
    def create(
        self, *, name: str, events: Sequence[str], url: str, chat_id: str | None = None
    ) -> Call[HookDetail]:
        """A new hook: for one chat if `chat_id` names it, else for every chat."""
        body = given(name=name, events=events, chat_id=chat_id, url=url)
        return Call("POST", "v1/hooks", HookDetail, body=body)

    @operation
    def update(
        self,
        hook_id: str,
        *,
        name: str | None = None,
        events: Sequence[str] | None = None,
        url: str | None = None,
    ) -> Call[HookDetail]:
        """Change a hook; its chat cannot be changed."""
        body = given(name=name, events=events, url=url)
        return Call("PATCH", HOOK, HookDetail, {"hook_id": hook_id}, body=body)

    @operation
    def delete(self, hook_id: str) -> Call[Deleted]:
        """Delete a hook for good."""
        return Call("DELETE", HOOK, Deleted, {"hook_id": hook_id})
