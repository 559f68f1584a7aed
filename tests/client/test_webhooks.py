"""Bodies that v0 may post to a webhook, whose form it does not document."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v0client import webhooks

BODIES = [
    {"event": "message.finished", "chatId": "c1", "messageId": "m1"},
    {"type": "message.finished", "chat_id": "c1", "message_id": "m1"},
    {"event": "message.finished", "chat": {"id": "c1"}, "message": {"id": "m1"}},
    {"type": "message.finished", "data": {"id": "m1", "chatId": "c1", "object": "message"}},
    {"name": "message.finished", "payload": {"id": "m1", "chatId": "c1"}},
    {"event": {"type": "message.finished", "chatId": "c1", "messageId": "m1"}},
    {"id": "m1", "object": "message", "chatId": "c1", "event": "message.finished"},
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_the_event_and_its_ids_are_found_wherever_they_stand(body: dict[str, object]) -> None:
    event = webhooks.parse(json.dumps(body))
    assert (event.event, event.chat_id, event.message_id) == ("message.finished", "c1", "m1")
    assert event.payload == body


def test_a_chat_event_names_its_chat_and_no_message() -> None:
    event = webhooks.parse(b'{"id":"e1","event":"chat.deleted","data":{"id":"c1","object":"chat"}}')
    assert (event.id, event.event) == ("e1", "chat.deleted")
    assert (event.chat_id, event.message_id) == ("c1", None)


def test_an_event_that_is_not_known_yet_is_told_as_it_is() -> None:
    assert webhooks.parse('{"event":"deployment.ready","chatId":"c1"}').event == "deployment.ready"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", "[]", "null", "7", "[" * 100_000, '"text"'])
def test_what_cannot_be_read_is_an_empty_event(body: bytes | str) -> None:
    assert webhooks.parse(body) == webhooks.WebhookEvent()


def test_an_endless_id_is_not_taken() -> None:
    assert (
        webhooks.parse(json.dumps({"event": "chat.created", "chatId": "c" * 5000})).chat_id is None
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(webhooks.EVENTS),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
names = st.sampled_from(("event", "type", "chat", "message", "chatId", "messageId", "data", "id"))


@given(st.dictionaries(names | st.text(), values))
def test_no_body_ever_raises(body: dict[str, object]) -> None:
    event = webhooks.parse(json.dumps(body))
    for value in (event.event, event.id, event.chat_id, event.message_id):
        assert value is None or (isinstance(value, str) and value)


@given(st.binary())
def test_no_bytes_ever_raise(body: bytes) -> None:
    webhooks.parse(body)
