"""Lists over several pages, also while they change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client import samples
from tests.client.backend import Script, answered, ask, on_both_clients
from v0client import V0, AsyncV0, Page, errors, http
from v0client.v1.reports import UsagePage


class Account:
    """An offset list like v0's, newest change first, that changes between two requests."""

    def __init__(self, size: int, changes: list[tuple[str, int]] | None = None) -> None:
        self.clock = size
        self.ids = [f"c{number}" for number in range(size)]
        self.changed = {id: size - place for place, id in enumerate(self.ids)}
        self.changes = list(changes or [])
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: http.Request) -> http.Response:
        limit, offset = (int(request.url.params[name]) for name in ("limit", "offset"))
        self.asked.append((limit, offset))
        shown = [
            samples.chat(id=id, updatedAt=f"2026-03-01T00:00:00.{self.changed[id]:06}Z")
            for id in self.ids[offset : offset + limit]
        ]
        # What happens between this answer and the next request:
        while self.changes and (change := self.changes.pop(0))[0] != "answer":
            self.change(*change)
        return answered(samples.listed(*shown))

    def change(self, kind: str, place: int) -> None:
        self.clock += 1
        if kind == "insert":
            id = f"new{self.clock}"
            self.ids.insert(0, id)
            self.changed[id] = self.clock
        elif self.ids:
            id = self.ids.pop(place % len(self.ids))
            if kind == "update":
                self.ids.insert(0, id)
                self.changed[id] = self.clock


@on_both_clients
@pytest.mark.parametrize("size", [0, 1, 59, 60, 61, 117, 118, 600])
def test_a_list_that_holds_still_is_read_once(kind: str, size: int) -> None:
    account = Account(size)
    chats = ask(kind, account, lambda client: client.v1.chats.find())
    assert [chat.id for chat in chats] == account.ids
    assert len(account.asked) <= size // 57 + 2
    assert {limit for limit, _ in account.asked} == {60}


@on_both_clients
def test_reading_begins_at_the_given_offset(kind: str) -> None:
    account = Account(20)
    chats = ask(kind, account, lambda client: client.v1.chats.find(limit=6, offset=5))
    assert [chat.id for chat in chats] == account.ids[5:]


@on_both_clients
def test_a_deletion_while_reading_hides_nothing(kind: str) -> None:
    account = Account(400, [("answer", 0)] * 2 + [("delete", 0)] * 30)
    chats = ask(kind, account, lambda client: client.v1.chats.find())
    assert {chat.id for chat in chats} >= set(account.ids)


@on_both_clients
def test_a_change_that_moves_an_unread_chat_to_the_front_does_not_hide_it(kind: str) -> None:
    account = Account(200, [("update", 150)])
    chats = ask(kind, account, lambda client: client.v1.chats.find())
    assert sorted(chat.id for chat in chats) == sorted(account.ids)


CHANGES = st.tuples(
    st.sampled_from(["delete", "delete", "update", "insert", "answer", "answer"]),
    st.integers(0, 40),
)


@settings(max_examples=150, deadline=None)
@given(size=st.integers(0, 40), limit=st.integers(1, 9), changes=st.lists(CHANGES, max_size=60))
def test_what_is_in_the_list_throughout_is_never_missed(
    size: int, limit: int, changes: list[tuple[str, int]]
) -> None:
    account = Account(size, changes)
    throughout = set(account.ids)
    found = [chat.id for chat in ask("blocking", account, lambda c: c.v1.chats.find(limit=limit))]
    throughout &= set(account.ids)
    assert throughout <= set(found)
    assert len(found) == len(set(found))


def test_a_list_that_ignores_the_offset_is_an_error_and_not_an_endless_loop() -> None:
    page = samples.listed(*[samples.chat(id=f"c{number}") for number in range(60)])

    with pytest.raises(errors.InvalidAnswer, match="repeats"):
        ask("blocking", lambda _: answered(page), lambda client: client.v1.chats.find())


def test_pages_can_be_taken_one_by_one() -> None:
    account = Account(100)
    with V0("key", transport=http.MockTransport(account)) as client:
        chats = client.v1.chats.find()
        found = list(chats.by_page())
        first = chats.first()
    assert all(isinstance(page, Page) for page in found)
    assert [page.has_more for page in found[:2]] == [True, False]
    assert sum(len(page.data) for page in found) == 100
    assert (len(first.data), first.has_more) == (60, True)


