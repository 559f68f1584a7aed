"""Chats as they are stored: rows, sights, and everything that came with them.

Which chats are fetched and in what order is in mirror.py, messages are in messages.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from dashboard.models import Chat, ChatSight, Key, Project, Version
from dashboard.sync import inbox, messages
from dashboard.sync.account import authors_of
from dashboard.sync.bundles import PENDING, ChatBundle, detail_bundle
from dashboard.sync.deployments import mark_gone, save_deployments
from dashboard.sync.values import fit, one_writer
from dashboard.sync.versions import Told, save_versions
from dashboard.upstream.records import ChatRecord, VersionRecord

CHAT_FIELDS = [
    "generation", "name", "privacy", "favorite", "can_write", "author", "project",
    "unassigned_from", "vercel_project_id", "web_url", "model_id", "metadata", "status",
    "version_count", "screenshot_url", "dark_screenshot_url", "created_at", "updated_at",
    "listing_digest", "synced_at", "running_since", "follow_at", "gone_at",
]  # fmt: skip
Counts = dict[str, dict[str, int]]
STATUS = Chat.Status
FIRST_LOOK = timedelta(seconds=2)
# v0 takes a moment before a prompt shows as a version; until then the last one looks finished.
SLOW_START = timedelta(minutes=2)


def store_chat(key: Key, record: ChatRecord, versions: list[VersionRecord] | None = None) -> Chat:
    """What v0 answered about one chat, with its messages and its latest version's files."""
    with transaction.atomic():
        one_writer(key.team_id)
        save_chats(key, [detail_bundle(record, versions)])
        rows = Chat.objects.select_related("project", "author")
        return rows.get(team=key.team_id, upstream_id=record.id[:100])


def save_chats(key: Key, bundles: Iterable[ChatBundle]) -> Counts:
    """Writes everything that was fetched of these chats. Runs in a transaction, as one_writer."""
    bundles = sorted(bundles, key=lambda bundle: bundle.record.id)
    ids = [bundle.record.id[:100] for bundle in bundles]
    rows = Chat.objects.filter(team=key.team_id, upstream_id__in=ids)
    existing = {row.upstream_id: row for row in rows}
    bundles = [b for b in bundles if not is_stale(b, existing.get(b.record.id[:100]))]
    authors = authors_of(key.team_id, messages.people(bundles))
    projects = projects_of(key, bundles)
    chats = {}
    for bundle in bundles:
        before = existing.get(bundle.record.id[:100])
        row = chat_row(key, bundle, before)
        row.author_id = authors.get(bundle.record.author_id[:100])
        place(row, before, bundle.record.project_id, projects)
        chats[row.upstream_id] = row
    Chat.objects.bulk_create(
        chats.values(),
        update_conflicts=True,
        unique_fields=["team", "upstream_id"],
        update_fields=CHAT_FIELDS,
    )
    ChatSight.objects.bulk_create(
        [ChatSight(chat=row, key=key, can_write=row.can_write) for row in chats.values()],
        update_conflicts=True,
        unique_fields=["chat", "key"],
        update_fields=["can_write"],
    )
    pairs = [(chats[bundle.record.id[:100]], bundle) for bundle in bundles]
    messages.save_messages(pairs, authors)
    inbox.save_asks(pairs)
    created = len(chats.keys() - existing.keys())
    return {"chats": {"created": created, "changed": len(pairs) - created}} | save_parts(key, pairs)


def save_parts(key: Key, pairs: list[tuple[Chat, ChatBundle]]) -> Counts:
    """Versions with files, and deployments."""
    told: list[Told] = []
    for chat, bundle in pairs:
        complete = bundle.versions is not None
        latest = [bundle.latest] if bundle.latest else []
        told.append((chat, bundle.versions or latest, complete, bundle.files))
    saved = save_versions(told)
    deployments = []
    for chat, bundle in pairs:
        by_id = {row.upstream_id: row for row in saved.by_chat[chat.pk]}
        deployments += [(chat, by_id, one) for one in bundle.deployments]
    created, changed = save_deployments(deployments)
    gone = mark_gone(key.team_id, [id_ for _, b in pairs for id_ in b.gone_deployments])
    return {
        "versions": {"created": saved.created, "changed": saved.changed},
        "deployments": {"created": created, "changed": changed, "gone": gone},
    }


def is_stale(bundle: ChatBundle, before: Chat | None) -> bool:
    """Fetched before, and older than, what has been stored meanwhile."""
    told = bundle.record.updated_at
    if before is None or before.synced_at is None or told is None:
        return False
    return before.synced_at > bundle.fetched_at and before.updated_at > told


