"""Webhooks: having v0 tell this dashboard what happens, changing which events, and deleting them.

What arrives then is received in hints.py.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from dashboard import access
from dashboard.actions import Invalid, acting, checked_text, history
from dashboard.actions.syncs import start_sync
from dashboard.models import Chat, ChatSight, Key, Membership, Webhook
from dashboard.models.keys import KeyQuerySet
from dashboard.sync.webhooks import UNANSWERED, host_of, store_webhook, token_hash
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused
from dashboard.upstream.webhooks import EVENTS, WebhookRecord

__all__ = [
    "EVENTS",
    "add_webhook",
    "change_webhook",
    "delete_webhook",
    "keys_to_listen_with",
    "list_again",
    "may_change",
    "own_origin",
    "require_change",
    "why_not",
]

T = TypeVar("T")

NO_ORIGIN = (
    "This dashboard does not know its own address. Whoever runs it names it in DASHBOARD_ORIGINS."
)
OUT_OF_REACH = (
    "v0 cannot reach {origin}: it is an address of this machine or of a private network. Put the "
    "dashboard where v0 can reach it over https, and name that address in DASHBOARD_ORIGINS."
)
UNENCRYPTED = "v0 would send events to {origin} unencrypted. Serve the dashboard over https."
ALREADY = "“{name}” tells this dashboard of the same chats already. Change its events instead."


def own_origin() -> tuple[str, str]:
    """Where v0 reaches this dashboard, and why it does not where it cannot; one of them is ""."""
    if not settings.DASHBOARD_ORIGINS:
        return "", NO_ORIGIN
    v0_is_here = not is_public(urlsplit(settings.V0_BASE_URL).hostname or "")
    reasons = []
    for origin in sorted(settings.DASHBOARD_ORIGINS, key=is_a_number, reverse=True):
        parts = urlsplit(origin)
        if v0_is_here:
            return origin.rstrip("/"), ""
        if not is_public(parts.hostname or ""):
            reasons.append(OUT_OF_REACH.format(origin=origin))
        elif parts.scheme != "https":
            reasons.append(UNENCRYPTED.format(origin=origin))
        else:
            return origin.rstrip("/"), ""
    return "", reasons[-1]


def why_not() -> str:
    """Why v0 cannot tell this dashboard anything, in words; "" where it can."""
    return own_origin()[1]


def is_a_number(origin: str) -> bool:
    """Whether it names a machine by its number: names such as localhost may mean two."""
    try:
        ipaddress.ip_address(urlsplit(origin).hostname or "")
    except ValueError:
        return False
    return True


def is_public(host: str) -> bool:
    """Whether a host can be meant for everybody on the net."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        inner = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
        return "." in host and not host.endswith(inner)


def keys_to_listen_with(member: Membership) -> KeyQuerySet:
    """Keys a person may add webhooks with: their own; admins also with those that are shared."""
    keys = acting.usable_keys(member)
    if not access.can(member, "key-oversee"):
        keys = keys.filter(owner=member.user_id)
    return keys


def may_change(member: Membership, webhook: Webhook) -> bool:
    """Whether the person may change and delete it: the key's holder, and those who oversee keys."""
    own = webhook.key.owner_id == member.user_id and access.can(member, "webhook-change")
    return webhook.team_id == member.team_id and (own or access.can(member, "key-oversee"))


def require_change(member: Membership, webhook: Webhook) -> None:
    """Raises PermissionDenied where the person may not change it."""
    if webhook.key.owner_id == member.user_id:
        access.require(member, "webhook-change")
    if not may_change(member, webhook):
        raise PermissionDenied("Only the key's holder and admins may change this webhook.")


@sensitive_variables("token", "url")
def add_webhook(
    *,
    member: Membership,
    key: Key,
    name: str,
    events: Sequence[str],
    generation: str,
    chat: str = "",
) -> Webhook:
    """Has v0 tell this dashboard of one chat, or of all that the key sees.

    The row is there before v0 is asked: where the answer is lost, the next sync finds the webhook
    by its address.
    """
    access.require(member, "webhook-change")
    if not keys_to_listen_with(member).filter(pk=key.pk).exists():
        raise PermissionDenied("You may not add webhooks with this key.")
    name, events = checked_text("name", name, "The name", most=100), checked_events(events)
    row = chat_of(member, key, chat, generation) if chat.strip() else None
    origin, reason = own_origin()
    if reason:
        raise Refused(reason, kind="invalid")
    token = secrets.token_urlsafe(32)
    url = f"{origin}/hooks/{token}/"
    chat_id = row.upstream_id if row else ""
    waiting = reserve(member, key, name, chat_id, token_hash(token), host_of(origin))
    try:
        with acting.remote(key) as remote:
            v0 = remote.of(generation)
            record = v0.create_webhook(name=name, events=events, url=url, chat_id=chat_id)
    except Refused as refusal:
        if refusal.kind not in acting.UNCLEAR:
            waiting.delete()
        else:
            look_soon(key)
        raise
    with transaction.atomic():
        made = store_webhook(key, waiting, record, generation)
        note(member, made, "webhook.add", row, after=told(record))
    return made


