"""Cases of v1's user and rate limits."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import Listing
from v0client.v1 import rate_limits, user

CASES = [
    Case(
        "v1.user.get",
        lambda client: client.v1.user.get(),
        "GET /v1/user",
        samples.account(),
        user.Account,
    ),
    Case(
        "v1.user.get_billing",
        lambda client: client.v1.user.get_billing(scope="team_1"),
        "GET /v1/user/billing",
        samples.token_billing(),
        user.TokenBilling,
        {"scope": "team_1"},
    ),
    Case(
        "v1.user.get_plan",
        lambda client: client.v1.user.get_plan(),
        "GET /v1/user/plan",
        samples.plan(),
        user.Plan,
    ),
    Case(
        "v1.user.get_scopes",
        lambda client: client.v1.user.get_scopes(),
        "GET /v1/user/scopes",
        samples.listed({"id": "team_1", "object": "scope", "name": "Acme"}),
        Listing[user.Scope],
    ),
    Case(
        "v1.rate_limits.find",
        lambda client: client.v1.rate_limits.find(scope="team_1"),
        "GET /v1/rate-limits",
        {"limit": 1000, "remaining": 998, "reset": 1772359200000},
        rate_limits.RateLimit,
        {"scope": "team_1"},
    ),
]
