"""Previews of v2's chats: the address that shows one to a member, what runs behind it, and the
sites that may show previews besides us.

The server of the preview origin is in dashboard/previews/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied

from dashboard import access, labels
from dashboard.account import signed_in
from dashboard.actions import Invalid, acting, history
from dashboard.labels import Label
from dashboard.models import Chat, Key, Membership
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import PreviewRecord

MOST_HOSTS = 5
LONGEST_HOST = 256
HOST = re.compile(r"(\*\*?\.)?[^\s/:@*?#]+(\.[^\s/:@*?#]+)*")
NOT_SEEN = "You cannot see this chat any more."
SIGNED_OUT = "You have signed out since. Sign in to the dashboard and open the chat again."
ELSEWHERE = "v0 says that this preview runs at an address that is not safe to ask. Report it to v0."

CHANGED = (
    "Somebody changed the hosts in v0 meanwhile; they are now: {hosts}. Press Cancel, ask v0 "
    "again, and make your change there."
)


def address(member: Membership, chat: Chat, session: int) -> str:
    """Where this member sees what the chat is at while the session with this id lasts; "" where
    there is no preview origin."""
    if not settings.PREVIEW_ORIGIN:
        return ""
    label = labels.write(Label(session, member.pk, chat.pk, labels.lasting()))
    return f"{settings.PREVIEW_ORIGIN.replace('*', label, 1)}/"


def seen_by(label: Label) -> tuple[Membership, Chat]:
    """Whose label it is, and of which chat. Raises Refused where they do not see it any more, or
    have signed out since."""
    people = Membership.objects.filter(user__is_active=True).select_related("user", "team")
    member = people.filter(pk=label.member).first()
    chat = Chat.objects.filter(pk=label.chat).first()
    if member is None or chat is None:
        raise Refused(NOT_SEEN, kind="gone")
    if signed_in(label.session) != member.user_id:
        raise Refused(SIGNED_OUT, kind="gone")
    try:
        acting.see_chat(member, chat)
    except PermissionDenied:
        raise Refused(NOT_SEEN, kind="gone") from None
    return member, chat


def open_preview(label: Label) -> PreviewRecord | None:
    """What runs behind the label, with a token; None while it starts. Raises Refused."""
    member, chat = seen_by(label)
    with acting.remote_of_chat(member, chat, to_look=True) as (_, remote):
        found = remote.preview(chat.upstream_id)
    if found is not None and not may_be_asked(found.url):
        raise Refused(ELSEWHERE, kind="invalid")
    return found


def may_be_asked(url: str) -> bool:
    """Encrypted, or where v0 itself is: nothing inside our own network can be meant."""
    try:
        asked, v0 = urlsplit(url), urlsplit(settings.V0_BASE_URL)
    except ValueError:
        return False
    return asked.scheme == "https" or (asked.scheme, asked.netloc) == (v0.scheme, v0.netloc)


def preview_hosts(*, member: Membership, key: Key) -> list[str]:
    """The sites that v0 lets show previews of the team in v0 that the key belongs to."""
    own_key(member, key)
    with acting.remote(key) as remote:
        return remote.of("v2").preview_hosts()


def change_preview_hosts(
    *, member: Membership, key: Key, hosts: Sequence[str], before: Sequence[str]
) -> list[str]:
    """Sets them all, unless they are not as `before` any more; returns them as v0 writes them."""
    own_key(member, key)
    wanted = checked_hosts(hosts)
    with acting.remote(key) as remote:
        v2 = remote.of("v2")
        if (now := v2.preview_hosts()) != list(before):
            raise Invalid("hosts", CHANGED.format(hosts=", ".join(now) or "none"))
        after = v2.set_preview_hosts(wanted)
    if now != after:
        changes: dict[str, Any] = {"before": {"hosts": now}, "after": {"hosts": after}}
        history.record(member, "team.preview_hosts", target=key, key=key, **changes)
    return after


def own_key(member: Membership, key: Key) -> None:
    access.require(member, "team-change")
    if not acting.usable_keys(member).filter(pk=key.pk).exists():
        raise PermissionDenied("You may not act with this key.")


def checked_hosts(hosts: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(host.strip() for host in hosts if host.strip()))
    if len(wanted) > MOST_HOSTS:
        raise Invalid("hosts", f"v0 takes at most {MOST_HOSTS} hosts.")
    for host in wanted:
        if len(host) > LONGEST_HOST or not HOST.fullmatch(host):
            raise Invalid("hosts", f"“{host[:80]}” is not a host. Write app.example.com, without "
                          "scheme, port or path; *. or **. may stand in front.")  # fmt: skip
    return wanted
