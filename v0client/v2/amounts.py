"""What writing costs: tokens and credits by kind, as messages and usage events tell them."""

from __future__ import annotations

from decimal import Decimal

from v0client.shapes import Number, Shape


class TokenCounts(Shape):
    """Tokens. `input` leaves out what the cache served; `total` is the sum of the other four."""

    input: Number
    output: Number
    cache_read: Number
    cache_write: Number
    total: Number


class CreditCosts(Shape):
    """Credits, by the same kinds as tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    total: Decimal


class Usage(Shape):
    """What one answer took. All is zero for what people write, and until tokens were used."""

    tokens: TokenCounts
    credits_cost: CreditCosts
