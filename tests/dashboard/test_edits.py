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


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_what_the_first_version_created_is_shown_as_added(
    cast: Cast, reader: Client, generation: str
) -> None:
    chat, _ = twice_answered(cast, generation)
    first = chat.messages.filter(role="assistant").earliest("created_at")
    shown = reader.get(address(chat, first, "app/page.tsx"), headers=IN_THE_PAGE).text
    assert "+2" in shown
    files = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/?tab=files&version=1&file=app%2Fpage.tsx"
    assert files.replace("&", "&amp;") in shown
    assert "All files of version 1" in shown
    assert reader.get(address(chat, first, "app/page.tsx"))["Location"] == files


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_failed_version_between_two_is_none(cast: Cast, reader: Client, generation: str) -> None:
    chat, answer = twice_answered(cast, generation)
    chat.versions.filter(number=2).update(number=3)
    make.version(chat, number=2, status="failed", created_at=make.AT + timedelta(hours=1.5))
    shown = reader.get(address(chat, answer, "app/page.tsx"), headers=IN_THE_PAGE).text
    assert "+1" in shown
    assert "−1" in shown


def test_a_failed_version_deletes_nothing(cast: Cast, reader: Client) -> None:
    chat, answer = twice_answered(cast, "v2")
    failed = chat.versions.filter(upstream_id=answer.upstream_id)
    failed.update(status="failed")
    failed.get().files.all().delete()
    shown = reader.get(address(chat, answer, "app/page.tsx"), headers=IN_THE_PAGE).text
    assert "v0 kept no files of this answer" in shown
    assert "two" not in shown


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_while_v0_writes_the_changes_are_asked_for_again(
    cast: Cast, reader: Client, generation: str
) -> None:
    chat, _ = twice_answered(cast, generation)
    late = {"created_at": make.AT + timedelta(hours=3)}
    make.message(chat, "Go on", **late)
    answer = make.message(chat, role="assistant", **late)
    Chat.objects.update(status="running")
    url = address(chat, answer, "new.ts")
    shown = reader.get(url, headers=IN_THE_PAGE).text
    assert "v0 is still writing" in shown
    assert f'hx-get="{url.replace("&", "&amp;")}"' in shown
    Chat.objects.update(status="ready")
    shown = reader.get(url, headers=IN_THE_PAGE).text
    assert "No version came of this answer" in shown
    assert "hx-get" not in shown


def test_a_file_that_is_as_it_was_or_gone_again_says_so(cast: Cast, reader: Client) -> None:
    chat, answer = twice_answered(cast, "v2")
    first, second = chat.versions.order_by("number")
    (same,) = first.files.all()
    second.files.filter(path=same.path).update(content=same.content)
    shown = reader.get(address(chat, answer, same.path), headers=IN_THE_PAGE).text
    assert "as it had been before" in shown
    shown = reader.get(address(chat, answer, "gone.ts"), headers=IN_THE_PAGE).text
    assert "gone again or had another name" in shown


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
