"""One chat fetched whole: which requests that takes, and what they brought. Network only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from dashboard.sync.values import version_digest
from dashboard.upstream import Refused, Remote
from dashboard.upstream.records import (
    ChatRecord,
    DeploymentErrorRecord,
    DeploymentRecord,
    FileRecord,
    LineRecord,
    VersionRecord,
)

T = TypeVar("T")

PENDING = "pending"


@dataclass(frozen=True)
class Known:
    """What the database has of a chat already, so that it is not fetched again."""

    versions: Mapping[str, str] = field(default_factory=dict)  # id -> digest
    deployments: Mapping[str, str] = field(default_factory=dict)  # id -> version id


@dataclass
class DeploymentBundle:
    """A deployment; `lines` is None where its log was not asked for."""

    record: DeploymentRecord
    lines: list[LineRecord] | None = None
    next_since: float | None = None
    error: DeploymentErrorRecord = field(default_factory=DeploymentErrorRecord)


@dataclass
class ChatBundle:
    """A chat; `versions` (oldest first) is None where the list of versions was not asked for."""

    record: ChatRecord
    fetched_at: datetime = field(default_factory=timezone.now)
    versions: list[VersionRecord] | None = None
    files: dict[str, tuple[FileRecord, ...]] = field(default_factory=dict)
    deployments: list[DeploymentBundle] = field(default_factory=list)
    gone_deployments: list[str] = field(default_factory=list)
    listing_digest: str = ""
    dark_screenshot_url: str = ""  # of the latest version; only the list of chats tells it

    @property
    def latest(self) -> VersionRecord | None:
        """The newest version, as it was last told."""
        latest = self.versions[-1] if self.versions else self.record.latest
        if latest is None or not self.dark_screenshot_url:
            return latest
        return replace(latest, dark_screenshot_url=self.dark_screenshot_url)


def detail_bundle(record: ChatRecord, versions: list[VersionRecord] | None = None) -> ChatBundle:
    """What a detail alone tells, with the files of its latest version once that is finished."""
    if versions is None and record.versions is not None:
        versions = list(record.versions)
    bundle = ChatBundle(record, versions=versions)
    latest = record.latest
    if latest is not None and latest.status != PENDING and record.latest_files is not None:
        bundle.files[latest.id] = record.latest_files
    return bundle


def fetch_chat(remote: Remote, chat_id: str, known: Known) -> ChatBundle:
    """The chat, its versions, the files and deployments of new and changed ones."""
    fetched_at = timezone.now()
    record = remote.chat(chat_id)
    if record.versions is not None:
        versions = list(record.versions)
    else:
        versions = remote.versions(chat_id) if record.latest else []
    bundle = detail_bundle(record, versions)
    bundle.fetched_at = fetched_at
    changed = [
        version
        for version in versions
        if version.status != PENDING and known.versions.get(version.id) != version_digest(version)
    ]
    # Where v0 keeps no versions, nothing tells that the present files were edited in place.
    for version in changed if remote.keeps_versions else finished(versions)[-1:]:
        if version.id not in bundle.files and readable(remote, record, version):
            files = or_nothing(remote.files, chat_id, version.id)
            if files is not None or not known.versions.get(version.id):
                bundle.files[version.id] = files or ()
    if remote.lists_deployments:
        for version in changed or finished(versions)[-1:]:
            add_deployments(remote, bundle, version.id, known)
    return bundle


def readable(remote: Remote, record: ChatRecord, version: VersionRecord) -> bool:
    """Whether v0 still has the files of this version: where it keeps no versions, only those of
    the newest, and only while nothing else is being written."""
    newest = record.latest is not None and record.latest.id == version.id
    return remote.keeps_versions or (newest and not record.is_running)


def finished(versions: list[VersionRecord]) -> list[VersionRecord]:
    return [version for version in versions if version.status != PENDING]


def add_deployments(remote: Remote, bundle: ChatBundle, version_id: str, known: Known) -> None:
    present, gone = deployments_of(remote, bundle.record.id, version_id, known)
    bundle.deployments += present
    bundle.gone_deployments += gone


def deployments_of(
    remote: Remote, chat_id: str, version_id: str, known: Known
) -> tuple[list[DeploymentBundle], list[str]]:
    """The version's deployments, new ones with their logs, and which known ones are gone.

    Those that are known and missing are asked for by their ids.
    """
    records = or_nothing(remote.deployments, chat_id, version_id)
    if records is None:
        return [], []
    bundles = [
        DeploymentBundle(one) if one.id in known.deployments else fetch_deployment(remote, one)
        for one in records
    ]
    of_version = {id_ for id_, version in known.deployments.items() if version == version_id}
    missing = sorted(of_version - {record.id for record in records})
    return bundles, [id_ for id_ in missing if or_nothing(remote.deployment, id_) is None]


def fetch_deployment(
    remote: Remote, record: DeploymentRecord, since: float | None = None
) -> DeploymentBundle:
    """A deployment with the log since then, and its error."""
    lines, next_since = remote.deployment_lines(record.id, since)
    return DeploymentBundle(record, lines, next_since, remote.deployment_error(record.id))


def or_nothing(ask: Callable[..., T], *ids: str) -> T | None:
    """The answer, or None for what was deleted between two questions."""
    try:
        return ask(*ids)
    except Refused as refusal:
        if refusal.kind != "gone":
            raise
        return None
