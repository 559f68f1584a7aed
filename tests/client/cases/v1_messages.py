"""Cases of v1's messages."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client.v1 import events, messages

LAST = {"pagination": {"hasMore": False}}

CASES = [
    Case(
        "v1.chats.find_messages",
        lambda client: client.v1.chats.find_messages("c1", limit=150),
        "GET /v1/chats/c1/messages",
        samples.listed(samples.message(), **LAST),
        [messages.MessageSummary],
        {"limit": "150"},
    ),
    Case(
        "v1.chats.get_message",
        lambda client: client.v1.chats.get_message("c1", "m1"),
        "GET /v1/chats/c1/messages/m1",
        samples.message(chatId="c1"),
        messages.MessageDetail,
    ),
    Case(
        "v1.chats.resume",
        lambda client: client.v1.chats.resume("c1", "m1"),
        "POST /v1/chats/c1/messages/m1/resume",
        samples.chat_detail(),
        [events.StreamEvent],
    ),
    Case(
        "v1.chats.stop",
        lambda client: client.v1.chats.stop("c1", "m1"),
        "POST /v1/chats/c1/messages/m1/stop",
        {"success": True},
        messages.Stopped,
    ),
]
