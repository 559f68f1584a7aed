"""Forks and new projects: kept with where they came from, and looked for where v0's answer was
lost. A match has to be certain; nothing is ever made again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dashboard.models import Chat, Key, Project, Submission, Version
from dashboard.sync.chats import store_chat
from dashboard.sync.projects import store_project
from dashboard.sync.values import clean
from dashboard.sync.versions import content_of
from dashboard.upstream import Refused, Remote
from dashboard.upstream.records import ChatListing, ChatRecord, FileRecord

PROJECT_FIELDS = ("name", "description", "instructions", "privacy")
MOST_ASKED = 5  # details of chats that may be the fork


def keep_fork(key: Key, record: ChatRecord, version: Version) -> Chat:
    """The fork with its lineage, which v0 itself does not keep."""
    with transaction.atomic():
        fork = store_chat(key, record)
        fork.forked_from_id, fork.forked_from_version = version.chat_id, version
        fork.save(update_fields=["forked_from", "forked_from_version"])
    return fork


def descent(version: Version) -> dict[str, str]:
    """What a chat made from stored files says in v0 of where they are from."""
    chat, told = version.chat, version.former_of or version
    return {
        "forkedFromGeneration": chat.generation,
        "forkedFromChat": chat.upstream_id,
        "forkedFromVersion": told.upstream_id,
        **({"forkedFromState": str(version.edition)} if version.is_former else {}),
    }


def fork_details(fork: Chat) -> dict[str, Any]:
    """What the history says about a fork."""
    version = fork.forked_from_version
    source = f"{version.chat.public_label}, {version.name}" if version else ""
    return {"forked_from": source, "privacy": fork.privacy}


def forked(remote: Remote, submission: Submission, since: datetime) -> Chat | None:
    """The chat of this account, made since, whose files are those of the version.

    None where there is no such chat, or more than one.
    """
    version = (
        Version.objects.select_related("chat").filter(pk=submission.request["version"]).first()
    )
    files = dict(version.files.values_list("path", "content_id")) if version else {}
    if version is None or not files:
        return None
    v0 = remote.of(version.chat.generation)
    found = []
    for listing in candidates(v0, submission, since):
        record = chat_or_none(v0, listing)
        if record is not None and contents(latest_files(v0, record)) == files:
            found.append(record)
    return keep_fork(submission.key, found[0], version) if len(found) == 1 else None


def candidates(remote: Remote, submission: Submission, since: datetime) -> list[ChatListing]:
    """New chats of this account that were not there before and are nobody's fork yet."""
    request = submission.request
    team = Chat.objects.filter(team=submission.team_id).exclude(forked_from=None)
    taken = {*request["besides"], *team.values_list("upstream_id", flat=True)}
    fitting = [
        listing
        for listing in remote.newest_chats()
        if listing.created_at >= since
        and listing.id not in taken
        and listing.author_id == (submission.key.upstream_user_id or listing.author_id)
        and listing.privacy == request["privacy"]
    ]
    return fitting[:MOST_ASKED]


def chat_or_none(remote: Remote, listing: ChatListing) -> ChatRecord | None:
    try:
        return remote.chat(listing.id)
    except Refused as refusal:
        if refusal.kind != "gone":
            raise
        return None


def latest_files(remote: Remote, record: ChatRecord) -> tuple[FileRecord, ...]:
    """v2 does not tell them with the chat."""
    if record.latest_files is not None:
        return record.latest_files
    return remote.files(record.id, record.latest.id) if record.latest else ()


def contents(files: tuple[FileRecord, ...]) -> dict[str, str]:
    return {clean(file.path): content_of(file).sha256 for file in files}


def created(remote: Remote, submission: Submission, since: datetime) -> Project | None:
    """The one project of that name, made since, that was not there before."""
    request = submission.request
    fitting = [
        listing.id
        for listing in remote.projects()
        if listing.created_at >= since
        and listing.id not in request["besides"]
        and listing.name == request["name"]
    ]
    if len(fitting) != 1:
        return None
    return store_project(submission.key, remote.project(fitting[0]))
