"""Writes the Activity rows. Reading them is the pages' business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from dashboard.models import (
    Activity,
    Chat,
    Deployment,
    Key,
    Membership,
    Project,
    User,
)


def record(
    member: Membership,
    verb: str,
    *,
    target: object,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    chat: Chat | None = None,
    project: Project | None = None,
    deployment: Deployment | None = None,
    key: Key | None = None,
    person: User | None = None,
) -> Activity:
    """One row: who did what to which thing, and how it was before and after.

    `key` is the key that was used or changed; where it is another person's, its owner is the
    second name that the page shows.
    """
    return Activity.objects.create(
        team_id=member.team_id,
        actor_id=member.user_id,
        verb=verb,
        target=str(target)[:500],
        before=dict(before or {}),
        after=dict(after or {}),
        chat=chat,
        project=project,
        deployment=deployment,
        key=key,
        person=person,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
