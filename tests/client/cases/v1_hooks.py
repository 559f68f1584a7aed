"""Cases of v1's hooks."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import Listing
from v0client.v1 import hooks

FIELDS = {"name": "Builds", "events": ["message.finished"], "url": "https://example.com/h"}

CASES = [
    Case(
        "v1.hooks.find",
        lambda client: client.v1.hooks.find(),
        "GET /v1/hooks",
        samples.listed({"id": "h1", "object": "hook", "name": "Builds"}),
        Listing[hooks.HookSummary],
    ),
    Case(
        "v1.hooks.get_by_id",
        lambda client: client.v1.hooks.get_by_id("h1"),
        "GET /v1/hooks/h1",
        samples.hook(),
        hooks.HookDetail,
    ),
    Case(
        "v1.hooks.create",
        lambda client: client.v1.hooks.create(**FIELDS, chat_id="c1"),
        "POST /v1/hooks",
        samples.hook(chatId="c1"),
        hooks.HookDetail,
        body={**FIELDS, "chatId": "c1"},
    ),
    Case(
        "v1.hooks.update",
        lambda client: client.v1.hooks.update("h1", **FIELDS),
        "PATCH /v1/hooks/h1",
        samples.hook(),
        hooks.HookDetail,
        body=FIELDS,
    ),
    Case(
        "v1.hooks.delete",
        lambda client: client.v1.hooks.delete("h1"),
        "DELETE /v1/hooks/h1",
        samples.deleted("h1", "hook"),
        hooks.Deleted,
    ),
]
