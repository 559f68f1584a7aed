"""The names of preview hosts: what they say, and that nobody else can write one."""

from __future__ import annotations

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from dashboard import labels
from dashboard.labels import Label

IDS = st.integers(0, 2**40 - 1)


@given(IDS, IDS, IDS, st.integers(0, 2**32 - 1))
def test_a_label_is_read_as_it_was_written(
    session: int, member: int, chat: int, until: int
) -> None:
    label = Label(session, member, chat, until)
    assert labels.read(labels.write(label)) == label


def test_a_label_is_a_name_that_hosts_can_have() -> None:
    name = labels.write(Label(1, 2, 3, labels.lasting()))
    assert len(name) <= 63
    assert name.isalnum()
    assert name == name.lower()


@given(st.integers(0, 55), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_label_is_none_of_ours(place: int, letter: str) -> None:
    name = labels.write(Label(7, 8, 9, 10))
    changed = name[:place] + letter + name[place + 1 :]
    assert (labels.read(changed) is None) == (changed != name)


@given(st.text(max_size=70))
def test_any_other_text_is_no_label(text: str) -> None:
    assert labels.read(text) is None


def test_labels_stay_the_same_within_an_hour_and_last_for_one_at_least() -> None:
    with time_machine.travel("2026-06-01T12:00:05Z", tick=False) as clock:
        first = Label(1, 2, 3, labels.lasting())
        clock.shift(3590)
        assert labels.lasting() == first.until
        assert not first.is_over
        clock.shift(3600)
        assert not first.is_over
        clock.shift(10)
        assert first.is_over
