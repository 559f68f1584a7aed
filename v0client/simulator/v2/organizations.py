"""Organizations of v2: API keys and spend limits of their child teams. Only the owners of the
parent team may ask; a child team's key acts for that team and sees nothing of the parent's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.identity import HASHED, LONG, digest, spell
from v0client.simulator.records import Key, Organization, SpendLimit, Team
from v0client.simulator.v2.bodies import Body, read

LETTERS_SHOWN = 4
Source = Literal["team", "organization"]


class CreateApiKey(Body):
    name: Annotated[str, Field(min_length=1)]


class SetSpendLimit(Body):
    limit: Annotated[int, Field(ge=0, le=2**53 - 1)]


def organization(call: Call) -> Organization:
    """The organization in the path: 404 for strangers, 403 for its people who are not owners."""
    found = call.store.organizations.get(call.params["orgId"])
    team = call.store.teams[call.person.team_id]
    if found is None or (team.id != found.parent_team_id and team.organization_id != found.id):
        raise Refusal(404, "Organization not found")
    if team.id != found.parent_team_id or call.person.role != "owner":
        raise Refusal(403, "Only owners of the organization's parent team can do this")
    return found


def child(call: Call) -> Team:
    """The child team in the path, else 404."""
    parent = organization(call)
    team = call.store.teams.get(call.params["teamId"])
    if team is None or team.organization_id != parent.id:
        raise Refusal(404, "Team not found in this organization")
    return team


def keys_of(call: Call, team: Team) -> dict[str, Key]:
    """The team's keys that still work, by id."""
    people = call.store.people
    return {
        key_id(key): key
        for key in call.store.keys.values()
        if people[key.person_id].team_id == team.id and not key.revoked
    }


def key_id(key: Key) -> str:
    return "key_" + spell(digest("key", key.secret), HASHED)


def describe(key: Key, team: Team) -> dict[str, Any]:
    """What a key is called and whose it is, without the key."""
    return {"id": key_id(key), "name": key.label, "ownerId": team.id}


def list_api_keys(call: Call) -> Response:
    """GET /organizations/{orgId}/teams/{teamId}/api-keys"""
    team = child(call)
    rows = []
    for key in keys_of(call, team).values():
        used = iso(key.last_used_at) if key.last_used_at is not None else None
        partial = key.secret[-LETTERS_SHOWN:]
        rows.append({**describe(key, team), "partialKey": partial, "lastUsed": used})
    return answer(rows)


def create_api_key(call: Call) -> dict[str, Any]:
    """POST /organizations/{orgId}/teams/{teamId}/api-keys"""
    team, body = child(call), read(call, CreateApiKey)
    account = next(p for p in call.store.people.values() if p.team_id == team.id)
    secret = f"v1:{team.id}:{call.store.minter.mint('key', LONG)}"
    key = call.store.keys[secret] = Key(secret, account.id, body.name)
    return {**describe(key, team), "apiKey": secret}


def delete_api_key(call: Call) -> dict[str, Any]:
    """DELETE /organizations/{orgId}/teams/{teamId}/api-keys/{keyId}"""
    team = child(call)
    key = keys_of(call, team).get(call.params["keyId"])
    if key is None:
        raise Refusal(404, "API key not found")
    key.revoked = True
    return describe(key, team)


def written(entity: Team | Organization, source: Source) -> dict[str, Any]:
    """The limit of a team or an organization, 404 where it has none."""
    limit = entity.spend_limit
    if limit is None:
        raise Refusal(404, "No spend limit has been set")
    return {
        "entityId": entity.id,
        "limit": limit.dollars,
        "source": source,
        "createdAt": iso(limit.created_at),
        "updatedAt": iso(limit.updated_at),
    }


def set_limit(call: Call, entity: Team | Organization) -> None:
    """Sets the limit in the body, and says since when there has been one."""
    dollars = read(call, SetSpendLimit).limit
    since = entity.spend_limit.created_at if entity.spend_limit else call.now
    entity.spend_limit = SpendLimit(dollars, since, call.now)


def get_spend_limit(call: Call) -> dict[str, Any]:
    """GET /organizations/{orgId}/spend-limit"""
    return written(organization(call), "organization")


def set_spend_limit(call: Call) -> dict[str, Any]:
    """PUT /organizations/{orgId}/spend-limit"""
    entity = organization(call)
    set_limit(call, entity)
    return written(entity, "organization")


def get_team_spend_limit(call: Call) -> dict[str, Any]:
    """GET /organizations/{orgId}/teams/{teamId}/spend-limit: the team's own, else the default."""
    team = child(call)
    if team.spend_limit is not None:
        return written(team, "team")
    return written(organization(call), "organization")


def set_team_spend_limit(call: Call) -> dict[str, Any]:
    """PUT /organizations/{orgId}/teams/{teamId}/spend-limit"""
    team = child(call)
    set_limit(call, team)
    return written(team, "team")


def delete_team_spend_limit(call: Call) -> dict[str, Any]:
    """DELETE /organizations/{orgId}/teams/{teamId}/spend-limit"""
    child(call).spend_limit = None
    return {"success": True}


KEYS = "/organizations/{orgId}/teams/{teamId}/api-keys"
TEAM_LIMIT = "/organizations/{orgId}/teams/{teamId}/spend-limit"
LIMIT = "/organizations/{orgId}/spend-limit"
ROUTES: Routes = {
    ("GET", KEYS): list_api_keys,
    ("POST", KEYS): create_api_key,
    ("DELETE", f"{KEYS}/{{keyId}}"): delete_api_key,
    ("GET", TEAM_LIMIT): get_team_spend_limit,
    ("PUT", TEAM_LIMIT): set_team_spend_limit,
    ("DELETE", TEAM_LIMIT): delete_team_spend_limit,
    ("GET", LIMIT): get_spend_limit,
    ("PUT", LIMIT): set_spend_limit,
}
