"""Decides what to fetch. Pure: rows and listings go in, ids come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mirrored:
    """What the database has of a thing."""

    digest: str
    seen: bool = True  # by the key that is synced
    gone: bool = False


@dataclass
class Changes:
    fetch: list[str] = field(default_factory=list)  # new, changed, or back again
    look: list[str] = field(default_factory=list)  # seen before and not listed: ask for it alone
    sight: list[str] = field(default_factory=list)  # unchanged, and new to this key


def diff(mirrored: Mapping[str, Mirrored], listed: Mapping[str, str]) -> Changes:
    """Compares a complete listing (id -> digest) with the rows of the team."""
    changes = Changes()
    for id_, digest in listed.items():
        row = mirrored.get(id_)
        if row is None or row.gone or row.digest != digest:
            changes.fetch.append(id_)
        elif not row.seen:
            changes.sight.append(id_)
    changes.look = [
        id_ for id_, row in mirrored.items() if row.seen and not row.gone and id_ not in listed
    ]
    return changes
