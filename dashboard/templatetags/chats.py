"""Filters that only the pages of chats and versions need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils import timezone

from dashboard.templatetags.ui import duration

register = template.Library()


@register.filter
def elapsed(since: dt.datetime | None) -> str:
    """How long something has been running, in whole seconds: 14 s, 2 min 5 s."""
    if since is None:
        return ""
    seconds = max(1, int((timezone.now() - since).total_seconds()))
    return f"{seconds} s" if seconds < 60 else duration(seconds)


@register.filter
def web_address(address: str | None) -> str:
    """The address if a link may lead there, else nothing: v0's answers are others' words."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    return address if address and parts.scheme in ("http", "https") and parts.netloc else ""


def frameable(address: str | None) -> str:
    """The address if the content policy lets a frame show it, else nothing."""
    return address if address and is_among(address, settings.PREVIEW_SOURCES) else ""


@register.filter
def showable(address: str | None) -> str:
    """The address if the content policy lets an image come from it, else nothing."""
    return address if address and is_among(address, settings.IMAGE_SOURCES) else ""


def is_among(address: str, sources: Iterable[str]) -> bool:
    """Whether a browser would count the address among these sources of a content policy."""
    try:
        asked = urlsplit(address)
    except ValueError:
        return False
    for source in map(urlsplit, sources):
        same = asked.netloc == source.netloc
        below = source.netloc.startswith("*.") and asked.netloc.endswith(source.netloc[1:])
        if asked.scheme == source.scheme and (same or below):
            return True
    return False
