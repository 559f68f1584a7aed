"""The key ring against the stored keys: do they open with it, and re-sealing under a new one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

import structlog
from django.db import ProgrammingError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import StrIndex, Substr
from django.views.decorators.debug import sensitive_variables

from dashboard import crypto, health
from dashboard.models import Key

log = structlog.get_logger(__name__)

BATCH = 100
SAMPLES = 5  # rows tried for each ring key; one damaged row is no wrong ring


@dataclass
class Rotation:
    """How far a rotation is. `stuck` are the keys that do not open, to be added anew."""

    total: int
    seen: int = 0
    resealed: int = 0
    stuck: list[Key] = field(default_factory=list)


def rotate_ring(*, dry_run: bool = False) -> Iterator[Rotation]:
    """Seals every stored key under the newest ring key, a batch and a transaction at a time.

    Can be stopped anywhere and started again, also twice at once: rows that another process
    holds are left for a second round, which waits for them.
    """
    progress = Rotation(total=stored().count())
    done: set[int] = set()
    for waits in (False, True):
        last = 0
        while True:
            with transaction.atomic():
                rows = stored().select_for_update(skip_locked=not waits).order_by("pk")
                batch = list(rows.filter(pk__gt=last)[:BATCH])
                for key in batch:
                    if key.pk not in done:
                        done.add(key.pk)
                        reseal(key, progress, dry_run=dry_run)
            if not batch:
                break
            last = batch[-1].pk
            progress.seen = len(done)
            yield progress


def stored() -> QuerySet[Key]:
    return Key.objects.exclude(sealed="")


@sensitive_variables("plain")
def reseal(key: Key, progress: Rotation, *, dry_run: bool) -> None:
    try:
        plain = crypto.open_sealed(key.sealed, key.seal_context)
    except crypto.CannotOpen:
        progress.stuck.append(key)
        return
    if crypto.ring_key_of(key.sealed) == crypto.ring().newest:
        return
    progress.resealed += 1
    if not dry_run:
        key.sealed = crypto.seal(plain, key.seal_context)
        key.save(update_fields=["sealed"])


def verify_ring() -> str | None:
    """Says in a sentence what is wrong where stored keys do not open with KEY_RING."""
    name = Substr("sealed", 1, StrIndex("sealed", Value(".")) - 1)
    names = stored().order_by().annotate(ring_key=name).values_list("ring_key", flat=True)
    for used in names.distinct():
        if used not in crypto.ring():
            return (
                f"Stored v0 keys are sealed with the ring key “{used}”, which KEY_RING does not "
                "have. Put it back into KEY_RING, behind the newer ones."
            )
        samples = stored().annotate(ring_key=name).filter(ring_key=used).order_by("-pk")[:SAMPLES]
        if not any(opens(key) for key in samples):
            return (
                f"Stored v0 keys do not open with the ring key “{used}” of KEY_RING: it has "
                "another value than when they were sealed. Put the former value back."
            )
    return None


def opens(key: Key) -> bool:
    try:
        crypto.open_sealed(key.sealed, key.seal_context)
    except crypto.CannotOpen:
        return False
    return True


def stop_on_wrong_ring() -> None:
    """For the start of web and worker: ends the process with the sentence of verify_ring().

    In a thread of its own, because a server may import the app inside of its event loop. An empty
    database passes, and so does one that cannot be reached yet.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        sentence = aside.submit(verify_at_start).result()
    if sentence:
        raise SystemExit(sentence)


def verify_at_start() -> str | None:
    if health.database() != health.OK:
        log.warning("the key ring was not compared with the stored keys: no database")
        return None
    try:
        return verify_ring()
    except ProgrammingError:
        return None  # not migrated yet, so nothing is stored
    finally:
        connection.close()
        # A worker forks next, and a pool does not survive that.
        cast(DatabaseWrapper, connection).close_pool()
