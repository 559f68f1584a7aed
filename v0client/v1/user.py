"""Whose key it is: the account, its teams, its plan and its money."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, Field, Tag

from v0client.calls import Call, M, Resource, given, operation
from v0client.shapes import Listing, Moment, Number, Shape


class Account(Shape):
    """The person whom a key belongs to."""

    id: str
    object: str = "user"
    name: str | None = None
    email: str
    avatar: str
    created_at: Moment
    updated_at: Moment | None = None


class Scope(Shape):
    """A team, or the personal account, that the key can act inside."""

    id: str
    object: str = "scope"
    name: str | None = None


class Cycle(Shape):
    """The billing period."""

    start: Moment
    end: Moment


class Balance(Shape):
    """What the plan includes in a cycle, and what is left of it."""

    remaining: Decimal
    total: Decimal


class Plan(Shape):
    """The subscription. Known plans come and go, so `plan` is any text."""

    object: str = "plan"
    plan: str
    billing_cycle: Cycle
    balance: Balance


class Block(Shape):
    """Credits that were bought, with what is left of them."""

    expiration_date: Moment | None = None
    effective_date: Moment
    original_balance: Decimal
    current_balance: Decimal


class OnDemand(Shape):
    """All bought credits together."""

    balance: Decimal
    blocks: list[Block] = Field(default_factory=list)


class TokenAccount(Shape):
    """Plan, cycle and credits. `billing_mode` is "test" where nothing is charged."""

    plan: str
    billing_mode: str | None = None
    role: str
    billing_cycle: Cycle
    balance: Balance
    on_demand: OnDemand


class LegacyAccount(Shape):
    """Messages in a period. The unit of `reset` is not documented."""

    remaining: Number | None = None
    reset: Number | None = None
    limit: Number


class TokenBilling(Shape):
    """Billing by what the models use."""

    billing_type: Literal["token"]
    data: TokenAccount


class LegacyBilling(Shape):
    """Billing by messages, of old accounts."""

    billing_type: Literal["legacy"]
    data: LegacyAccount


class OtherBilling(Shape):
    """A type of billing that is not known yet."""

    billing_type: str
    data: Any = None


def _kind(value: Any) -> str:
    told = value.get("billingType") if isinstance(value, dict) else value.billing_type
    return f"<{told}>" if told in ("token", "legacy") else "<other>"


Billing = Annotated[
    Annotated[TokenBilling, Tag("<token>")]
    | Annotated[LegacyBilling, Tag("<legacy>")]
    | Annotated[OtherBilling, Tag("<other>")],
    Discriminator(_kind),
]


class User(Resource[M]):
    """`client.v1.user`."""

    _name = "v1.user"

    @operation
    def get(self) -> Call[Account]:
        """The person whom the key belongs to."""
        return Call("GET", "v1/user", Account)

    @operation
    def get_billing(
        self, *, scope: str | None = None
    ) -> Call[TokenBilling | LegacyBilling | OtherBilling]:
        """Plan, cycle and balance, of the person or of the team `scope`."""
        returns = cast("type[TokenBilling | LegacyBilling | OtherBilling]", Billing)
        return Call("GET", "v1/user/billing", returns, query=given(scope=scope))

    @operation
    def get_plan(self) -> Call[Plan]:
        """The subscription and its cycle."""
        return Call("GET", "v1/user/plan", Plan)

    @operation
    def get_scopes(self) -> Call[Listing[Scope]]:
        """The teams that the key can act inside."""
        return Call("GET", "v1/user/scopes", Listing[Scope])
