"""A link to a file in a step opens it as it was in the version of its message, or says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Chat, Membership, Message, Version
from dashboard.views.parts import Links
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db
PATH = "app/page.tsx"
GENERATIONS = pytest.mark.parametrize("generation", ["v1", "v2"])


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def hour(number: float) -> datetime:
    return make.AT + timedelta(hours=number)


def answered(chat: Chat, number: int, text: str = "") -> Message:
    """Somebody asks at that hour, v0 answers; with a text in its page a version comes of it."""
    make.message(chat, "Go on", created_at=hour(number))
    answer = make.message(chat, "Done", role="assistant", created_at=hour(number + 0.1))
    ids = {"upstream_id": answer.upstream_id} if chat.generation == "v2" else {}
    if text:
        make.version(chat, files={PATH: text}, created_at=answer.created_at, **ids)
    return answer


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return make.chat(cast.team)


def opened(reader: Client, answer: Message, path: str = PATH, **query: str) -> Any:
    """What the link to the file shows beside the conversation."""
    address = urlsplit(Links.of(answer.chat, answer.upstream_id).file(path))
    asked = dict(parse_qsl(address.query)) | query
    headers = {"HX-Request": "true", "HX-Target": "section#stage"}
    return reader.get(address.path, asked, headers=headers)


def shown(page: Any) -> tuple[str, str]:
    """The name of the version, and the source of the file."""
    return page.context["version"].name, page.context["pane"].shown.source


@GENERATIONS
def test_the_file_of_an_earlier_answer_is_that_of_its_version(
    reader: Client, chat: Chat, generation: str
) -> None:
    Chat.objects.update(generation=generation)
    chat.refresh_from_db()
    first, second = answered(chat, 1, "one"), answered(chat, 2, "two")
    assert shown(opened(reader, first)) == ("version 1", "one")
    assert shown(opened(reader, second)) == ("version 2", "two")
    page = opened(reader, first)
    assert page.context["remark"] == ""
    # From there on the page stays with that version.
    assert "version=1" in page.context["pane"].address
    assert page.context["pane"].kept["version"] == "1"
    assert re.search('id="version-1"[^>]*aria-current="true"', page.content.decode())


@GENERATIONS
def test_a_version_that_was_edited_later_is_shown_as_v0_made_it(
    reader: Client, chat: Chat, generation: str
) -> None:
    Chat.objects.update(generation=generation)
    chat.refresh_from_db()
    first = answered(chat, 1, "as v0 made it")
    version = chat.versions.get()
    former = make.version(chat, files={PATH: "as v0 made it"}, number=1, former_of=version,
                          edition=1, replaced_at=hour(5), created_at=hour(1.1))  # fmt: skip
    version.files.all().delete()
    assert shown(opened(reader, first)) == (former.name, "as v0 made it")


def test_a_file_that_is_not_in_the_version_says_so(reader: Client, chat: Chat) -> None:
    first = answered(chat, 1, "one")
    answered(chat, 2, "two")
    page = opened(reader, first, "notes/draft.md")
    assert page.context["pane"].shown is None
    assert "Not in version 1" in page.content.decode()


def test_a_state_that_was_never_stored_says_so(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team, generation="v2")
    first = answered(chat, 1, "one")
    answered(chat, 2, "two")
    version = Version.objects.get(number=1)
    version.files.all().delete()
    Version.objects.filter(pk=version.pk).update(files_at=None)
    page = opened(reader, first)
    assert page.context["pane"].shown is None
    assert "These files were never here" in page.content.decode()


@GENERATIONS
def test_an_answer_without_a_version_shows_the_one_it_began_with(
    reader: Client, chat: Chat, generation: str
) -> None:
    Chat.objects.update(generation=generation)
    chat.refresh_from_db()
    answered(chat, 1, "one")
    talk = answered(chat, 2)
    answered(chat, 3, "three")
    page = opened(reader, talk)
    assert shown(page) == ("version 1", "one")
    words = "No version came of this answer. This is version 1, with which it began."
    assert words in page.content.decode()


@GENERATIONS
def test_while_v0_writes_the_file_is_that_of_the_version_before(
    reader: Client, chat: Chat, generation: str
) -> None:
    Chat.objects.update(generation=generation)
    chat.refresh_from_db()
    answered(chat, 1, "one")
    writing = answered(chat, 2)
    Chat.objects.update(status="running", running_since=timezone.now())
    page = opened(reader, writing)
    assert shown(page) == ("version 1", "one")
    assert "v0 is still writing this answer. This is version 1" in page.content.decode()


def test_what_nobody_knows_any_more_says_that_it_shows_the_newest(
    reader: Client, chat: Chat
) -> None:
    first = answered(chat, 1, "one")
    page = opened(reader, first, message="gone")
    assert shown(page) == ("version 1", "one")
    assert "not stored here any more" in page.content.decode()
    talk = answered(chat, 0)
    assert "The file is shown as it is now" in opened(reader, talk).content.decode()