def test_nothing_is_asked_before_somebody_reads() -> None:
    account = Account(100)
    with V0("key", transport=http.MockTransport(account)) as client:
        chats = client.v1.chats.find()
        assert account.asked == []
        assert next(iter(chats)).id == "c0"
    assert account.asked == [(60, 0)]


def test_pages_of_the_asyncio_client_can_be_taken_one_by_one() -> None:
    account = Account(100)

    async def read() -> tuple[list[int], int]:
        async with AsyncV0("key", transport=http.MockTransport(account)) as client:
            chats = client.v1.chats.find()
            sizes = [len(page.data) async for page in chats.by_page() if page.data]
            return sizes, len((await chats.first()).data)

    assert asyncio.run(read()) == ([60, 40], 60)


def cursor_page(ids: list[str], cursor: str | None, **more: Any) -> http.Response:
    pagination = {"hasMore": cursor is not None, **({"nextCursor": cursor} if cursor else {})}
    items = [samples.version(id=id) for id in ids]
    meta = {"totalCount": 3}
    return answered(samples.listed(*items, pagination=pagination, meta=meta, **more))


@on_both_clients
def test_a_cursor_list_is_followed_to_its_end_through_empty_pages(kind: str) -> None:
    script = Script(
        cursor_page(["b3", "b2"], "2"),
        cursor_page([], "3"),
        cursor_page(["b2", "b1"], None),
    )
    found = ask(kind, script, lambda client: client.v1.chats.find_versions("c1", limit=2))
    assert [version.id for version in found] == ["b3", "b2", "b1"]
    assert [dict(request.url.params) for request in script.requests] == [
        {"limit": "2"},
        {"limit": "2", "cursor": "2"},
        {"limit": "2", "cursor": "3"},
    ]


def test_a_page_keeps_what_is_not_declared() -> None:
    page = cursor_page(["b1"], None, mood="calm")
    with V0("key", transport=http.MockTransport(Script(page))) as client:
        first = client.v1.chats.find_versions("c1").first()
    assert first.model_extra == {"mood": "calm"}
    assert not first.has_more


def test_a_page_of_a_report_may_be_empty_while_more_follow() -> None:
    more = {"hasMore": True, "nextCursor": "2"}
    script = Script(
        answered(samples.listed(pagination=more, meta={"totalCount": 0})),
        answered(
            samples.listed(
                samples.usage_event(), pagination={"hasMore": False}, meta={"totalCount": 1}
            )
        ),
    )
    with V0("key", transport=http.MockTransport(script)) as client:
        found = list(client.v1.reports.get_usage(limit=1, chat_id="c1").by_page())
    assert [len(page.data) for page in found] == [0, 1]
    assert [page.meta.total_count for page in found if isinstance(page, UsagePage)] == [0, 1]
    assert str(script.requests[1].url).endswith("?chatId=c1&limit=1&cursor=2")


@on_both_clients
def test_a_report_that_tells_only_a_cursor_is_followed_to_its_end(kind: str) -> None:
    span = {"start": None, "end": None}
    script = Script(
        *[
            answered(
                samples.listed(
                    samples.ai_usage_event(eventId=name),
                    pagination={"nextCursor": cursor},
                    dateRange=span,
                )
            )
            for name, cursor in [("e1", "2"), ("e2", None)]
        ]
    )
    found = ask(kind, script, lambda client: client.v1.reports.get_ai_usage())
    assert [event.event_id for event in found] == ["e1", "e2"]


@on_both_clients
@pytest.mark.parametrize("cursors", [["2", "2"], ["2", "3", "2"]])
def test_a_cursor_that_comes_again_is_an_error_and_not_an_endless_loop(
    kind: str, cursors: list[str]
) -> None:
    script = Script(*[cursor_page([], cursor) for cursor in cursors])
    with pytest.raises(errors.InvalidAnswer, match="cursor"):
        ask(kind, script, lambda client: client.v1.chats.find_versions("c1"))


def test_more_without_a_cursor_is_an_error() -> None:
    script = Script(answered(samples.listed(pagination={"hasMore": True})))
    with pytest.raises(errors.InvalidAnswer) as caught:
        ask("blocking", script, lambda client: client.v1.chats.find_messages("c1"))
    assert caught.value.field == "pagination.nextCursor"
