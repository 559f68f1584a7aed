"""Starting a sync by hand. The mirror itself is in dashboard/sync."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from dashboard import access, sync
from dashboard.models import Key, Membership, SyncRun
from dashboard.upstream.errors import Refused


def start_sync(*, member: Membership, key: Key | None = None) -> list[SyncRun]:
    """Queues a sync of one key, or of every key that this person may sync."""
    access.require(member, "sync-run")
    overseer = access.can(member, "key-oversee")
    if key is None:
        keys = Key.objects.usable().filter(team=member.team_id).order_by("pk")
        keys = keys if overseer else keys.filter(owner=member.user_id)
        chosen = list(keys)
        if not chosen:
            raise Refused("There is no working v0 key to sync. Add one under Keys.", kind="gone")
    else:
        chosen = [syncable(member, key, overseer=overseer)]
    return [
        sync.queue(one, trigger=SyncRun.Trigger.PERSON, requested_by=member.user) for one in chosen
    ]


def syncable(member: Membership, key: Key, *, overseer: bool) -> Key:
    if key.team_id != member.team_id or not (overseer or key.owner_id == member.user_id):
        raise PermissionDenied("You may sync your own keys only.")
    if key.removed_at is not None or key.state != Key.State.OK:
        state = "removed" if key.removed_at else key.state
        raise Refused(f"The key {key} is {state}, so it is not synced.", kind="forbidden")
    return key
