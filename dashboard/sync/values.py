"""What v0 says, made fit for the database: text, lengths, addresses, digests."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.db import connection, models

from dashboard.models import Team
from dashboard.upstream.records import ChatListing, ProjectListing, VersionRecord

M = TypeVar("M", bound=models.Model)


def clean(text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL, and halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text


def clean_json(value: Any) -> Any:
    """The same for all texts in JSON data; numbers that JSON does not know become null."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list | tuple):
        return [clean_json(part) for part in value]
    if isinstance(value, dict):
        return {clean(str(key)): clean_json(part) for key, part in value.items()}
    return value


def fit(row: M) -> M:
    """The row with every text clean and no longer than its column; addresses that cannot be
    followed are dropped."""
    values = row.__dict__
    for name, kind, longest in text_columns(type(row)):
        value = values[name]
        if kind == "json":
            values[name] = clean_json(value)
        elif kind == "address":
            values[name] = address(clean(value), longest)
        elif value:
            values[name] = clean(value)[:longest]
    return row


@cache
def text_columns(model: type[models.Model]) -> list[tuple[str, str, int | None]]:
    """The columns of a model that hold text: name, kind, longest value."""
    columns: list[tuple[str, str, int | None]] = []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            columns.append((field.attname, "json", None))
        elif isinstance(field, models.URLField):
            columns.append((field.attname, "address", field.max_length))
        elif isinstance(field, models.CharField | models.TextField):
            columns.append((field.attname, "text", field.max_length))
    return columns


def address(text: str, most: int | None) -> str:
    """A web address, or nothing: half an address leads astray, and javascript: is none."""
    if not text or (most is not None and len(text) > most):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def digest(*parts: Any) -> str:
    """Stays equal as long as the parts do."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def sha256(text: str) -> str:
    """The name of a content."""
    return hashlib.sha256(text.encode()).hexdigest()


def chat_digest(listing: ChatListing) -> str:
    """Of what the list says about a chat, without what may differ from person to person."""
    latest = listing.latest
    return digest(
        listing.name,
        listing.privacy,
        listing.author_id,
        listing.project_id,
        listing.vercel_project_id,
        stamp(listing.updated_at),
        latest and (latest.id, latest.status, stamp(latest.updated_at), latest.screenshot_url),
    )


def project_digest(listing: ProjectListing) -> str:
    return digest(
        listing.name, listing.privacy, listing.vercel_project_id, stamp(listing.updated_at)
    )


def version_digest(version: VersionRecord) -> str:
    """While it stays equal, the files are the same."""
    return digest(version.status, stamp(version.updated_at))


def stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """New rows that cannot conflict. Of the many rows of a first sync, COPY takes a tenth of the
    time that bulk_create does."""
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def one_writer(team: Team | int) -> None:
    """Until the transaction ends, nobody else stores what v0 said for this team.

    Two keys of a team see the same chats; without this their bulk writes could deadlock.
    """
    with connection.cursor() as cursor:
        number = team if isinstance(team, int) else team.pk
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dashboard.sync'), %s)", [number])
