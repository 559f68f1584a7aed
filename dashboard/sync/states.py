"""Former states of versions: what a version had before it was edited in place, in v0 or from here.

The stored files move to a row of their own, with the time at which v0 says that others came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from dashboard.models import Version, VersionFile


@dataclass(frozen=True)
class Edit:
    """A version as it is stored, and as v0 tells it now."""

    before: Version
    after: Version


def keep_former(edits: Sequence[Edit]) -> None:
    """The stored files of each version become a former state of it. Runs in a transaction, as
    one_writer; the new files are written afterwards."""
    if not edits:
        return
    counted = Version.states.filter(former_of__in=[edit.before.pk for edit in edits])
    last = dict(counted.values_list("former_of").annotate(last=Max("edition")))
    rows = [former(edit, last.get(edit.before.pk, 0) + 1) for edit in edits]
    Version.states.bulk_create(rows)
    for row in rows:
        VersionFile.objects.filter(version=row.former_of_id).update(version=row.pk)


def former(edit: Edit, edition: int) -> Version:
    """The row of a state that is over. v0 does not show it any more, so nothing leads there."""
    before, after = edit.before, edit.after
    is_told = after.updated_at > before.updated_at
    replaced_at = after.updated_at if is_told else timezone.now()
    return Version(
        chat_id=before.chat_id,
        upstream_id=f"{before.pk}~{edition}",  # v0's ids have no such sign
        number=after.number,
        status=before.status,
        created_at=before.updated_at,
        updated_at=replaced_at,
        files_at=before.files_at,
        former_of_id=before.pk,
        edition=edition,
        replaced_at=replaced_at,
    )


def renumber(versions: Iterable[Version]) -> None:
    """Former states are called by the number of their version."""
    for version in versions:
        Version.states.filter(former_of=version.pk).update(number=version.number)
