"""How many requests are left."""

from __future__ import annotations

from datetime import UTC, datetime

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Moment, Number, Shape


class DailyLimit(Shape):
    """The limit of free accounts. New ones are in a grace period for 48 hours."""

    limit: Number
    remaining: Number
    reset: Moment
    is_within_grace_period: bool


class RateLimit(Shape):
    """The present limit. The unit of `reset` is not documented; see `resets_at`."""

    remaining: Number | None = None
    reset: Number | None = None
    limit: Number
    daily_limit: DailyLimit | None = None

    @property
    def resets_at(self) -> datetime | None:
        """`reset` as a time, when it is large enough to be seconds or milliseconds since 1970."""
        if self.reset is None or self.reset < 1e9:
            return None
        seconds = self.reset / 1000 if self.reset > 1e11 else self.reset
        return datetime.fromtimestamp(seconds, UTC)


class RateLimits(Resource[M]):
    """`client.v1.rate_limits`."""

    _name = "v1.rate_limits"

    @operation
    def find(self, *, scope: str | None = None) -> Call[RateLimit]:
        """The limit of the person or of the team `scope`."""
        return Call("GET", "v1/rate-limits", RateLimit, query=given(scope=scope))
