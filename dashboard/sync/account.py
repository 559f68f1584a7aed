"""Whose key it is: the account, its scopes, and the author that the account is."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.models import Author, Key
from dashboard.sync.progress import Progress
from dashboard.sync.values import fit
from dashboard.upstream import Remote
from dashboard.upstream.records import AccountRecord

ACCOUNT_FIELDS = ["upstream_user_id", "upstream_name", "upstream_email", "scopes"]


def sync_account(remote: Remote, key: Key, progress: Progress) -> None:
    store_account(key, remote.account())
    progress.count("account", read=1)


def store_account(key: Key, record: AccountRecord) -> None:
    """Notes on the key who it belongs to, and what this person is called."""
    key.upstream_user_id = record.id
    key.upstream_name = record.name
    key.upstream_email = record.email
    key.scopes = list(record.scopes)
    fit(key)
    key.save(update_fields=ACCOUNT_FIELDS)
    author = Author(
        team_id=key.team_id,
        upstream_id=record.id,
        name=record.name,
        email=record.email,
        avatar_url=record.avatar_url,
    )
    Author.objects.bulk_create(
        [fit(author)],
        update_conflicts=True,
        unique_fields=["team", "upstream_id"],
        update_fields=["name", "email", "avatar_url"],
    )


def authors_of(team_id: int, upstream_ids: Iterable[str]) -> dict[str, int]:
    """The rows of these people of v0; unknown ones get a row without a name."""
    wanted = {id_[:100] for id_ in upstream_ids if id_}
    rows = Author.objects.filter(team=team_id, upstream_id__in=wanted)
    found = dict(rows.values_list("upstream_id", "pk"))
    missing = sorted(wanted - found.keys())
    if missing:
        Author.objects.bulk_create(
            [Author(team_id=team_id, upstream_id=id_) for id_ in missing], ignore_conflicts=True
        )
        found |= dict(rows.values_list("upstream_id", "pk"))
    return found
