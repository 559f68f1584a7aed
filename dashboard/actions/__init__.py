"""Everything people can do, one function each, one file per area; here only what all of them raise.

An action checks role and visibility, asks v0, stores its answer, and writes an Activity row.
"""

from __future__ import annotations


class Invalid(Exception):
    """Bad input. `field` is the name of the argument, `sentence` says what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class TooLarge(Invalid):
    """Well formed, but more of it than may be sent."""


def checked_text(field: str, value: str, name: str, *, most: int, required: bool = True) -> str:
    """The value without blanks around it. Raises Invalid where it is missing or too long."""
    text = value.replace("\x00", "").strip()  # PostgreSQL cannot hold a NUL
    if required and not text:
        raise Invalid(field, f"{name} is missing.")
    if len(text) > most:
        raise Invalid(field, f"{name} has {len(text):,} characters; the most is {most:,}.")
    return text
