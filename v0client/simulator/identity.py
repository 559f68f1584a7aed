"""Ids that look like v0's and repeat: a counter per kind, hashed with the seed's name."""

from __future__ import annotations

import hashlib
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

CHAT, LONG, DEPLOYMENT, HASHED = 11, 32, 28, 20


def digest(*parts: object) -> int:
    """A stable large number for these parts."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=26).digest(), "big")


def spell(number: int, length: int) -> str:
    """`number` in 62 letters, exactly `length` long."""
    letters = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        letters.append(ALPHABET[rest])
    return "".join(letters)


@lru_cache
def session_token(secret: str) -> str:
    """What v1 hands out with each answer to this key; its SDK sends it back, nobody needs it."""
    return spell(digest("session", secret), LONG)


class Minter:
    """Hands out ids; the same calls in the same order give the same ids."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.counters: dict[str, int] = {}

    def mint(self, kind: str, length: int, prefix: str = "") -> str:
        count = self.counters.get(kind, 0) + 1
        self.counters[kind] = count
        return prefix + spell(digest(self.seed, kind, count), length)
