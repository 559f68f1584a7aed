"""The table that test_every_page.py walks: what each URL answers to whom, and what it may cost.

A new URL name needs a row here. Statuses are those of the roles in the order of ROLES.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROLES = ("owner", "admin", "member", "viewer", "outsider", "nobody")
MOST_QUERIES = 12

ALL = (200, 200, 200, 200, 404, 302)
MEMBERS = (200, 200, 200, 403, 404, 302)
ADMINS = (200, 200, 403, 403, 404, 302)
OWNERS = (200, 403, 403, 403, 404, 302)
MINE = (200, 200, 404, 403, 404, 302)  # a key of the owner's: overseers see it, others do not
MINE_READ = (200, 200, 404, 404, 404, 302)
NO_GET = (405,) * 6

DONE = (302, 302, 302, 403, 404, 302)  # the action was tried, the page says what came of it
REFUSED = (422, 422, 422, 403, 404, 302)  # the form came back
NO_POST = (405,) * 6


@dataclass(frozen=True)
class Page:
    get: tuple[int, ...]
    queries: int = 0  # of the whole page, for the owner
    fragments: tuple[str, ...] = ()
    post: tuple[int, ...] = NO_POST
    data: dict[str, str] = field(default_factory=dict)  # what is posted
    whole: bool = True  # an HTML page, and no stream
    arguments: tuple[str, ...] = ()  # of an address outside of a team


PAGES = {
    "home": Page(ALL, 12, ("work",)),
    "chats": Page(ALL, 12, ("rows",)),
    "chat-create": Page(MEMBERS, 12, ("new-chat",), post=REFUSED),
    "submission": Page((200, 404, 404, 404, 404, 302), 12, ("submission",)),
    "submission-drop": Page(NO_GET, post=(302, 404, 404, 403, 404, 302)),
    "chats-bulk": Page(NO_GET, post=DONE),
    "chat": Page(ALL, 12, ("live", "stage")),
    "chat-live": Page(ALL, whole=False),
    "chat-edit": Page((404, 404, 404, 404, 404, 302)),
    "chat-stop": Page(NO_GET, post=DONE),
    "chat-fix": Page(NO_GET, post=DONE),
    "message-send": Page(NO_GET, post=(422, 422, 422, 403, 404, 302)),
    "mcp-servers": Page(NO_GET, post=(200, 200, 200, 403, 404, 302)),
    "chat-mcp-servers": Page(NO_GET, post=(200, 200, 200, 403, 404, 302)),
    "chat-estimate": Page(MEMBERS, 12, ("estimate",)),
    "chat-rename": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "chat-privacy": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "chat-favorite": Page(NO_GET, post=DONE, data={"favorite": "true"}),
    "chat-assign": Page(MEMBERS, 12, ("ask",), post=REFUSED, data={"project": "none such"}),
    "chat-delete": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "chat-carry": Page(MEMBERS, 12, ("ask",), post=(302, 422, 422, 403, 404, 302)),
    "carries-start": Page(NO_GET, post=DONE),
    "carries": Page(ALL, 12, ("rows",)),
    "carry": Page(ALL, 12, ("proof",)),
    "chat-export": Page((404, 404, 404, 404, 404, 302)),
    "lineage": Page(ALL, 12),
    "chat-lineage": Page(ALL, 12),
    "chat-compare": Page(ALL, 12, ("compare",)),
    "version-files": Page(ALL, 12, ("files",)),
    "version-raw": Page((404, 404, 404, 404, 404, 302)),
    "version-archive": Page((404, 404, 404, 404, 404, 302)),
    "version-restore": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "file-edit": Page(MEMBERS, 12, ("editor",), post=REFUSED),
    "file-delete": Page((404, 404, 404, 403, 404, 302), post=(404, 404, 404, 403, 404, 302)),
    "file-lock": Page(NO_GET, post=DONE),
    "version-fork": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "version-deploy": Page(MEMBERS, 12, ("ask",), post=REFUSED),
    "inbox": Page(ALL, 12, ("rows",)),
    "ask": Page(ALL, 12, ("ask-card",), post=REFUSED),
    "ask-setup": Page(NO_GET, post=DONE),
    "projects": Page(ALL, 12, ("rows",)),
    "project-create": Page(MEMBERS, 12, ("form",), post=REFUSED),
    "project": Page(ALL, 12, ("chats",)),
    "project-edit": Page(MEMBERS, 12, ("form",), post=REFUSED),
    "deployments": Page(ALL, 12, ("rows",)),
    "deployment": Page(ALL, 12, ("state", "log")),
    "deployment-delete": Page(MEMBERS, 12, post=DONE),
    "deployment-fix": Page((302, 302, 302, 403, 404, 302), post=DONE),  # it has not failed
    "playground": Page(ALL, 12, ("playground",), post=REFUSED),
    "usage": Page(ALL, 12, ("history",)),
    "keys": Page(ALL, 12),
    "key-add": Page(MEMBERS, 12, ("form",), post=REFUSED),
    "key": Page(MINE_READ, 12, ("progress",)),
    "key-check": Page(NO_GET, post=(302, 302, 404, 403, 404, 302)),
    "key-rename": Page(NO_GET, post=(302, 403, 404, 403, 404, 302), data={"label": "New"}),
    "key-share": Page(NO_GET, post=(302, 403, 404, 403, 404, 302), data={"shared": "true"}),
    "key-pause": Page(NO_GET, post=(302, 302, 404, 403, 404, 302), data={"paused": "true"}),
    "key-remove": Page(MINE, 12, post=(302, 302, 404, 403, 404, 302)),
    "webhooks": Page(ALL, 12),
    "webhook-add": Page(MEMBERS, 12, ("form",), post=REFUSED),
    "webhooks-refresh": Page(NO_GET, post=DONE),
    "webhook": Page(ALL, 12, ("arrivals",)),
    "webhook-edit": Page(ADMINS, 12, ("form",), post=(422, 422, 403, 403, 404, 302)),
    "webhook-delete": Page(ADMINS, 12, post=(302, 302, 403, 403, 404, 302)),
    "team": Page(ALL, 12),
    "team-edit": Page(ADMINS, 12, ("form",), post=(422, 422, 403, 403, 404, 302)),
    "preview-hosts": Page(ADMINS, 12, ("form",), post=(422, 422, 403, 403, 404, 302)),
    "preview-hosts-save": Page(NO_GET, post=(422, 422, 403, 403, 404, 302)),
    "member-add": Page(OWNERS, 12, ("form",), post=(422, 403, 403, 403, 404, 302)),
    "member-role": Page(OWNERS, 12, ("form",), post=(422, 403, 403, 403, 404, 302)),
    "member-remove": Page(OWNERS, 12, post=(302, 403, 403, 403, 404, 302)),
    "syncs": Page(ALL, 12, ("rows",)),
    "sync-start": Page(NO_GET, post=DONE),
    "sync": Page(ALL, 12, ("progress",)),
    "activity": Page(ALL, 12, ("rows",)),
}

# Pages outside of a team: nobody is an outsider there, and machines ask for some of them.
OUTSIDE = {
    "start": Page((302, 302, 302, 302, 302, 302)),
    "theme": Page(NO_GET, post=(302,) * 6, data={"theme": "dark", "next": "/"}),
    "team-create": Page((200, 200, 200, 200, 200, 302), 12, post=(422, 422, 422, 422, 422, 302)),
    "hint": Page(NO_GET, post=(404,) * 6, arguments=("nobody-knows-this-token",)),
    "healthz": Page((200,) * 6),
    "readyz": Page((200,) * 6),
    "metrics": Page((200,) * 6),
}
