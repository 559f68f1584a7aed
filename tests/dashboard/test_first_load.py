"""How much a browser fetches before it can show the list of chats, compressed as it is served."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from dashboard.models import Membership
from tests import make
from tests.dashboard.conftest import Cast

MOST_BYTES = 60 * 1024
ASSET = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def source_of(address: str) -> bytes:
    """The file behind a static address, whatever hash its name carries."""
    path = urlsplit(address).path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")
    found = finders.find(path) or finders.find(re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", path))
    assert found, f"no file for {address}"
    with open(found, "rb") as file:
        return file.read()


def test_the_first_load_of_fifty_chats_is_at_most_sixty_kilobytes(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    for number in range(50):
        make.chat(cast.team, name=f"A chat with an ordinary name, number {number}")
    html = client_of(cast.owner).get(f"/t/{cast.team.slug}/chats/").content
    assert html.count(b"data-row-link") == 50
    sizes = {"the page": compressed(html)}
    for address in ASSET.findall(html.decode()):
        sizes[address] = compressed(source_of(address))
    print(
        "\n", *(f"{size:7,} {what}\n" for what, size in sizes.items()), f"{sum(sizes.values()):,}"
    )
    assert len(sizes) >= 7, "styles and scripts were not found in the page"
    assert sum(sizes.values()) <= MOST_BYTES
