"""Deployments made in v0 itself out of chats that did not change: nothing tells of those, so a
few versions are asked about in each run, in turn."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from redis import RedisError

from dashboard.models import Chat, Deployment, Key, Version
from dashboard.sync.bundles import deployments_of
from dashboard.sync.deployments import mark_gone, save_deployments
from dashboard.sync.mirror import known_of
from dashboard.sync.progress import Progress
from dashboard.sync.values import one_writer
from dashboard.upstream import Remote

A_RUN = 2  # versions; what a new deployment takes on top is asked for when there is one
TURN_KEPT = 30 * 24 * 3600


def look_for_deployments(remote: Remote, key: Key, progress: Progress) -> None:
    """Asks about the next few versions after those of the last run, and begins anew at the end."""
    for version in next_versions(key):
        chat_id = version.chat.upstream_id
        known = known_of(key, [chat_id])[chat_id]
        bundles, missing = deployments_of(remote, chat_id, version.upstream_id, known)
        by_id = {version.upstream_id: version}
        with transaction.atomic():
            one_writer(key.team_id)
            created, changed = save_deployments([(version.chat, by_id, one) for one in bundles])
            gone = mark_gone(key.team_id, missing)
        progress.count("deployments", created=created, changed=changed, gone=gone)
        progress.alive()


def next_versions(key: Key) -> list[Version]:
    """What people deploy: the newest finished version of each chat, and any deployed before."""
    finished = Version.objects.filter(status=Version.Status.COMPLETED)
    newest = finished.filter(chat=OuterRef("chat")).order_by("-number").values("pk")[:1]
    deployed = Deployment.objects.present().filter(version=OuterRef("pk"))
    seen = Chat.objects.present().filter(sights__key=key, generation="v1")
    rows = (
        finished.filter(Q(pk=Subquery(newest)) | Exists(deployed), chat__in=seen)
        .select_related("chat__project")
        .order_by("-pk")
    )
    turn = last_turn(key)
    found = list(rows.filter(pk__lt=turn)[:A_RUN]) if turn else []
    if len(found) < A_RUN:
        found += [row for row in rows[:A_RUN] if row not in found][: A_RUN - len(found)]
    if found:
        keep_turn(key, found[-1].pk)
    return found


def turn_of(key: Key) -> str:
    return f"deployments-turn:{key.pk}"


def last_turn(key: Key) -> int | None:
    try:
        return cache.get(turn_of(key))  # type: ignore[no-any-return]
    except RedisError:
        return None


def keep_turn(key: Key, version_id: int) -> None:
    try:
        cache.set(turn_of(key), version_id, TURN_KEPT)
    except RedisError:
        return  # begins with the newest ones again
