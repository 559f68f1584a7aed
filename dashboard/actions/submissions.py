"""Prompts on their way to v0: each nonce is sent once, and an unclear outcome is looked up.

What a prompt may look like is here too. The looking up is in sync/follow.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dashboard.actions import Invalid, acting
from dashboard.models import Chat, Key, Membership, Project, Submission
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused

MOST_CHARACTERS = 200_000
MOST_ATTACHMENTS = 20
FIRST_LOOK = timedelta(seconds=5)  # after an unclear answer
LOST = timedelta(seconds=90)  # a process that has not said how it went by then has died


@dataclass(frozen=True)
class ChatRequest:
    """What to ask v0 for. `attachments` are addresses; `privacy` is one of Chat.Privacy."""

    prompt: str
    model_id: str = ""
    privacy: str = Chat.Privacy.PRIVATE
    project: Project | None = None
    system: str = ""
    image_generations: bool = False
    thinking: bool = False
    attachments: tuple[str, ...] = ()

    def checked(self) -> ChatRequest:
        if self.privacy not in Chat.Privacy.values:
            raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
        return replace(
            self,
            prompt=checked_prompt(self.prompt),
            system=limited("system", self.system, "The system prompt").strip(),
            model_id=limited("model_id", self.model_id, "The model", most=60).strip(),
            attachments=checked_attachments(self.attachments),
        )

    def as_fields(self) -> dict[str, Any]:
        """For Submission.request: everything that is needed to show the form again."""
        return {
            "kind": "chat",
            "prompt": self.prompt,
            "model_id": self.model_id,
            "privacy": str(self.privacy),
            "project": self.project.upstream_id if self.project else "",
            "system": self.system,
            "image_generations": self.image_generations,
            "thinking": self.thinking,
            "attachments": list(self.attachments),
        }


def checked_prompt(prompt: str) -> str:
    if not prompt.strip():
        raise Invalid("prompt", "Write what v0 should do.")
    return limited("prompt", prompt, "The prompt")


def limited(field: str, value: str, name: str, *, most: int = MOST_CHARACTERS) -> str:
    if len(value) > most:
        raise Invalid(field, f"{name} has {len(value):,} characters; the most is {most:,}.")
    return value.replace("\x00", "")  # PostgreSQL cannot hold a NUL


def checked_attachments(addresses: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(address.strip() for address in addresses if address.strip())
    if len(kept) > MOST_ATTACHMENTS:
        raise Invalid("attachments", f"Attach at most {MOST_ATTACHMENTS} addresses.")
    for address in kept:
        limited("attachments", address, "An address", most=2000)
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("https", "http") or not parts.netloc:
            raise Invalid("attachments", f"“{address[:80]}” is not an address; use https://….")
    return kept


def submit(
    member: Membership,
    nonce: uuid.UUID,
    key: Key,
    request: dict[str, Any],
    send: Callable[[Remote], Chat],
    *,
    chat: Chat | None = None,
) -> Submission:
    """Sends what `send` sends, once per nonce; a second call gets the first one's row.

    v0's answer ends as SENT, its refusal as FAILED, and a lost connection as UNCLEAR.
    """
    submission, is_new = Submission.objects.get_or_create(
        nonce=nonce,
        defaults={
            "team_id": member.team_id,
            "user_id": member.user_id,
            "key": key,
            "chat": chat,
            "request": request,
            "follow_at": timezone.now() + LOST,
        },
    )
    if not is_new:
        if (submission.team_id, submission.user_id) != (member.team_id, member.user_id):
            raise PermissionDenied("This prompt was sent by somebody else.")
        return submission
    try:
        with acting.remote(key) as remote:
            found = send(remote)
    except Refused as refusal:
        unclear = refusal.kind in acting.UNCLEAR
        state = Submission.State.UNCLEAR if unclear else Submission.State.FAILED
        look = timezone.now() + FIRST_LOOK if unclear else None
        return settle(submission, state, error=refusal.sentence, follow_at=look)
    return settle(submission, Submission.State.SENT, chat=found)


def settle(submission: Submission, state: Submission.State, **values: Any) -> Submission:
    """Writes the outcome, unless the follower has found out meanwhile."""
    unsettled = [Submission.State.SENDING, Submission.State.UNCLEAR]
    values = {"follow_at": None, "error": "", **values}
    values["error"] = values["error"][:500]
    with transaction.atomic():
        Submission.objects.filter(pk=submission.pk, state__in=unsettled).update(
            state=state, updated_at=timezone.now(), **values
        )
    submission.refresh_from_db()
    return submission
