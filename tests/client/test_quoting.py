"""Texts in addresses: ids in paths and pairs in queries arrive as they were given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client import samples
from tests.client.backend import Script, answered, ask
from tests.client.simulated import OWNER, simulator
from v0client import V0, errors, http
from v0client.simulator.routing import Router

ROUTER = Router({("GET", "/chats/{chatId}/messages/{messageId}"): lambda call: {}})
IDS = st.text(min_size=1).filter(lambda id: id not in (".", ".."))


@given(chat=IDS, message=IDS)
def test_any_id_arrives_as_it_was_given(chat: str, message: str) -> None:
    arrived: list[dict[str, str]] = []

    def answer(request: http.Request) -> http.Response:
        path = request.url.raw_path.decode("ascii").removeprefix("/v1")
        arrived.append(ROUTER.find("GET", path)[1])
        return answered(samples.message(chatId=chat))

    ask("blocking", answer, lambda client: client.v1.chats.get_message(chat, message))
    assert arrived == [{"chatId": chat, "messageId": message}]


@given(
    pair=st.tuples(st.text(min_size=1, max_size=40), st.text(max_size=60)),
    other=st.tuples(st.text(min_size=1, max_size=40), st.text(max_size=60)),
)
def test_any_pair_of_metadata_is_found_by_what_it_says(
    pair: tuple[str, str], other: tuple[str, str]
) -> None:
    files = [{"name": "notes.md", "content": "Notes"}]
    with V0(OWNER, transport=simulator().transport()) as client:
        made = [
            client.v2.chats.create_from_files(files=files, metadata=dict([given])).chat
            for given in (pair, other)
        ]
        found = {chat.id for chat in client.v2.chats.list(metadata=dict([pair]))}
    assert found == {chat.id for chat in made if chat.metadata == dict([pair])}


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.v1.chats.get_by_id("\ud800"),
        lambda client: client.v2.chats.list(metadata={"a": "\ud800"}),
    ],
)
def test_half_a_character_is_refused_before_anything_is_sent(call: Any) -> None:
    script = Script(answered({}))
    with pytest.raises(errors.InvalidRequest, match="surrogate") as caught:
        ask("blocking", script, call)
    assert caught.value.operation
    assert script.requests == []
