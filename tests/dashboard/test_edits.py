"""What a step changed in a file: shown in the page, and on a page of its own without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from dashboard.models import Chat, Membership, Message
from tests import make
from tests.dashboard.conftest import Cast

pytestmark = pytest.mark.django_db
BEFORE, AFTER = {"app/page.tsx": "one\ntwo"}, {"app/page.tsx": "one\n<b>three</b>", "new.ts": "1"}
IN_THE_PAGE = {"HX-Request": "true"}


@pytest.fixture
def reader(cast: Cast, client_of: Callable[[Membership], Client]) -> Client:
    return client_of(cast.viewer)


def twice_answered(cast: Cast, generation: str) -> tuple[Chat, Message]:
    """A chat of two versions, and the answer that made the second."""
    chat = make.chat(cast.team, generation=generation)
    for hours, files in ((1, BEFORE), (2, AFTER)):
        at = make.AT + timedelta(hours=hours)
        make.message(chat, "Go on", created_at=at)
        answer = make.message(chat, "Done", role="assistant", created_at=at + timedelta(minutes=1))
        ids = {"upstream_id": answer.upstream_id} if generation == "v2" else {}
        make.version(chat, files=files, created_at=answer.created_at, **ids)
    return chat, answer


def address(chat: Chat, message: Message, path: str) -> str:
    base = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/edit/"
    return f"{base}?message={message.upstream_id}&file={path}"


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_the_changed_lines_are_shown_against_the_version_before(
    cast: Cast, reader: Client, generation: str
) -> None:
    chat, answer = twice_answered(cast, generation)
    shown = reader.get(address(chat, answer, "app/page.tsx"), headers=IN_THE_PAGE).text
    assert "+1" in shown
    assert "−1" in shown
    assert "three" in shown
    assert "<b>" not in shown
    added = reader.get(address(chat, answer, "new.ts"), headers=IN_THE_PAGE).text
    assert "+1" in added


def test_without_javascript_the_page_that_compares_opens(cast: Cast, reader: Client) -> None:
    chat, answer = twice_answered(cast, "v2")
    response = reader.get(address(chat, answer, "new.ts"))
    target = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/compare/"
    assert response["Location"] == f"{target}?to={answer.upstream_id}&file=new.ts"


def test_what_is_not_stored_says_so(cast: Cast, reader: Client) -> None:
    chat, answer = twice_answered(cast, "v2")
    chat.versions.update(files_at=None)
    shown = reader.get(address(chat, answer, "app/page.tsx"), headers=IN_THE_PAGE).text
    assert "not stored" in shown


def test_chats_of_others_show_nothing(
    cast: Cast, reader: Client, client_of: Callable[[Membership], Client]
) -> None:
    chat, answer = twice_answered(cast, "v2")
    Chat.objects.update(privacy="private")
    assert reader.get(address(chat, answer, "new.ts")).status_code == 404
    assert client_of(cast.outsider).get(address(chat, answer, "new.ts")).status_code == 404
