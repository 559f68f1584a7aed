"""The names of hosts on the preview origin: who may see which chat's preview until when, signed.

A name is one DNS label of small letters and digits. Whether that person is still signed in and
still sees the chat is asked at each request; see actions/previews.py.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import itertools
import re
import time
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

# In bytes. The whole has 35 then, which base32 writes in 56 letters without padding.
ID, TIME, PROOF = 5, 4, 16
FIELDS = 3 * ID + TIME
NAME = re.compile(r"[a-z2-7]{56}")
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Label:
    """`session` (in which the person is signed in), `member` and `chat` are ids of rows, `until` is
    in UNIX seconds."""

    session: int
    member: int
    chat: int
    until: int

    @property
    def is_over(self) -> bool:
        return time.time() >= self.until


def lasting() -> int:
    """The end of the next full hour: within an hour all labels of a preview are the same one in a
    browser, so its page and what it keeps there stay as they are."""
    return (int(time.time()) // HOUR + 2) * HOUR


def write(label: Label) -> str:
    ids = (label.session, label.member, label.chat)
    fields = b"".join(one.to_bytes(ID) for one in ids) + label.until.to_bytes(TIME)
    return base64.b32encode(fields + proof(fields)).decode().lower()


def read(name: str) -> Label | None:
    """The label that was written so, over or not; None where we never wrote it."""
    if not NAME.fullmatch(name):
        return None
    try:
        whole = base64.b32decode(name.upper())
    except binascii.Error:
        return None
    fields, given = whole[:FIELDS], whole[FIELDS:]
    if not hmac.compare_digest(given, proof(fields)):
        return None
    starts = (0, ID, 2 * ID, 3 * ID, FIELDS)
    return Label(*(int.from_bytes(fields[a:b]) for a, b in itertools.pairwise(starts)))


def proof(fields: bytes) -> bytes:
    return salted_hmac(__name__, fields, algorithm="sha256").digest()[:PROOF]
