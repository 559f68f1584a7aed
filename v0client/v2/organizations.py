"""Child teams of an organization: their keys, and how much they may spend.

Private beta, for organizations only. A parent's key sees none of the chats of its child teams:
use a key of the child team for those.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from v0client.calls import Call, M, Resource, operation
from v0client.shapes import Moment, Shape


class ApiKey(Shape):
    """A key of a child team. `partial_key` is its end; `last_used` is a time as v0 writes it, or
    None."""

    id: str
    name: str
    owner_id: str
    partial_key: str
    last_used: str | None


class NewApiKey(Shape):
    """A key that was just made: `api_key` is told this once."""

    id: str
    name: str
    owner_id: str
    api_key: str = Field(repr=False)


class DeletedApiKey(Shape):
    """What is left of a revoked key."""

    id: str
    name: str
    owner_id: str


class SpendLimit(Shape):
    """How much may be spent in a month: `limit` in whole dollars. `source`: team or
    organization, whose id is `entity_id`."""

    entity_id: str
    limit: int
    source: str
    created_at: Moment
    updated_at: Moment


class SpendLimitDeleted(Shape):
    """The answer to `delete_spend_limit`."""

    success: bool


ORGANIZATION = "v2/organizations/{org_id}"
TEAM = f"{ORGANIZATION}/teams/{{team_id}}"


def team_ids(org_id: str, team_id: str) -> dict[str, str]:
    """The ids in the address of a child team."""
    return {"org_id": org_id, "team_id": team_id}


class Teams(Resource[M]):
    """`client.v2.organizations.teams`."""

    _name = "v2.organizations.teams"

    @operation
    def list_api_keys(self, org_id: str, team_id: str) -> Call[list[ApiKey]]:
        """All keys of a child team, without the keys themselves."""
        return Call("GET", f"{TEAM}/api-keys", list[ApiKey], team_ids(org_id, team_id))

    @operation
    def create_api_key(self, org_id: str, team_id: str, *, name: str) -> Call[NewApiKey]:
        """A new key that acts inside the child team."""
        ids = team_ids(org_id, team_id)
        return Call("POST", f"{TEAM}/api-keys", NewApiKey, ids, body={"name": name})

    @operation
    def delete_api_key(self, org_id: str, team_id: str, key_id: str) -> Call[DeletedApiKey]:
        """Revoke a key."""
        ids = {**team_ids(org_id, team_id), "key_id": key_id}
        return Call("DELETE", f"{TEAM}/api-keys/{{key_id}}", DeletedApiKey, ids)

    @operation
    def get_spend_limit(self, org_id: str, team_id: str) -> Call[SpendLimit]:
        """The limit that holds for a child team: its own, or the organization's."""
        return Call("GET", f"{TEAM}/spend-limit", SpendLimit, team_ids(org_id, team_id))

    @operation
    def set_spend_limit(self, org_id: str, team_id: str, *, limit: int) -> Call[SpendLimit]:
        """Give a child team its own limit, in whole dollars a month."""
        ids = team_ids(org_id, team_id)
        return Call("PUT", f"{TEAM}/spend-limit", SpendLimit, ids, body={"limit": limit})

    @operation
    def delete_spend_limit(self, org_id: str, team_id: str) -> Call[SpendLimitDeleted]:
        """Take a child team's own limit away: the organization's holds again."""
        ids = team_ids(org_id, team_id)
        return Call("DELETE", f"{TEAM}/spend-limit", SpendLimitDeleted, ids)


class Organizations(Resource[M]):
    """`client.v2.organizations`."""

    _name = "v2.organizations"

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.teams: Teams[M] = Teams(connection)

    @operation
    def get_spend_limit(self, org_id: str) -> Call[SpendLimit]:
        """The limit for child teams that have none of their own."""
        return Call("GET", f"{ORGANIZATION}/spend-limit", SpendLimit, {"org_id": org_id})

    @operation
    def set_spend_limit(self, org_id: str, *, limit: int) -> Call[SpendLimit]:
        """Set the limit for child teams that have none of their own, in whole dollars a month."""
        ids = {"org_id": org_id}
        return Call("PUT", f"{ORGANIZATION}/spend-limit", SpendLimit, ids, body={"limit": limit})
