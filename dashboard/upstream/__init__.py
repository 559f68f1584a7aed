"""v0 in one vocabulary: connect() opens a key and gives a Remote, whose verbs give records.

Nothing here writes rows; the plain key lives only inside connect() and the client it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

import v0client
from dashboard import crypto
from dashboard.models import Generation, Key
from dashboard.upstream.errors import NotOffered, Refused, refused
from dashboard.upstream.pace import Pace
from dashboard.upstream.prompts import NONCE
from dashboard.upstream.remote import Remote
from dashboard.upstream.v1 import RemoteV1
from dashboard.upstream.v2 import RemoteV2
from v0client import V0, Answer
from v0client.capabilities import Capabilities
from v0client.errors import InvalidRequest

__all__ = [
    "NONCE",
    "NotOffered",
    "Refused",
    "Remote",
    "can",
    "connect",
    "connect_plain",
    "embeds_vercel_token",
    "forget_background",
]

USED_EVERY = timedelta(minutes=1)
LONGEST_WAIT = 3600.0

Hook = Callable[[], None]


def can(generation: str, capability: str) -> str | None:
    """None where this generation of v0's API has it, else why not, in words. The names are those of
    v0client's capabilities."""
    if generation not in Generation.values:
        return "This chat was made with another generation of v0's API, which is only read here."
    return Capabilities().why_not(generation, capability)


@contextmanager
def connect(
    key: Key, *, background: bool = False, on_answer: Hook | None = None
) -> Iterator[Remote]:
    """v0 as this key sees it, in v1; `of` gives v2. Background work is patient and leaves room
    for people.

    `on_answer` is called after each answer of v0, from any thread.
    """
    note_use(key)
    try:
        plain = crypto.open_sealed(key.sealed, key.seal_context)
    except crypto.CannotOpen:
        raise Refused(
            "The stored key cannot be opened with the present key ring. Ask whoever runs this "
            "dashboard to check KEY_RING, or add the key again.",
            kind="broken",
        ) from None
    with opened(plain, str(key.pk), background=background, on_answer=on_answer) as remote:
        yield remote


@contextmanager
def connect_plain(secret: str) -> Iterator[Remote]:
    """v0 as a key sees it that is not stored yet."""
    with opened(secret, crypto.fingerprint(secret)[:16], background=False) as remote:
        yield remote


@contextmanager
def opened(
    secret: str, name: str, *, background: bool, on_answer: Hook | None = None
) -> Iterator[Remote]:
    """A client, its pace, and the Remote over both."""
    pace = Pace(name, background=background)

    def heard(answer: Answer) -> None:
        if on_answer is not None and answer.status:
            on_answer()
        keep_pace(pace, answer)

    try:
        client = V0(
            secret,
            base_url=settings.V0_BASE_URL,
            timeout=settings.V0_TIMEOUT,
            max_retries=settings.V0_RETRIES if background else 0,
            on_answer=heard,
        )
    except InvalidRequest as error:
        refusal = refused(error)
    else:
        with client:
            yield in_both(client, pace, patient=background)
        return
    raise refusal


def in_both(client: V0, pace: Pace, *, patient: bool) -> Remote:
    """v1, which knows v2, and the other way round."""
    kinds = (RemoteV1, RemoteV2)
    remotes = {kind.generation: kind(client, pace, patient=patient) for kind in kinds}
    for remote in remotes.values():
        remote.generations = remotes
    return remotes["v1"]


def keep_pace(pace: Pace, answer: Answer) -> None:
    """Tells the pace of an answer, and to slow down where v0 asks for it."""
    pace.heard(answer.status or 0)
    if answer.status == 429:
        pace.slow_down(told_to_wait(answer))


def told_to_wait(answer: Answer) -> float | None:
    """Seconds that v0 asks to wait, within reason."""
    return None if answer.retry_after is None else min(answer.retry_after, LONGEST_WAIT)


def note_use(key: Key) -> None:
    """Remembers that the key was used, at most once a minute."""
    now = timezone.now()
    unused = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        Key.objects.filter(unused, pk=key.pk).update(last_used_at=now)
        key.last_used_at = now


def forget_background(key: Key) -> None:
    """Frees what a dead worker of this key still holds; its successor calls this."""
    Pace(str(key.pk), background=True).forget_background()


def embeds_vercel_token(plain: str) -> bool:
    """Whether whoever has this key can act on Vercel, too."""
    return v0client.Key(plain).embeds_vercel_token