def look_soon(key: Key) -> None:
    """Has the next sync list the webhooks, in time to know whether v0 made this one."""
    soon = timezone.now() + UNANSWERED
    Key.objects.filter(pk=key.pk).update(webhooks_at=None)
    Key.objects.filter(pk=key.pk, next_sync_at__gt=soon).update(next_sync_at=soon)


def checked_events(events: Sequence[str], known: Sequence[str] = ()) -> tuple[str, ...]:
    """The chosen events in v0's order. `known` are those that it has already, new words of v0's
    included."""
    offered = dict.fromkeys([*EVENTS, *known])
    if unknown := [event for event in events if event not in offered]:
        raise Invalid("events", f"v0 has no event “{unknown[0][:60]}”.")
    if not events:
        raise Invalid("events", "Choose at least one event.")
    return tuple(event for event in offered if event in events)


def chat_of(member: Membership, key: Key, chat: str, generation: str) -> Chat:
    """The chat that is meant by its id, or by the address of its page here or in v0."""
    chat_id = chat.strip().partition("?")[0].rstrip("/").rpartition("/")[2][:100]
    rows = Chat.objects.visible_to(member).present()
    found = rows.filter(upstream_id=chat_id.replace("\x00", "")).first()
    if found is None:
        raise Invalid("chat", "There is no such chat here. Give its id, or its address.")
    if found.generation != generation:
        raise Invalid("generation", f"That chat is one of {found.generation}.")
    if not ChatSight.objects.filter(chat=found, key=key).exists():
        raise Invalid("chat", "This key does not see that chat. Choose another key.")
    return found


def reserve(
    member: Membership, key: Key, name: str, chat_id: str, hashed: str, host: str
) -> Webhook:
    """A row that waits for v0's answer; a second one for the same chats is refused."""
    with transaction.atomic():
        Key.objects.select_for_update().get(pk=key.pk)
        same = Webhook.objects.present().filter(key=key, upstream_chat_id=chat_id)
        if (there := same.exclude(token_hash=None).first()) is not None:
            raise Invalid("name", ALREADY.format(name=there))
        return Webhook.objects.create(
            team_id=member.team_id, key=key, added_by_id=member.user_id, name=name,
            upstream_chat_id=chat_id, token_hash=hashed, host=host,
        )  # fmt: skip


def change_webhook(
    *, member: Membership, webhook: Webhook, name: str, events: Sequence[str]
) -> Webhook:
    """Changes the name, and of which events v0 tells. Where it points stays as it is."""
    changeable(member, webhook)
    name = checked_text("name", name, "The name", most=100)
    chosen = checked_events(events, webhook.events)
    before = {"name": webhook.name, "events": webhook.events}
    if before == {"name": name, "events": list(chosen)}:
        return webhook
    record = asked(webhook, lambda v0: v0.edit_webhook(webhook.upstream_id, name=name,
                                                       events=chosen))  # fmt: skip
    with transaction.atomic():
        stored = store_webhook(webhook.key, webhook, record, webhook.generations[-1])
        note(member, stored, "webhook.change", chat_here(stored), before=before, after=told(record))
    return stored


def delete_webhook(*, member: Membership, webhook: Webhook) -> None:
    """Deletes it in v0. What arrived stays for a while."""
    changeable(member, webhook)
    try:
        asked(webhook, lambda v0: v0.delete_webhook(webhook.upstream_id))
    except Refused as refusal:
        if refusal.kind != "gone":
            raise  # gone is what was asked for
    with transaction.atomic():
        webhook.gone_at = timezone.now()
        webhook.save(update_fields=["gone_at"])
        before = {"events": webhook.events, "host": webhook.host}
        note(member, webhook, "webhook.delete", chat_here(webhook), before=before)


def changeable(member: Membership, webhook: Webhook) -> None:
    require_change(member, webhook)
    if webhook.gone_at is not None or webhook.key.removed_at is not None:
        raise Refused("This webhook was deleted already.", kind="gone")
    if webhook.key.state != Key.State.OK:
        sentence = f"The key {webhook.key} is {webhook.key.state}, so v0 cannot be asked with it."
        raise Refused(sentence, kind="forbidden")
    if not webhook.upstream_id:
        raise Refused("v0 has not confirmed this webhook yet; sync its key.", kind="conflict")


def asked(webhook: Webhook, question: Callable[[Remote], T]) -> T:
    """One change in the generation that has the webhook."""
    with acting.remote(webhook.key) as remote:
        return question(remote.of(webhook.generations[-1]))


def chat_here(webhook: Webhook) -> Chat | None:
    """The one chat that the webhook is about, as far as it is mirrored."""
    rows = Chat.objects.filter(team=webhook.team_id, upstream_id=webhook.upstream_chat_id)
    return rows.first() if webhook.upstream_chat_id else None


def told(record: WebhookRecord) -> dict[str, Any]:
    """What the history says of a webhook."""
    return {"name": record.name, "events": list(record.events)}


def note(
    member: Membership, webhook: Webhook, verb: str, chat: Chat | None, **changes: Any
) -> None:
    history.record(member, verb, target=webhook, key=webhook.key, chat=chat, **changes)


def list_again(*, member: Membership) -> None:
    """Has v0 list the webhooks of every key that this person may sync."""
    with transaction.atomic():
        keys = [run.key_id for run in start_sync(member=member)]
        Key.objects.filter(pk__in=keys).update(webhooks_at=None)
