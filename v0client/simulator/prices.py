"""What an answer uses and costs: tokens and credits (US dollars) by kind, the same for every report
of either generation."""

from __future__ import annotations

from dataclasses import dataclass

from v0client.simulator.identity import digest

FACTORS = {"v0-mini": 0.4, "v0-max": 2.5, "v0-max-fast": 5.0}
# Dollars for a million tokens of a kind, with a model of factor 1.
INPUT, OUTPUT, CACHE_READ, CACHE_WRITE = 3.0, 15.0, 0.0, 3.75


@dataclass(frozen=True, slots=True)
class Counts:
    """One figure for each kind of token."""

    input: float = 0
    output: float = 0
    cache_read: float = 0
    cache_write: float = 0

    @property
    def total(self) -> float:
        return round(self.input + self.output + self.cache_read + self.cache_write, 6)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one answer used."""

    tokens: Counts = Counts()
    cost: Counts = Counts()


def spent(message_id: str, model: str) -> Spent:
    """What a finished answer used; follows from its id and its model."""
    roll = digest("tokens", message_id)
    read, written = 4_000 + roll % 21_000, 900 + roll // 21_000 % 6_200
    return priced(Counts(read, written, read * 3, read // 5), model)


def priced(tokens: Counts, model: str) -> Spent:
    """These tokens with what they cost."""
    price = FACTORS.get(model, 1.0) / 1e6
    cost = Counts(
        round(price * tokens.input * INPUT, 6),
        round(price * tokens.output * OUTPUT, 6),
        round(price * tokens.cache_read * CACHE_READ, 6),
        round(price * tokens.cache_write * CACHE_WRITE, 6),
    )
    return Spent(tokens, cost)
