"""Carries a version of v1 over to v2: downloads it, begins a chat with the archive, and compares
the hash of every file. An interrupted one goes on without making a second copy, for v2 is asked
for a chat with this row's nonce in its metadata before one is made."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import kombu.exceptions
import structlog
from celery import signature
from django.db import DatabaseError, Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from redis import RedisError

from dashboard import packing, upstream
from dashboard.models import Activity, Carry, Chat
from dashboard.models.carry import CarryQuerySet
from dashboard.sync.mirror import mirror_chat
from dashboard.sync.runs import OUR_FAULT
from dashboard.sync.submissions import LOOK_FOR
from dashboard.upstream import Refused, Remote
from dashboard.upstream.prompts import Source
from dashboard.upstream.records import ChatRecord

LEASE = timedelta(seconds=45)  # a dead worker's carry is free after this long
RENEW_EVERY = 15.0  # seconds
LOOK_EVERY = timedelta(seconds=20)
MOST_ATTEMPTS = 12  # at LOOK_EVERY longer than LOOK_FOR
AT_ONCE = 20
LARGEST_ARCHIVE = 3_000_000  # bytes; base64 in a JSON body makes four of three
LARGEST_CONTENT = 50_000_000
LATER = ("busy", "unreachable", "broken", "slow", "unclear")  # kinds of refusals that pass
STATE = Carry.State
TOO_LARGE = "Packed, this version has more than 3 MB, which v2 does not take in one request."
UNREADABLE = "The archive that v0 packed cannot be read. Try again later."
NO_TRACE = "v2 has no such chat, so it was not carried. You can try again."
SLOW = "v2 does not show the files of the copy. Try again later; it is found then, not made again."
# Why the chat in v1 does not name its copy.
ONE_SIDED = "The copy names both ids, and they are kept together here."
UNTAGGED = {
    "forbidden": f"Only its author may change the v1 chat; it does not name its copy. {ONE_SIDED}",
    "gone": f"v1 does not have the chat any more. {ONE_SIDED}",
}
UNTAGGED_ELSE = f"v1 did not note the copy's id in its chat. {ONE_SIDED}"
NO_FILES = "v1 does not have this version any more, and its files are not stored here."
log = structlog.get_logger("dashboard.carry")


@dataclass(frozen=True)
class Packed:
    """A version as v1 packs it, and the SHA-256 of each of its files by path."""

    archive: bytes
    hashes: Mapping[str, str]


class Lost(Exception):
    """Another worker has begun with it: this one slept for longer than its lease."""


class Waits(Exception):
    """v2 was asked to make the chat, and does not show it or its files yet."""


def dispatch(carry_id: int) -> None:
    """Hands a carry to a worker. Where the broker is away, beat does it later."""
    try:
        # By name: tasks are doors to this module, which does not import them.
        signature("dashboard.tasks.run_carry", args=(carry_id,)).delay()
    except (kombu.exceptions.OperationalError, RedisError) as error:
        log.warning("carry not dispatched", carry=carry_id, reason=type(error).__name__)


def carry_due() -> None:
    """Takes up what is due, and what a dead worker has left."""
    for carry_id in Carry.objects.due().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        run(carry_id)


def run(carry_id: int) -> None:
    """Does one carry, unless another worker has it."""
    now = timezone.now()
    due = Carry.objects.due().filter(pk=carry_id)
    if not due.update(state=STATE.RUNNING, claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return
    rows = Carry.objects.select_related("key__team", "source", "version", "target")
    carry = rows.get(pk=carry_id)
    try:
        with held(carry), upstream.connect(carry.key, background=True) as remote:
            carry_over(remote, carry)
    except Lost:
        log.warning("carry lost its lease", carry=carry.pk)
    except Waits:
        if carry.attempts < MOST_ATTEMPTS:
            again(carry)
        else:
            end(carry, STATE.FAILED, error=SLOW)
    except Refused as refusal:
        if refusal.kind in LATER and carry.attempts < MOST_ATTEMPTS:
            again(carry, timedelta(seconds=refusal.retry_after or 0))
        else:
            end(carry, STATE.FAILED, error=refusal.sentence)
    except DatabaseError:
        raise  # nothing can be written now; the claim ends by itself
    except Exception:
        log.exception("carry failed", carry=carry.pk)
        end(carry, STATE.FAILED, error=OUR_FAULT)


@contextmanager
def held(carry: Carry, every: float = RENEW_EVERY) -> Iterator[None]:
    """Inside, the carry stays this worker's, however long v0 takes. One that dies keeps nothing."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(every):
            try:
                mine(carry).update(claimed_until=timezone.now() + LEASE)
            except Error:
                log.warning("carry not renewed", carry=carry.pk)
            finally:
                connection.close()

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def mine(carry: Carry) -> CarryQuerySet:
    """The row, as long as no other worker has begun with it since."""
    return Carry.objects.filter(pk=carry.pk, state=STATE.RUNNING, attempts=carry.attempts)


