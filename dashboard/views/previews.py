"""What the preview of a version is in the chat's page: a frame and its address, or why there is
none. The server behind v2's addresses is in dashboard/previews/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from dashboard.access import TeamRequest
from dashboard.account import session_of
from dashboard.actions import previews
from dashboard.models import Chat, Version
from dashboard.templatetags.chats import frameable

# What apps do, but for leading this page elsewhere. What they open in a tab is no longer theirs.
SANDBOX = (
    "allow-scripts allow-forms allow-modals allow-downloads allow-popups "
    "allow-popups-to-escape-sandbox"
)
# Most need storage and modules too, which take an origin; never ours, nor a port beside it.
SANDBOX_OF_OWN_HOST = f"{SANDBOX} allow-same-origin"
OLDER = "v2 runs a chat's newest version only. Restore this one to see it run here again."
FORMER = (
    "v0 runs this version only as it was edited since. Restore this state to see it run: its files "
    "are written back then, and the newest version shows them."
)
NOTHING = "v0 left no files behind, so there is nothing to run."
SWITCHED_OFF = (
    "This chat's preview needs an origin of its own. Ask whoever runs this dashboard to set "
    "PREVIEW_ORIGIN."
)


@dataclass(frozen=True, slots=True)
class Preview:
    """`url` is what the frame shows; without it `why_not` says why, where we know."""

    url: str = ""
    name: str = ""
    sandbox: str = SANDBOX
    why_not: str = ""


def preview_of(
    request: TeamRequest, chat: Chat, version: Version, newest: Version | None
) -> Preview:
    """`version` as of views/rail.py. `newest` is the newest one that v0 finished: of v2, the one
    that runs."""
    if version.is_former:
        return Preview(why_not=FORMER)
    if chat.generation == "v1":
        return demo(request, version.demo_url)
    if version.status == Version.Status.FAILED:
        return Preview()
    if version.number == 1 and getattr(version, "size", None) == 0:
        return Preview(why_not=NOTHING)
    if not settings.PREVIEW_ORIGIN:
        return Preview(why_not=SWITCHED_OFF)
    if newest is not None and version.pk != newest.pk:
        return Preview(why_not=OLDER)
    name = f"{chat.label}, as it runs in v0"
    session = session_of(cast(HttpRequest, request))
    return Preview(previews.address(request.member, chat, session), name, SANDBOX_OF_OWN_HOST)


def demo(request: TeamRequest, url: str) -> Preview:
    """v1's own page of a version, on a host of v0's."""
    address = frameable(url)
    ours = {urlsplit(origin).hostname for origin in settings.DASHBOARD_ORIGINS}
    ours.add(urlsplit(f"//{request.get_host()}").hostname)
    is_apart = bool(address) and urlsplit(address).hostname not in ours
    return Preview(address, url, SANDBOX_OF_OWN_HOST if is_apart else SANDBOX)
