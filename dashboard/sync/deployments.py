"""Deployments, their logs and errors, and the rule by which their state is read from those."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dashboard.models import Chat, Deployment, DeploymentLine, Key, Project, Version
from dashboard.sync.bundles import DeploymentBundle
from dashboard.sync.values import fit, one_writer
from dashboard.upstream.records import DeploymentRecord

# v0 gives a deployment no state. Its log is Vercel's build log, whose last act is to say that the
# deployment is completed or ready; "Build Completed" comes before the outputs are deployed.
COMPLETED = re.compile(r"^\W*deployment (is )?(completed|complete|ready|succeeded)\b", re.I)
SILENCE = timedelta(minutes=30)
LOOK_AGAIN = timedelta(seconds=3)

DEPLOYMENT_FIELDS = [
    "chat", "version", "project", "state", "web_url", "inspector_url", "error_type", "error_text",
    "error_summary", "created_at", "finished_at", "log_since", "follow_at", "gone_at",
]  # fmt: skip
COLUMNS = ["chat_id", "version_id", "project_id", *DEPLOYMENT_FIELDS[3:]]
STATE = Deployment.State


def store_deployment(
    key: Key, chat: Chat, version: Version, record: DeploymentRecord
) -> Deployment:
    """A deployment whose log nobody has read yet; it is followed from now on."""
    with transaction.atomic():
        one_writer(key.team_id)
        save_deployments([(chat, {version.upstream_id: version}, DeploymentBundle(record))])
        return Deployment.objects.get(team=key.team_id, upstream_id=record.id[:100])


def save_deployments(
    told: Iterable[tuple[Chat, dict[str, Version], DeploymentBundle]],
) -> tuple[int, int]:
    """For each deployment its chat, the chat's versions by id, and what was fetched.

    Answers how many were new and how many changed.
    """
    told = [one for one in told if one[2].record.version_id in one[1]]
    if not told:
        return 0, 0
    team_id = told[0][0].team_id
    ids = [bundle.record.id[:100] for _, _, bundle in told]
    existing = {
        row.upstream_id: row for row in Deployment.objects.filter(team=team_id, upstream_id__in=ids)
    }
    project_ids = {bundle.record.project_id for _, _, bundle in told}
    projects = dict(
        Project.objects.filter(team=team_id, upstream_id__in=project_ids).values_list(
            "upstream_id", "pk"
        )
    )
    rows = {}
    for chat, versions, bundle in told:
        before = existing.get(bundle.record.id[:100])
        row = deployment_row(chat, versions[bundle.record.version_id], bundle, before)
        row.project_id = projects.get(bundle.record.project_id, chat.project_id)
        rows[row.upstream_id] = row
    changed = [row for row in rows.values() if differs(row, existing.get(row.upstream_id))]
    stored = Deployment.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["team", "upstream_id"],
        update_fields=DEPLOYMENT_FIELDS,
    )
    keys = {row.upstream_id: row.pk for row in [*existing.values(), *stored]}
    save_lines([(keys[bundle.record.id[:100]], bundle) for _, _, bundle in told])
    new = len(rows.keys() - existing.keys())
    return new, len(changed) - new


def deployment_row(
    chat: Chat, version: Version, bundle: DeploymentBundle, before: Deployment | None
) -> Deployment:
    now = timezone.now()
    record = bundle.record
    row = Deployment(
        team_id=chat.team_id,
        upstream_id=record.id,
        chat=chat,
        version=version,
        web_url=record.web_url,
        inspector_url=record.inspector_url,
        created_at=now,
        follow_at=now,
    )
    if before is not None:
        for name in COLUMNS[3:]:
            if name not in ("web_url", "inspector_url", "gone_at"):
                setattr(row, name, getattr(before, name))
    if bundle.lines is not None:
        heard(row, bundle, is_new=before is None or before.log_since is None)
    fit(row)
    return row


def heard(row: Deployment, bundle: DeploymentBundle, *, is_new: bool) -> None:
    """Reads the state from the log and the errors."""
    lines, now = bundle.lines or [], timezone.now()
    moments = [line.created_at for line in lines]
    if is_new and moments:
        row.created_at = min(moments)
    row.log_since = bundle.next_since
    if moments:
        row.log_since = max(row.log_since or 0.0, max(moments).timestamp())
    row.state, row.follow_at, row.finished_at = STATE.BUILDING, now + LOOK_AGAIN, None
    if bundle.error:
        row.error_type = bundle.error.kind
        row.error_text = bundle.error.text
        row.error_summary = bundle.error.summary
        row.state = STATE.FAILED
    elif any(COMPLETED.search(line.text) for line in lines):
        row.state = STATE.READY
    elif silent_since(row, moments) < now - SILENCE:
        row.state = STATE.UNKNOWN
    if row.state != STATE.BUILDING:
        row.follow_at = None
        row.finished_at = max(moments, default=now) if row.state != STATE.UNKNOWN else None


def silent_since(row: Deployment, moments: list[datetime]) -> datetime:
    """When v0 last said something about it."""
    if moments:
        return max(moments)
    last = None
    if row.log_since:
        last = (
            DeploymentLine.objects.filter(
                deployment__team=row.team_id, deployment__upstream_id=row.upstream_id
            )
            .order_by("-created_at")
            .values_list("created_at", flat=True)
            .first()
        )
    return last or row.created_at


def differs(row: Deployment, before: Deployment | None) -> bool:
    return before is None or any(getattr(row, field) != getattr(before, field) for field in COLUMNS)


def save_lines(told: list[tuple[int, DeploymentBundle]]) -> None:
    """Log lines; those that are stored already are left alone."""
    rows = []
    for deployment_id, bundle in told:
        for line in bundle.lines or ():
            row = DeploymentLine(
                deployment_id=deployment_id,
                upstream_id=line.id,
                created_at=line.created_at,
                stream=line.stream,
                level=line.level,
                text=line.text,
            )
            fit(row)
            rows.append(row)
    DeploymentLine.objects.bulk_create(rows, ignore_conflicts=True)


def mark_gone(team_id: int, upstream_ids: Iterable[str]) -> int:
    """Deployments whose own address answered 404."""
    rows = Deployment.objects.filter(team=team_id, upstream_id__in=upstream_ids, gone_at=None)
    return rows.update(gone_at=timezone.now(), follow_at=None)