def again(carry: Carry, pause: timedelta = LOOK_EVERY) -> None:
    later = timezone.now() + max(pause, LOOK_EVERY)
    mine(carry).update(state=STATE.QUEUED, claimed_until=None, look_at=later)


def end(carry: Carry, state: Carry.State, *, error: str = "") -> None:
    mine(carry).update(
        state=state, error=error[:500], claimed_until=None, look_at=None,
        finished_at=timezone.now(),
    )  # fmt: skip


def carry_over(remote: Remote, carry: Carry) -> None:
    """All of it; what was done before the interruption is found instead of done again."""
    v2 = remote.of("v2")
    packed = archive(remote.of("v1"), carry)
    # By its nonce: anybody can begin a chat that claims these ids.
    record = v2.chat_of_nonce(str(carry.nonce), carry.created_at) or made(v2, carry, packed)
    mirror_chat(v2, carry.key, record.id)
    target = Chat.objects.get(team=carry.team_id, upstream_id=record.id[:100])
    arrived = files_of(target)
    if not arrived:  # v2 is still unpacking
        raise Waits
    files = compared(packed.hashes, arrived)
    is_same = all(file["before"] == file["after"] for file in files)
    note = tag_source(remote.of("v1"), carry, record.id)
    with transaction.atomic():
        Chat.objects.filter(pk=target.pk).update(
            forked_from=carry.source, forked_from_version=carry.version
        )
        Carry.objects.filter(pk=carry.pk).update(target=target, files=files, sent_at=None)
        end(carry, STATE.DONE if is_same else STATE.DIFFERS, error=note)
        remember(carry, target)


def archive(v1: Remote, carry: Carry) -> Packed:
    """The version from v1, or from the stored files where v1 has it no more."""
    chat, version = carry.source, carry.version
    try:
        with v1.download(chat.upstream_id, version.upstream_id, whole=True) as found:
            content = bounded(found.pieces)
    except Refused as refusal:
        if refusal.kind != "gone":
            raise
        rows = list(version.files.select_related("content").order_by("path"))
        if not rows:
            raise Refused(NO_FILES, kind="gone") from None
        files = ((row.path, row.content.data) for row in rows)
        content = packing.zipped(files, version.created_at)
    if len(content) > LARGEST_ARCHIVE:
        raise Refused(TOO_LARGE, kind="too-large")
    unpacked = packing.unzipped(content, LARGEST_CONTENT)
    if unpacked is None:
        raise Refused(UNREADABLE, kind="invalid")
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in unpacked.items()}
    return Packed(content, hashes)


def bounded(pieces: Iterator[bytes]) -> bytes:
    content = b""
    for piece in pieces:
        content += piece
        if len(content) > LARGEST_ARCHIVE:
            break
    return content


def tags(carry: Carry) -> dict[str, str]:
    """What the chat in v2 says of where it comes from."""
    return {
        "migratedFrom": "v1",
        "v1ChatId": carry.source.upstream_id,
        "v1VersionId": carry.version.upstream_id,
    }


def made(v2: Remote, carry: Carry, packed: Packed) -> ChatRecord:
    """A new chat with the archive. After a lost answer v2 has to have had time to show the chat
    before this is called a failure; only a person tries again then."""
    now = timezone.now()
    if carry.sent_at is not None:
        if carry.sent_at > now - LOOK_FOR:
            raise Waits
        Carry.objects.filter(pk=carry.pk).update(sent_at=None)
        raise Refused(NO_TRACE, kind="invalid")
    if not mine(carry).update(sent_at=now):
        raise Lost
    source = Source(kind="zip", url=packing.address(packed.archive))
    try:
        return v2.import_chat(
            source, nonce=str(carry.nonce), privacy=carry.source.privacy,
            title=carry.source.name, metadata=tags(carry),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.kind not in ("unclear", "slow"):
            Carry.objects.filter(pk=carry.pk).update(sent_at=None)
        raise


def files_of(target: Chat) -> dict[str, str]:
    """The hashes of the files of the chat's newest version, as they came from v2."""
    version = target.versions.exclude(files_at=None).order_by("-number").first()
    return dict(version.files.values_list("path", "content_id")) if version else {}


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"path": path, "before": before.get(path, ""), "after": after.get(path, "")}
        for path in sorted({*before, *after})
    ]


def tag_source(v1: Remote, carry: Carry, target_id: str) -> str:
    """The other half of the pair; or why it is missing, for what v1 has no more, or others own,
    stays as it is."""
    try:
        v1.tag_chat(carry.source.upstream_id, {"v2ChatId": target_id})
    except Refused as refusal:
        if refusal.kind in LATER:
            raise
        return UNTAGGED.get(refusal.kind, UNTAGGED_ELSE)
    return ""


def remember(carry: Carry, target: Chat) -> None:
    after = {"from": f"{carry.source.public_label}, version {carry.version.number}"}
    known = Activity.objects.filter(Q(chat=target), verb="chat.carry")
    if not known.exists():
        Activity.objects.create(
            team_id=carry.team_id, actor_id=carry.user_id, verb="chat.carry",
            target=str(target)[:500], chat=target, key=carry.key, after=after,
        )  # fmt: skip
