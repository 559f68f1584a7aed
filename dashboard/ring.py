"""The key ring against what is sealed with it, v0 keys and the secrets of second factors: does it
open, and re-sealing under a new ring key."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from allauth.mfa.models import Authenticator
from django.db import ProgrammingError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.views.decorators.debug import sensitive_variables

from dashboard import crypto, health
from dashboard.account import SECOND_FACTOR
from dashboard.models import Key

log = structlog.get_logger(__name__)

BATCH = 100
SECRETS = ("secret", "seed", "migrated_codes")  # of what allauth stores of a second factor
SAMPLES = 5  # rows tried for each ring key; one damaged row is no wrong ring


@dataclass
class Rotation:
    """How far a rotation is. `stuck` names what does not open: keys to be added anew, and second
    factors to be set up anew."""

    total: int
    seen: int = 0
    resealed: int = 0
    stuck: list[str] = field(default_factory=list)


def rotate_ring(*, dry_run: bool = False) -> Iterator[Rotation]:
    """Seals every stored secret under the newest ring key, a batch and a transaction at a time.

    Can be stopped anywhere and started again, also twice at once: rows that another process
    holds are left for a second round, which waits for them.
    """
    progress = Rotation(total=stored().count() + factors().count())
    for rows in (stored(), factors()):
        yield from walk(rows, progress, dry_run=dry_run)


def walk(rows: QuerySet[Any], progress: Rotation, *, dry_run: bool) -> Iterator[Rotation]:
    done: set[int] = set()
    before = progress.seen
    for waits in (False, True):
        last = 0
        while True:
            with transaction.atomic():
                free = rows.select_for_update(skip_locked=not waits, of=("self",)).order_by("pk")
                batch = list(free.filter(pk__gt=last)[:BATCH])
                for row in batch:
                    if row.pk not in done:
                        done.add(row.pk)
                        reseal(row, progress, dry_run=dry_run)
            if not batch:
                break
            last = batch[-1].pk
            progress.seen = before + len(done)
            yield progress


def stored() -> QuerySet[Key]:
    return Key.objects.exclude(sealed="")


def factors() -> QuerySet[Any]:
    """Authenticator apps and recovery codes, with what is sealed of each for a look at it.

    What is stored of passkeys is public.
    """
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    sealed = Coalesce(KeyTextTransform("secret", "data"), KeyTextTransform("seed", "data"))
    rows = Authenticator.objects.filter(type__in=kinds).select_related("user")
    return cast(QuerySet[Any], rows.annotate(sealed=sealed))


def reseal(row: Any, progress: Rotation, *, dry_run: bool) -> None:
    name = "sealed" if isinstance(row, Key) else "data"
    try:
        value = resealed(row)
    except crypto.CannotOpen:
        progress.stuck.append(called(row))
        return
    if value == getattr(row, name):
        return
    progress.resealed += 1
    if not dry_run:
        setattr(row, name, value)
        row.save(update_fields=[name])


def called(row: Any) -> str:
    if isinstance(row, Key):
        return f"{row.label} (…{row.last_four}), key {row.pk}"
    return f"{row} of {row.user.email}"


def resealed(row: Any) -> Any:
    """What is sealed in a row, under the newest ring key. Raises CannotOpen."""
    if isinstance(row, Key):
        return anew(row.sealed, row.seal_context)
    secrets = {name: row.data[name] for name in SECRETS if name in row.data}
    for name, sealed in secrets.items():
        several = isinstance(sealed, list)
        found = [anew(each, SECOND_FACTOR) for each in (sealed if several else [sealed])]
        secrets[name] = found if several else found[0]
    return row.data | secrets


@sensitive_variables("plain")
def anew(sealed: str, context: str) -> str:
    """The same under the newest ring key; what is under it already stays as it is."""
    plain = crypto.open_sealed(sealed, context)
    if crypto.ring_key_of(sealed) == crypto.ring().newest:
        return sealed
    return crypto.seal(plain, context)


def verify_ring() -> str | None:
    """Says in a sentence what is wrong where stored secrets do not open with KEY_RING."""
    return wrong(stored(), "v0 keys") or wrong(factors(), "secrets of two-factor sign-in")


def wrong(rows: QuerySet[Any], what: str) -> str | None:
    name = Func("sealed", Value("."), Value(1), function="split_part", output_field=TextField())
    named = rows.filter(sealed__contains=".").annotate(ring_key=name)
    for used in named.order_by().values_list("ring_key", flat=True).distinct():
        if used not in crypto.ring():
            return (
                f"Stored {what} are sealed with the ring key “{used}”, which KEY_RING does not "
                "have. Put it back into KEY_RING, behind the newer ones."
            )
        samples = named.filter(ring_key=used).order_by("-pk")[:SAMPLES]
        if not any(opens(row) for row in samples):
            return (
                f"Stored {what} do not open with the ring key “{used}” of KEY_RING: it has "
                "another value than when they were sealed. Put the former value back."
            )
    return None


def opens(row: Any) -> bool:
    try:
        resealed(row)
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
        log.warning("the key ring was not compared with what is stored: no database")
        return None
    try:
        return verify_ring()
    except ProgrammingError:
        return None  # not migrated yet, so nothing is stored
    finally:
        connection.close()
        # A worker forks next, and a pool does not survive that.
        cast(DatabaseWrapper, connection).close_pool()
