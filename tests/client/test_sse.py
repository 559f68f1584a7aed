"""Server-sent events from bytes, wherever the chunks are cut."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v0client.sse import EventReader

VALUES = st.lists(
    st.dictionaries(
        st.text(max_size=5), st.text(max_size=8) | st.integers() | st.none(), max_size=3
    ),
    max_size=6,
)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def outcome(chunks: list[bytes]) -> tuple[list[Any], bool]:
    """Everything that a reader finds in the chunks, and whether something was not JSON."""
    reader = EventReader()
    found = [value for chunk in chunks for value in reader.feed(chunk)]
    return found + reader.finish(), reader.broken


def read(chunks: list[bytes]) -> list[Any]:
    """Everything that a reader finds in chunks that are fine."""
    found, broken = outcome(chunks)
    assert not broken
    return found


def cut(data: bytes, places: list[int]) -> list[bytes]:
    borders = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]


@given(
    values=VALUES,
    end=LINE_ENDS,
    blank=st.booleans(),
    prefix=st.sampled_from(["data: ", "data:", ""]),
    places=st.lists(st.integers(0, 10_000), max_size=20),
    escaped=st.booleans(),
)
def test_events_are_the_same_wherever_the_chunks_are_cut(
    values: list[Any], end: str, blank: bool, prefix: str, places: list[int], escaped: bool
) -> None:
    text = "".join(
        prefix + json.dumps(value, ensure_ascii=escaped) + end * (1 + blank) for value in values
    )
    assert read(cut(text.encode("utf-8", "replace"), places)) == json.loads(
        json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    )


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_any_bytes_give_the_same_however_they_are_cut(data: bytes, places: list[int]) -> None:
    assert repr(outcome(cut(data, places))) == repr(outcome([data]))


def test_an_event_is_there_as_soon_as_its_line_is() -> None:
    reader = EventReader()
    assert reader.feed(b'data: {"a": 1}\n') == [{"a": 1}]


def test_a_value_over_several_data_lines_is_one_event() -> None:
    assert read([b'data: {"a":\ndata: 1\n', b"data: }\n\n"]) == [{"a": 1}]


@pytest.mark.parametrize(
    "noise", [b": ping\n\n", b"event: update\n", b"id: 7\n", b"retry: 5\n", b"data:\n\n"]
)
def test_comments_and_other_fields_are_no_events(noise: bytes) -> None:
    assert read([noise, b'data: {"a": 1}\n\n', noise]) == [{"a": 1}]


def test_a_byte_order_mark_is_skipped() -> None:
    assert read([b'\xef\xbb\xbfdata: {"a": 1}\n\n']) == [{"a": 1}]


def test_nothing_after_the_end_mark_counts() -> None:
    reader = EventReader()
    assert reader.feed(b'data: {"a": 1}\n\ndata: [DONE]\n\ndata: {"b": 2}\n\n') == [{"a": 1}]
    assert reader.done
    assert reader.finish() == []


def test_a_line_without_an_end_counts_at_the_end_of_the_stream() -> None:
    assert read([b'data: {"a"', b": 1}"]) == [{"a": 1}]


@pytest.mark.parametrize(
    "broken",
    [
        b"data: nonsense\n\n",
        b'data: {"a": \n\n',
        b'{"a": ',
        b"data: " + b"[" * 100_000 + b"]" * 100_000 + b"\n\n",
    ],
    ids=["words", "half", "end", "deep"],
)
def test_what_is_not_json_is_told_after_what_came_before_it(broken: bytes) -> None:
    good = b'data: {"a": 1}\n\n'
    assert outcome([good + broken + good]) == ([{"a": 1}], True)
