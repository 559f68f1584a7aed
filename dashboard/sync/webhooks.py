"""Webhooks as v0 has them: listed now and then, because each look costs requests.

What they post here is received in actions/hints.py, and looked after in hints.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from dashboard import crypto
from dashboard.models import Chat, Key, Webhook
from dashboard.sync.pipeline import in_batches
from dashboard.sync.progress import Progress
from dashboard.sync.values import clean, fit, one_writer
from dashboard.upstream import Refused, Remote
from dashboard.upstream.records import ChatListing
from dashboard.upstream.webhooks import EVENTS, WebhookRecord

AT_LEAST_EVERY = timedelta(hours=1)
UNANSWERED = timedelta(seconds=45)  # one that v0 does not have by then was never made
ON_ITS_WAY = timedelta(minutes=1)  # v0 may still tell of what is younger
OUR_PATH = re.compile(r"/hooks/([A-Za-z0-9_-]{43})/")
FIELDS = ["key", "generations", "name", "events", "upstream_chat_id", "host", "sealed_address",
          "upstream_id", "token_hash", "created_at", "gone_at"]  # fmt: skip
Lists = Mapping[str, list[str]]  # a webhook's id -> the generations whose lists have it


def token_hash(token: str) -> str:
    """What a webhook of ours is found by. Who reads the database cannot tell the token from it."""
    return crypto.fingerprint(f"webhook:{token}")


def sync_webhooks(remote: Remote, key: Key, progress: Progress) -> None:
    """Compares v0's webhooks of the key's account with the rows, where it is time to."""
    now = timezone.now()
    if key.webhooks_at is not None and key.webhooks_at > now - AT_LEAST_EVERY:
        return
    listed, is_complete = lists(remote)
    known = dict(
        Webhook.objects.present().known().filter(key=key).values_list("upstream_id", "generations")
    )
    missing = [id_ for id_ in sorted(known) if id_ not in listed] if is_complete else []
    progress.begin("webhooks", len(listed) + len(missing))

    def fetch(webhook_id: str, _: None) -> WebhookRecord:
        generations = listed.get(webhook_id) or known[webhook_id]
        return remote.of(generations[-1]).webhook(webhook_id)

    for fetched in in_batches([*listed, *missing], lambda ids: None, fetch, progress):
        with transaction.atomic():
            one_writer(key.team_id)
            created = save_webhooks(key, fetched.things.values(), listed)
            gone = bury(key, [id_ for id_, kind in fetched.absent.items() if kind == "gone"])
        changed = len(fetched.things) - created
        progress.count("webhooks", created=created, changed=changed, gone=gone)
    if is_complete:
        forget_unanswered(key)
    if not Webhook.objects.filter(key=key, upstream_id="").exists():
        Key.objects.filter(pk=key.pk).update(webhooks_at=now)


def lists(remote: Remote) -> tuple[dict[str, list[str]], bool]:
    """Each webhook with the generations that list it, and whether both could be asked."""
    listed: dict[str, list[str]] = {}
    is_complete = True
    for generation in ("v1", "v2"):
        try:
            for webhook_id in remote.of(generation).webhooks():
                listed.setdefault(webhook_id, []).append(generation)
        except Refused as refusal:
            if refusal.kind not in ("forbidden", "gone"):
                raise
            is_complete = False
    return listed, is_complete


def save_webhooks(key: Key, records: Iterable[WebhookRecord], listed: Lists) -> int:
    """Writes what v0 told; answers how many are new. Runs in a transaction, as one_writer."""
    created = 0
    for record in records:
        row = row_of(key, record)
        is_new = row.pk is None
        created += is_new
        tell(row, key, record, listed.get(record.id) or row.generations)
        row.save(force_insert=is_new, update_fields=None if is_new else FIELDS)
    return created


def store_webhook(key: Key, row: Webhook, record: WebhookRecord, generation: str) -> Webhook:
    """What v0 answered about a webhook that was made or changed here."""
    with transaction.atomic():
        one_writer(key.team_id)
        tell(row, key, record, row.generations or [generation])
        row.save(update_fields=FIELDS)
    return row


def row_of(key: Key, record: WebhookRecord) -> Webhook:
    """The row of this webhook: by its id, else the one that waits for v0's answer, else a new
    one."""
    rows = Webhook.objects.filter(team=key.team_id)
    found = rows.filter(upstream_id=record.id[:100]).select_related("key").first()
    hashed = our_hash(record.url)
    if found is None and hashed is not None:
        found = rows.filter(token_hash=hashed, upstream_id="").select_related("key").first()
    return found or Webhook(team_id=key.team_id)


def our_hash(url: str) -> str | None:
    """The hash of the token in an address of the form that our own have."""
    match = OUR_PATH.fullmatch(path_of(url))
    return token_hash(match[1]) if match else None


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def tell(row: Webhook, key: Key, record: WebhookRecord, generations: list[str]) -> None:
    """Puts into the row what v0 says; another key of the account keeps the webhook it has."""
    keeps = row.key_id is not None and row.key.removed_at is None and row.key.state == Key.State.OK
    row.key = row.key if keeps else key
    row.upstream_id, row.name = record.id, record.name
    row.generations, row.events = list(generations), list(record.events)
    row.upstream_chat_id = record.chat_id
    row.created_at, row.gone_at = record.created_at or row.created_at, None
    row.host = host_of(record.url)
    fit(row)
    if row.token_hash is None or row.token_hash != our_hash(record.url):
        row.token_hash = None  # somebody has let it point elsewhere
        keep_address(row, clean(record.url))


def host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def keep_address(row: Webhook, url: str) -> None:
    """Seals a foreign address, which may be a secret of its own; anew where it cannot be opened."""
    try:
        is_same = bool(row.sealed_address) and address(row) == url
    except crypto.CannotOpen:
        is_same = False
    if not is_same or crypto.ring_key_of(row.sealed_address) != crypto.ring().newest:
        row.sealed_address = crypto.seal(url, row.seal_context)


def address(row: Webhook) -> str:
    """The whole of a foreign address. Raises CannotOpen."""
    return crypto.open_sealed(row.sealed_address, row.seal_context)


def bury(key: Key, upstream_ids: list[str]) -> int:
    """Webhooks that v0 does not have any more."""
    rows = Webhook.objects.filter(team=key.team_id, key=key, upstream_id__in=upstream_ids)
    return rows.filter(gone_at=None).update(gone_at=timezone.now())


def forget_unanswered(key: Key) -> None:
    """Rows of requests that never arrived: v0 has been asked since, and has no such webhook."""
    old = Q(noted_at__lt=timezone.now() - UNANSWERED)
    Webhook.objects.filter(old, key=key, upstream_id="").delete()


def count_missed(key: Key, listed: Iterable[ChatListing]) -> None:
    """Counts changes that v0's list tells and no webhook did, for webhooks that hear of all."""
    ours = Webhook.objects.present().filter(key=key, upstream_chat_id="", token_hash__isnull=False)
    hooks = [hook for hook in ours if set(EVENTS) <= set(hook.events)]
    if not hooks:
        return
    told = {one.id: one for one in listed}
    rows = Chat.objects.filter(team=key.team_id, upstream_id__in=told.keys())
    stored = dict(rows.values_list("upstream_id", "updated_at"))
    late = timezone.now() - ON_ITS_WAY
    for hook in hooks:
        missed = sum(
            hook.noted_at < changed < late and (id_ not in stored or stored[id_] < changed)
            for id_, one in told.items()
            if one.generation in hook.generations and (changed := one.updated_at or one.created_at)
        )
        if missed:
            Webhook.objects.filter(pk=hook.pk).update(missed=F("missed") + missed)
