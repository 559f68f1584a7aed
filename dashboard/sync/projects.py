"""Projects: which are listed, which changed, which are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from dashboard.models import Chat, Key, Project, ProjectSight
from dashboard.sync.diff import Mirrored, diff
from dashboard.sync.pipeline import in_batches
from dashboard.sync.progress import Progress
from dashboard.sync.values import fit, one_writer, project_digest
from dashboard.upstream import Remote
from dashboard.upstream.records import ProjectRecord

PROJECT_FIELDS = [
    "name", "description", "instructions", "privacy", "vercel_project_id", "web_url",
    "created_at", "updated_at", "listing_digest", "synced_at", "gone_at",
]  # fmt: skip


def sync_projects(remote: Remote, key: Key, progress: Progress) -> None:
    listed = {project.id: project_digest(project) for project in remote.projects()}
    changes = diff(mirrored(key), listed)
    add_sights(key, changes.sight)
    wanted = [*changes.fetch, *changes.look]
    progress.begin("projects", len(wanted))

    def fetch(project_id: str, known: None) -> ProjectRecord:
        return remote.project(project_id)

    for fetched in in_batches(wanted, lambda ids: None, fetch, progress):
        with transaction.atomic():
            one_writer(key.team_id)
            created = save_projects(key, fetched.things.values(), listed)
            gone = lose_sight(key, fetched.absent)
        changed = len(fetched.things) - created
        progress.count("projects", created=created, changed=changed, gone=gone)


def mirrored(key: Key) -> dict[str, Mirrored]:
    seen = ProjectSight.objects.filter(project=OuterRef("pk"), key=key)
    rows = Project.objects.filter(team=key.team_id).annotate(seen=Exists(seen))
    return {
        row["upstream_id"]: Mirrored(row["listing_digest"], row["seen"], row["gone_at"] is not None)
        for row in rows.values("upstream_id", "listing_digest", "seen", "gone_at")
    }


def store_project(key: Key, record: ProjectRecord) -> Project:
    """What v0 answered about one project."""
    with transaction.atomic():
        one_writer(key.team_id)
        save_projects(key, [record], {})
        return Project.objects.get(team=key.team_id, upstream_id=record.id[:100])


def save_projects(key: Key, records: Iterable[ProjectRecord], listed: Mapping[str, str]) -> int:
    """Writes rows and sights; answers how many were new. `listed` gives the digests."""
    rows = {}
    for record in records:
        row = Project(
            team_id=key.team_id,
            upstream_id=record.id,
            name=record.name,
            description=record.description,
            instructions=record.instructions,
            privacy=record.privacy,
            vercel_project_id=record.vercel_project_id,
            web_url=record.web_url,
            created_at=record.created_at,
            updated_at=record.updated_at or record.created_at,
            listing_digest=listed.get(record.id) or project_digest(record),
            synced_at=timezone.now(),
        )
        fit(row)
        rows[row.upstream_id] = row
    present = Project.objects.filter(team=key.team_id, upstream_id__in=rows.keys())
    known = set(present.values_list("upstream_id", flat=True))
    stored = Project.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["team", "upstream_id"],
        update_fields=PROJECT_FIELDS,
    )
    ProjectSight.objects.bulk_create(
        [ProjectSight(project_id=row.pk, key=key) for row in stored], ignore_conflicts=True
    )
    for record in records:
        adopt_chats(rows[record.id[:100]], record.chat_ids)
    return len(rows.keys() - known)


def adopt_chats(project: Project, chat_ids: Iterable[str]) -> None:
    """Chats that were stored before their project was."""
    orphans = Chat.objects.filter(
        team=project.team_id, upstream_id__in=list(chat_ids), project=None, gone_at=None
    )
    orphans.exclude(unassigned_from=project.upstream_id).update(project=project)


def add_sights(key: Key, upstream_ids: Iterable[str]) -> None:
    """Projects that were stored with another key."""
    rows = Project.objects.filter(team=key.team_id, upstream_id__in=list(upstream_ids))
    ProjectSight.objects.bulk_create(
        [ProjectSight(project=row, key=key) for row in rows.only("pk")], ignore_conflicts=True
    )


def lose_sight(key: Key, absent: Mapping[str, str]) -> int:
    """This key was refused these; those that were 404 and that no other key sees are gone."""
    sights = ProjectSight.objects.filter(project__team=key.team_id)
    sights.filter(key=key, project__upstream_id__in=absent.keys()).delete()
    missing = [id_ for id_, kind in absent.items() if kind == "gone"]
    others = ProjectSight.objects.filter(
        project=OuterRef("pk"),
        key__removed_at=None,
        key__state__in=[Key.State.OK, Key.State.PAUSED],
    )
    gone = Project.objects.filter(~Exists(others), team=key.team_id, upstream_id__in=missing)
    return gone.filter(gone_at=None).update(gone_at=timezone.now())
