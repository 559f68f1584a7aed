"""v0 API keys: adding, checking, renaming, sharing, pausing and removing them.

The plain key exists only inside add_key and in upstream. Rotating the ring is in dashboard/ring.py.
"""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from dashboard import access, crypto, sync, upstream
from dashboard.actions import Invalid, acting, checked_text, history
from dashboard.models import ChatSight, Key, Membership, ProjectSight, SyncRun
from dashboard.ring import rotate_ring, verify_ring
from dashboard.sync import store
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import AccountRecord

__all__ = [
    "add_key",
    "check_key",
    "pause_key",
    "remove_key",
    "rename_key",
    "rotate_ring",
    "share_key",
    "verify_ring",
]

MOST_CHARACTERS = 500


@sensitive_variables("plain", "secret")
def add_key(*, member: Membership, plain: str, label: str) -> Key:
    """Stores a key after asking v0 who it belongs to, and queues its first sync."""
    access.require(member, "key-add")
    label = checked_text("label", label, "The label", most=80)
    secret = checked_secret(plain)
    mark = crypto.fingerprint(secret)
    refuse_twice(member, mark)
    with upstream.connect_plain(secret) as remote:
        account = remote.account()
    try:
        with transaction.atomic():
            key = insert(member, secret, mark, label)
            store.store_account(key, account)
            sync.queue(key, trigger=SyncRun.Trigger.FIRST, requested_by=member.user)
            history.record(
                member,
                "key.add",
                target=key,
                key=key,
                after={"label": label, "account": key.upstream_name or key.upstream_email},
            )
    except IntegrityError:
        refuse_twice(member, mark)  # somebody added the same key a moment ago
        raise
    return key


@sensitive_variables()
def checked_secret(plain: str) -> str:
    secret = plain.strip()
    if not secret:
        raise Invalid("plain", "Paste a v0 API key.")
    if len(secret) > MOST_CHARACTERS:
        raise Invalid("plain", f"A v0 API key has at most {MOST_CHARACTERS} characters.")
    if not re.fullmatch(r"[!-~]+", secret):
        raise Invalid("plain", "A v0 API key has no blanks, line breaks or accented letters.")
    return secret


def refuse_twice(member: Membership, mark: str) -> None:
    same = Key.objects.filter(team=member.team_id, fingerprint=mark).present()
    found = same.select_related("owner").first()
    if found is None:
        return
    if found.owner_id == member.user_id:
        raise Invalid("plain", f"You have added this key already, as “{found.label}”.")
    raise Invalid("plain", f"{found.owner.label} has added this key to the team already.")


@sensitive_variables("secret")
def insert(member: Membership, secret: str, mark: str, label: str) -> Key:
    """The row first, because its id is part of what the key is sealed with."""
    key = Key.objects.create(
        team=member.team,
        owner=member.user,
        label=label,
        last_four=secret[-4:] if len(secret) >= 12 else "",
        fingerprint=mark,
        embeds_vercel_token=upstream.embeds_vercel_token(secret),
        last_used_at=timezone.now(),
    )
    key.sealed = crypto.seal(secret, key.seal_context)
    key.save(update_fields=["sealed"])
    return key


def check_key(*, member: Membership, key: Key) -> Key:
    """Asks v0 again. A key that v0 rejects comes back as rejected, with the reason.

    Raises Refused where v0 cannot say, or where the key now belongs to somebody else.
    """
    acting.own_or_overseen(member, key)
    try:
        with upstream.connect(key) as remote:
            account = remote.account()
    except Refused as refusal:
        if refusal.kind != "rejected":
            raise
        return set_state(member, key, Key.State.REJECTED, refusal.sentence)
    if is_another(key, account):
        reason = "v0 says that this key now belongs to another account. Add it again as a new key."
        set_state(member, key, Key.State.REJECTED, reason)
        raise Refused(reason, kind="forbidden")
    store.store_account(key, account)
    key.refresh_from_db()
    if key.state == Key.State.REJECTED:
        return set_state(member, key, Key.State.OK, "")
    return key


def is_another(key: Key, account: AccountRecord) -> bool:
    return bool(key.upstream_user_id) and account.id != key.upstream_user_id


def set_state(member: Membership, key: Key, state: Key.State, reason: str) -> Key:
    """Changes the state and says so in the history; a key that is ok again is synced soon."""
    before = key.state
    key.state, key.state_reason = state, reason[:300]
    fields = ["state", "state_reason"]
    if state == Key.State.OK:
        key.next_sync_at = timezone.now()
        fields.append("next_sync_at")
    with transaction.atomic():
        key.save(update_fields=fields)
        if before != state:
            after = {"state": str(state), "reason": reason} if reason else {"state": str(state)}
            history.record(
                member, "key.state", target=key, key=key, before={"state": before}, after=after
            )
    return key


def rename_key(*, member: Membership, key: Key, label: str) -> Key:
    own(member, key)
    label = checked_text("label", label, "The label", most=80)
    before = key.label
    if before != label:
        with transaction.atomic():
            key.label = label
            key.save(update_fields=["label"])
            history.record(
                member,
                "key.rename",
                target=key,
                key=key,
                before={"label": before},
                after={"label": label},
            )
    return key


def share_key(*, member: Membership, key: Key, shared: bool) -> Key:
    """Offers a key to the team's members to act with, or takes the offer back."""
    own(member, key)
    if key.shared != shared:
        with transaction.atomic():
            key.shared = shared
            key.save(update_fields=["shared"])
            history.record(
                member,
                "key.share",
                target=key,
                key=key,
                before={"shared": not shared},
                after={"shared": shared},
            )
    return key


def pause_key(*, member: Membership, key: Key, paused: bool) -> Key:
    """A paused key is neither synced nor acted with until it is resumed."""
    acting.own_or_overseen(member, key)
    if paused == (key.state == Key.State.PAUSED):
        return key
    if not paused:
        return set_state(member, key, Key.State.OK, "")
    return set_state(member, key, Key.State.PAUSED, f"Paused by {member.user.label}.")


def remove_key(*, member: Membership, key: Key) -> None:
    """Forgets the secret. What it mirrored stays, but what only it saw is hidden from its owner."""
    acting.own_or_overseen(member, key)
    with transaction.atomic():
        found = Key.objects.select_for_update().filter(pk=key.pk, removed_at=None).first()
        if found is None:
            return
        forget(found)
        history.record(
            member,
            "key.remove",
            target=found,
            key=found,
            person=found.owner,
            before={"label": found.label, "account": found.upstream_name or found.upstream_email},
        )


def forget(key: Key) -> None:
    """Empties the seal and drops what the key saw. The row stays for the history."""
    key.sealed, key.removed_at, key.shared = "", timezone.now(), False
    key.save(update_fields=["sealed", "removed_at", "shared"])
    ChatSight.objects.filter(key=key).delete()
    ProjectSight.objects.filter(key=key).delete()


def own(member: Membership, key: Key) -> None:
    access.require(member, "key-add")
    if key.team_id != member.team_id or key.owner_id != member.user_id:
        raise PermissionDenied("Only the person who added a key may change this.")
