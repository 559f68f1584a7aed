"""The area of chats: the list is compared, what changed is fetched whole, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from dashboard.models import Chat, ChatSight, Deployment, Key, Version
from dashboard.sync.bundles import ChatBundle, Known, fetch_chat
from dashboard.sync.chats import add_sights, lose_sight, save_chats
from dashboard.sync.diff import Mirrored, diff
from dashboard.sync.pipeline import in_batches
from dashboard.sync.progress import Progress
from dashboard.sync.values import chat_digest, one_writer
from dashboard.sync.webhooks import count_missed
from dashboard.upstream import Remote
from dashboard.upstream.records import ChatListing


def sync_chats(remote: Remote, key: Key, progress: Progress, area: str = "chats") -> None:
    listed: dict[str, ChatListing] = {}
    for listing in remote.chats():
        listed[listing.id] = listing
        progress.alive()
    digests = {id_: chat_digest(listing) for id_, listing in listed.items()}
    changes = diff(mirrored(key, remote.generation), digests)
    add_sights(key, changes.sight)
    copy_favorites(key, listed.values())
    count_missed(key, listed.values())
    wanted = [*changes.fetch, *changes.look]
    progress.begin(area, len(wanted))

    def fetch(chat_id: str, known: Mapping[str, Known]) -> ChatBundle:
        with remote.turn():
            bundle = fetch_chat(remote, chat_id, known.get(chat_id, Known()))
        bundle.listing_digest = digests.get(chat_id, "")
        bundle.dark_screenshot_url = dark_screenshot(listed.get(chat_id), bundle)
        return bundle

    def prepare(ids: Sequence[str]) -> dict[str, Known]:
        return known_of(key, ids)

    for fetched in in_batches(wanted, prepare, fetch, progress):
        with transaction.atomic():
            one_writer(key.team_id)
            counts = save_chats(key, fetched.things.values())
            gone = lose_sight(key, fetched.absent)
        for area, numbers in counts.items():
            progress.count(area, **numbers)
        progress.count("chats", gone=gone)


def mirror_chat(remote: Remote, key: Key, chat_id: str) -> None:
    """One chat fetched whole and stored, as after a change that was made here."""
    known = known_of(key, [chat_id]).get(chat_id, Known())
    bundle = fetch_chat(remote, chat_id, known)
    with transaction.atomic():
        one_writer(key.team_id)
        save_chats(key, [bundle])


def sync_newer_chats(remote: Remote, key: Key, progress: Progress) -> None:
    """The chats that only v2 has."""
    sync_chats(remote.of("v2"), key, progress, "newer chats")


def mirrored(key: Key, generation: str) -> dict[str, Mirrored]:
    seen = ChatSight.objects.filter(chat=OuterRef("pk"), key=key)
    rows = Chat.objects.filter(team=key.team_id, generation=generation).annotate(seen=Exists(seen))
    return {
        row["upstream_id"]: Mirrored(row["listing_digest"], row["seen"], row["gone_at"] is not None)
        for row in rows.values("upstream_id", "listing_digest", "seen", "gone_at")
    }


def known_of(key: Key, chat_ids: Sequence[str]) -> dict[str, Known]:
    """What the database has of the versions and deployments of these chats."""
    versions: dict[str, dict[str, str]] = {}
    rows = Version.objects.filter(chat__team=key.team_id, chat__upstream_id__in=chat_ids)
    for chat_id, version_id, digest in rows.values_list(
        "chat__upstream_id", "upstream_id", "listing_digest"
    ):
        versions.setdefault(chat_id, {})[version_id] = digest
    deployments: dict[str, dict[str, str]] = {}
    present = Deployment.objects.present().filter(team=key.team_id, chat__upstream_id__in=chat_ids)
    for chat_id, deployment_id, version_id in present.values_list(
        "chat__upstream_id", "upstream_id", "version__upstream_id"
    ):
        deployments.setdefault(chat_id, {})[deployment_id] = version_id
    return {
        chat_id: Known(versions.get(chat_id, {}), deployments.get(chat_id, {}))
        for chat_id in chat_ids
    }


def dark_screenshot(listing: ChatListing | None, bundle: ChatBundle) -> str:
    """The dark picture of the latest version, if the list spoke of the same one."""
    if listing is None or listing.latest is None or bundle.latest is None:
        return ""
    same = listing.latest.id == bundle.latest.id
    return listing.latest.dark_screenshot_url if same else ""


def copy_favorites(key: Key, listed: Iterable[ChatListing]) -> None:
    """The list tells favourites, and changing one need not touch the chat: no detail is fetched."""
    wanted = {listing.id: listing.favorite for listing in listed}
    rows = Chat.objects.filter(team=key.team_id, upstream_id__in=wanted.keys(), gone_at=None)
    for favorite in (True, False):
        told = {id_ for id_, is_favorite in wanted.items() if is_favorite is favorite}
        stored = rows.filter(favorite=not favorite).values_list("upstream_id", flat=True)
        if differing := told.intersection(stored):
            rows.filter(upstream_id__in=differing).update(favorite=favorite)
