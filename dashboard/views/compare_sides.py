"""Where a file of a comparison is found on each side: its page, and the picture it may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from dashboard import diffs
from dashboard.models import Version
from dashboard.views.downloads import IMAGES

PICTURES = {*IMAGES, "svg"}


@dataclass(frozen=True)
class Side:
    """A version that has the file. `picture` is an address for <img>, "" where it is none."""

    label: str
    url: str
    picture: str


def sides(team: str, old: Version, new: Version, change: diffs.Change) -> list[Side]:
    """Of the versions that have the file, the old one first."""
    is_one_chat = old.chat_id == new.chat_id
    places = [(old, change.former or change.path)] if change.old else []
    places += [(new, change.path)] if change.new else []
    return [side(team, version, path, is_one_chat=is_one_chat) for version, path in places]


def side(team: str, version: Version, path: str, *, is_one_chat: bool) -> Side:
    args, query = [team, version.chat.upstream_id, version.upstream_id], urlencode({"file": path})
    is_picture = path.rpartition(".")[2].lower() in PICTURES
    raw = f"{reverse('version-raw', args=args)}?{query}"
    url = f"{reverse('version-files', args=args)}?{query}"
    label = str(version) if is_one_chat else f"{version.chat.label}: {version}"
    return Side(label, url, raw if is_picture else "")
