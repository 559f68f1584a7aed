"""What a conversation says of a restored version: its number, never v0's id or its word for it."""

from __future__ import annotations

import pytest

from dashboard.models import Chat, Key
from dashboard.sync import store
from dashboard.upstream import connect
from tests import make
from tests.dashboard.asking import finish
from tests.dashboard.conftest import Cast
from tests.dashboard.following import begin
from tests.dashboard.syncing import v0
from tests.dashboard.test_every_page import fresh_client
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


def talk(cast: Cast, chat: Chat) -> str:
    page = fresh_client(cast.owner).get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
    return page.partition('id="talk"')[2] or page


def exported(cast: Cast, chat: Chat, form: str) -> str:
    address = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/export/"
    return fresh_client(cast.owner).get(address, {"form": form}).text


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member", shared=True)


def test_a_restored_version_of_v1_has_its_number(
    simulator: Simulator, key: Key, cast: Cast
) -> None:
    chat = begin(key, "v1")
    finish(simulator)
    first = chat.versions.get()
    with v0(simulator, "v0-demo-member") as client:
        client.v1.chats.restore(chat.upstream_id, first.upstream_id)
    with connect(key) as remote:
        store.store_chat(key, remote.of("v1").chat(chat.upstream_id))
    said = talk(cast, chat)
    assert "restored an earlier version" in said
    assert "Restored version 1" in said
    assert "reverted block" not in said
    assert f"Restored version {first.upstream_id}" not in said
    for form in ("markdown", "html", "json"):
        text = exported(cast, chat, form)
        assert "Restored version 1" in text
        assert f"Restored version {first.upstream_id}" not in text


def test_a_version_that_is_not_stored_here_has_no_number(cast: Cast) -> None:
    chat = make.chat(cast.team, seen_by=make.key(cast.owner))
    for role in ("user", "assistant"):
        make.message(chat, "Restored version zzll9jblXFk9Uf", kind="reverted-block", role=role)
    said = talk(cast, chat)
    for text in (said, *(exported(cast, chat, form) for form in ("markdown", "html", "json"))):
        assert "Restored an earlier version" in text
        assert "zzll9jblXFk9Uf" not in text