def chat_row(key: Key, bundle: ChatBundle, before: Chat | None) -> Chat:
    """The row as it is to be, without its author and project."""
    record, latest, now = bundle.record, bundle.latest, timezone.now()
    row = Chat(
        team_id=key.team_id,
        upstream_id=record.id,
        generation=record.generation,
        name=record.name,
        privacy=record.privacy,
        favorite=record.favorite,
        can_write=record.can_write,
        vercel_project_id=record.vercel_project_id,
        web_url=record.web_url,
        model_id=record.model_id,
        metadata=record.metadata,
        status=status_of(bundle, before),
        version_count=version_count(bundle, before),
        screenshot_url=latest.screenshot_url if latest else "",
        dark_screenshot_url=latest.dark_screenshot_url if latest else "",
        created_at=record.created_at,
        updated_at=record.updated_at or record.created_at,
        listing_digest=bundle.listing_digest or (before.listing_digest if before else ""),
        synced_at=now,
    )
    if before is not None and not row.dark_screenshot_url:
        same = before.screenshot_url == row.screenshot_url
        row.dark_screenshot_url = before.dark_screenshot_url if same else ""
    if row.status == STATUS.RUNNING:
        row.running_since = (before.running_since if before else None) or begun_at(bundle)
        row.follow_at = (before.follow_at if before else None) or now + FIRST_LOOK
    fit(row)
    return row


def begun_at(bundle: ChatBundle) -> datetime:
    """When v0 began to write, which may be long before it was first seen here."""
    now, latest, said = timezone.now(), bundle.latest, bundle.record.messages
    if latest is not None and latest.status == PENDING:
        return min(latest.created_at, now)
    return min(said[-1].created_at, now) if bundle.record.ending and said else now


def status_of(bundle: ChatBundle, before: Chat | None) -> str:
    """Read from the latest version; a new value of v0's counts as ready."""
    latest = bundle.latest
    if bundle.record.is_running or (latest is not None and latest.status == PENDING):
        return STATUS.RUNNING
    if before is not None and is_expected(bundle, before):
        return STATUS.RUNNING
    if bundle.record.ask is not None:
        return STATUS.WAITING
    if bundle.record.ending == "failed" or (latest is not None and latest.status == "failed"):
        return STATUS.FAILED
    return STATUS.READY if latest is not None else STATUS.EMPTY


def is_expected(bundle: ChatBundle, before: Chat) -> bool:
    """A prompt was sent a moment ago, and nothing has come of it that we did not have before."""
    started = before.running_since
    if before.status != STATUS.RUNNING or started is None:
        return False
    said = bundle.record.messages
    if started < timezone.now() - SLOW_START or (said and said[-1].finish_reason):
        return False
    if bundle.latest is None:
        return True
    known = Version.objects.filter(chat=before, upstream_id=bundle.latest.id)
    return known.exclude(files_at=None).exists()


def version_count(bundle: ChatBundle, before: Chat | None) -> int:
    if bundle.versions is not None:
        return len(bundle.versions)
    known = Version.objects.filter(chat=before).count() if before else 0
    if bundle.latest is None:
        return known
    is_known = before is not None and before.versions.filter(upstream_id=bundle.latest.id).exists()
    return known if is_known else known + 1


def projects_of(key: Key, bundles: Iterable[ChatBundle]) -> dict[str, int]:
    ids = {bundle.record.project_id for bundle in bundles if bundle.record.project_id}
    rows = Project.objects.filter(team=key.team_id, upstream_id__in=ids)
    return dict(rows.values_list("upstream_id", "pk"))


def place(row: Chat, before: Chat | None, project_id: str, projects: Mapping[str, int]) -> None:
    """Puts the chat into its project, unless a person took it out of that very one here."""
    if before is not None and before.unassigned_from and before.unassigned_from == project_id:
        row.unassigned_from = before.unassigned_from
        return
    row.project_id = projects.get(project_id)


def add_sights(key: Key, upstream_ids: Iterable[str]) -> None:
    """Chats that were stored with another key."""
    rows = Chat.objects.filter(team=key.team_id, upstream_id__in=list(upstream_ids))
    ChatSight.objects.bulk_create(
        [ChatSight(chat=row, key=key) for row in rows.only("pk")], ignore_conflicts=True
    )


def lose_sight(key: Key, absent: Mapping[str, str]) -> int:
    """This key saw these and was refused them now, by their own addresses ("gone" is a 404).

    A chat is gone when that was a 404 and no other key sees it: v0 hides what a key may not see.
    The last key that saw it keeps its sight, for the memory of a private chat is not everybody's.
    """
    missing = [id_ for id_, kind in absent.items() if kind == "gone"]
    others = ChatSight.objects.exclude(key=key).filter(
        chat=OuterRef("pk"), key__removed_at=None, key__state__in=[Key.State.OK, Key.State.PAUSED]
    )
    number = bury(Chat.objects.filter(~Exists(others), team=key.team_id, upstream_id__in=missing))
    sights = ChatSight.objects.filter(key=key, chat__team=key.team_id, chat__gone_at=None)
    sights.filter(chat__upstream_id__in=absent.keys()).delete()
    return number


def bury(chats: QuerySet[Chat]) -> int:
    """Chats that v0 does not have any more stay as tombstones, which nobody follows."""
    inbox.close_asks(chats)
    return chats.filter(gone_at=None).update(
        gone_at=timezone.now(), follow_at=None, running_since=None
    )
