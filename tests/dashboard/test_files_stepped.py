"""Stepping through the versions on the Files tab: what is open or looked for stays so."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db
STAGE = {"HX-Request": "true", "HX-Target": "section#stage"}


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """Three versions; the first has no README.md."""
    chat = make.chat(cast.team)
    make.version(chat, files={"app/page.tsx": "one"})
    for number in (2, 3):
        make.version(chat, files={"app/page.tsx": "one", "README.md": f"# Tea {number}"})
    return chat


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def stepped(reader: Client, chat: Chat, number: int, **query: str) -> Any:
    """The answer to a click on that version in the rail, where the page is at this address."""
    base = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/"
    page = reader.get(base, query, headers=STAGE)
    link = re.search(rf'id="version-{number}"[^>]* href="([^"]*)"', page.content.decode())
    assert link is not None
    return reader.get(unescape(link[1]), headers=STAGE)


def test_the_open_file_stays_open(reader: Client, chat: Chat) -> None:
    page = stepped(reader, chat, 2, tab="files", file="README.md")
    assert page.context["pane"].shown.name == "README.md"
    assert "Tea 2" in page.content.decode()
    assert "version=2" in page.context["pane"].address


def test_its_source_stays_the_source(reader: Client, chat: Chat) -> None:
    page = stepped(reader, chat, 2, tab="files", file="README.md", view="source")
    assert not page.context["pane"].shown.is_prose


def test_what_is_looked_for_is_looked_for_there(reader: Client, chat: Chat) -> None:
    page = stepped(reader, chat, 2, tab="files", find="tea")
    assert [file.path for file in page.context["pane"].found.files] == ["README.md"]
    assert "version=2" in page.context["pane"].found.files[0].url


def test_a_version_without_the_file_says_so_and_leads_on(reader: Client, chat: Chat) -> None:
    page = stepped(reader, chat, 1, tab="files", file="README.md")
    text = page.content.decode()
    assert "Not in version 1" in text
    assert "Open page.tsx" in text
    assert page.context["pane"].shown is None
    # It is there again in the versions that have it.
    back = re.search(r'id="version-3"[^>]* href="([^"]*)"', text)
    assert back is not None
    assert reader.get(unescape(back[1])).context["pane"].shown.name == "README.md"
    begun = reader.get(page.context["pane"].start[1])
    assert begun.context["pane"].shown.name == "app/page.tsx"


def test_the_page_of_a_versions_files_says_so_too(reader: Client, chat: Chat) -> None:
    url = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/versions"
    url = f"{url}/{chat.versions.get(number=1).upstream_id}/files/"
    assert "Not in version 1" in reader.get(url, {"file": "README.md"}).content.decode()
    assert "Not in version 1" not in reader.get(url).content.decode()


def test_other_tabs_do_not_speak_of_files(reader: Client, chat: Chat) -> None:
    base = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/"
    page = reader.get(base, {"tab": "history", "file": "README.md"})
    assert {url for _, url in page.context["versions"]} == {
        f"{base}?tab=history&version={number}" for number in (1, 2, 3)
    }
