"""Makes the objects that tests are about. Each function saves what it makes."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from dashboard import crypto
from dashboard.models import (
    Ask,
    Author,
    Carry,
    Chat,
    ChatSight,
    Deployment,
    Key,
    Membership,
    Message,
    Project,
    ProjectSight,
    Role,
    SyncRun,
    Team,
    User,
    Version,
    Webhook,
)

PASSWORD = "v0-demo-pass"
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
numbers = itertools.count(1)


def team(name: str = "", **fields: Any) -> Team:
    """A team whose new chats are v1's, unless it is told otherwise."""
    number = next(numbers)
    return Team.objects.create(
        **{"name": name or f"Team {number}", "slug": f"team-{number}", "generation": "v1"} | fields
    )


def person(role: str = Role.MEMBER, of: Team | None = None, **fields: Any) -> Membership:
    """Somebody with an account and this role in a team: a new one unless it is given."""
    number = next(numbers)
    user = User.objects.create_user(
        **{"email": f"{role}-{number}@example.com", "password": PASSWORD} | fields
    )
    return Membership.objects.create(team=of or team(), user=user, role=role)


def key(member: Membership, plain: str = "v0-demo-owner", **fields: Any) -> Key:
    """A stored v0 key of this person. No sync is queued."""
    row = Key.objects.create(
        **{
            "team": member.team,
            "owner": member.user,
            "label": f"{member.user.label}'s key",
            "last_four": plain[-4:],
            "fingerprint": crypto.fingerprint(plain),
        }
        | fields
    )
    row.sealed = crypto.seal(plain, row.seal_context)
    row.save(update_fields=["sealed"])
    return row


def author(team: Team, **fields: Any) -> Author:
    number = next(numbers)
    return Author.objects.create(
        **{"team": team, "upstream_id": f"author{number}", "name": f"Author {number}"} | fields
    )


def project(team: Team, *, seen_by: Key | None = None, **fields: Any) -> Project:
    number = next(numbers)
    values = {
        "team": team,
        "upstream_id": f"prj_{number}",
        "name": f"Project {number}",
        "privacy": "team",
        "created_at": AT,
        "updated_at": AT,
    }
    row = Project.objects.create(**values | fields)
    if seen_by is not None:
        ProjectSight.objects.create(project=row, key=seen_by)
    return row


def chat(team: Team, *, seen_by: Key | None = None, **fields: Any) -> Chat:
    """A chat without versions; only `seen_by` sees it when it is private."""
    number = next(numbers)
    values = {
        "team": team,
        "upstream_id": f"chat{number}",
        "name": f"Chat {number}",
        "privacy": "team",
        "created_at": AT,
        "updated_at": AT,
    }
    row = Chat.objects.create(**values | fields)
    if seen_by is not None:
        ChatSight.objects.create(chat=row, key=seen_by)
    return row


def message(chat: Chat, content: str = "Make a page", **fields: Any) -> Message:
    values = {
        "chat": chat,
        "upstream_id": f"message{next(numbers)}",
        "role": "user",
        "kind": "message",
        "content": content,
        "created_at": AT,
        "updated_at": AT,
    }
    return Message.objects.create(**values | fields)


ASKED: dict[str, dict[str, Any]] = {
    "questions": {
        "questions": [
            {
                "id": "tone",
                "question": "Which tone fits?",
                "header": "Tone",
                "multiSelect": False,
                "options": [{"id": "calm", "label": "Calm"}, {"id": "loud", "label": "Loud"}],
            }
        ]
    },
    "plan": {"plan": "# A shop\n\n1. Create `app/page.tsx`", "path": "plans/shop.md"},
    "permissions": {"permissions": [{"type": "X", "toolName": "bash", "input": {"command": "ls"}}]},
    "integration": {"requestedIntegrations": ["Neon"], "requestedMcpPresets": ["Linear"]},
}


def ask(chat: Chat, kind: str = "plan", **fields: Any) -> Ask:
    """Something that v0 waits for in this chat."""
    chat.status = Chat.Status.WAITING
    chat.save(update_fields=["status"])
    values = {"message_id": f"message{next(numbers)}", "kind": kind, "asked": ASKED.get(kind, {})}
    return Ask.objects.create(**{"chat": chat, "asked_at": AT, **values} | fields)


def version(chat: Chat, *, files: dict[str, str] | None = None, **fields: Any) -> Version:
    """A completed version with these files; it becomes the chat's latest."""
    from dashboard.models import Content, VersionFile
    from dashboard.sync.values import sha256

    chat.version_count += 1
    chat.status = Chat.Status.READY
    chat.save(update_fields=["version_count", "status"])
    values = {
        "chat": chat,
        "upstream_id": f"version{next(numbers)}",
        "number": chat.version_count,
        "status": "completed",
        "created_at": AT,
        "updated_at": AT,
        "files_at": AT,
    }
    row = Version.objects.create(**values | fields)
    for path, text in (files or {}).items():
        content, _ = Content.objects.get_or_create(
            sha256=sha256(text), defaults={"text": text, "size": len(text.encode())}
        )
        VersionFile.objects.create(version=row, path=path, content=content)
    return row


def deployment(version: Version, **fields: Any) -> Deployment:
    number = next(numbers)
    values = {
        "team": version.chat.team,
        "upstream_id": f"dpl_{number}",
        "chat": version.chat,
        "version": version,
        "state": Deployment.State.READY,
        "web_url": f"https://deployment-{number}.vercel.app",
        "created_at": AT,
    }
    return Deployment.objects.create(**values | fields)


def carry(key: Key, version: Version, **fields: Any) -> Carry:
    """A version on its way to v2; it waits for a worker."""
    values = {"team": key.team, "user": key.owner, "key": key, "source": version.chat}
    return Carry.objects.create(**{**values, "version": version} | fields)


def webhook(key: Key, **fields: Any) -> Webhook:
    """A webhook that points at the dashboard, for every chat; nobody knows its token."""
    number = next(numbers)
    values = {
        "team": key.team,
        "key": key,
        "upstream_id": f"hook_{number}",
        "generations": ["v2"],
        "name": f"Webhook {number}",
        "events": ["message.finished"],
        "host": "dashboard.example.com",
        "token_hash": f"hash {number}",
    }
    return Webhook.objects.create(**values | fields)


def sync_run(key: Key, **fields: Any) -> SyncRun:
    values = {"team": key.team, "key": key, "trigger": SyncRun.Trigger.PERSON}
    return SyncRun.objects.create(**values | fields)
