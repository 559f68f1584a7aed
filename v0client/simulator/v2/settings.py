"""Which hosts may embed previews, in v2: set for a team on its own or for an organization, whose
child teams have the hosts of its parent team."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field

from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.records import Team
from v0client.simulator.v2.bodies import Body, read

WILDCARDS = ("**.", "*.")
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
LONGEST_NAME = 253


class PreviewHosts(Body):
    hosts: Annotated[list[Annotated[str, Field(max_length=256)]], Field(max_length=5)]


def team_of(call: Call) -> Team:
    """The calling team; a personal scope has no such setting."""
    if call.request.headers.get("x-scope") == call.person.personal_scope:
        raise Refusal(404, "A personal scope has no trusted preview hosts")
    return call.store.teams[call.person.team_id]


def canonical(host: str) -> str:
    """The pattern in lower case, foreign letters in their ASCII form; 422 for what is no host."""
    wildcard = next((mark for mark in WILDCARDS if host.startswith(mark)), "")
    try:
        name = host.removeprefix(wildcard).removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    whole = "." in name or not wildcard
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or not whole:
        raise Refusal(422, f"hosts: not a host name or a pattern of host names: {host}")
    return wildcard + name


def get_preview_hosts(call: Call) -> dict[str, Any]:
    """GET /settings/preview-hosts"""
    team = team_of(call)
    if team.organization_id is not None:
        organization = call.store.organizations[team.organization_id]
        team = call.store.teams[organization.parent_team_id]
    return {"hosts": team.preview_hosts}


def set_preview_hosts(call: Call) -> dict[str, Any]:
    """PUT /settings/preview-hosts"""
    team = team_of(call)
    if team.organization_id is not None:
        raise Refusal(403, "Child teams have the preview hosts of their organization")
    if call.person.role != "owner":
        raise Refusal(403, "Only owners can set the trusted preview hosts")
    hosts = [canonical(host) for host in read(call, PreviewHosts).hosts]
    team.preview_hosts = list(dict.fromkeys(hosts))
    return {"hosts": team.preview_hosts}


ROUTES: Routes = {
    ("GET", "/settings/preview-hosts"): get_preview_hosts,
    ("PUT", "/settings/preview-hosts"): set_preview_hosts,
}
