"""What a fresh simulator contains: the people always, and the demo's or a load test's chats."""

from __future__ import annotations

from v0client.simulator import demo, demo_v2
from v0client.simulator.identity import HASHED, digest, spell
from v0client.simulator.records import Key, Organization, Person, Team
from v0client.simulator.store import DAY, Store

PEOPLE = (
    ("Olivia Owner", "owner@example.com", "owner", "v0-demo-owner", 0, False),
    ("Adam Admin", "admin@example.com", "admin", "v0-demo-admin", 0, False),
    ("Mia Member", "member@example.com", "member", "v0-demo-member", 0, True),
    ("Otto Outsider", "outsider@example.com", "owner", "v0-demo-outsider", 1, False),
)
TEAMS = (("Harbor Studio", "harbor-studio"), ("Elsewhere Ltd", "elsewhere"))
# Child teams of the first team's organization, each with the one account its keys act for.
CHILDREN = (("Harbor Berlin", "harbor-berlin"), ("Harbor Lisbon", "harbor-lisbon"))


def grow(seed: str, *, origin: float, speed: float) -> Store:
    """A new store for `empty`, `demo` or `big:N`."""
    name, _, count = seed.partition(":")
    if name not in ("empty", "demo", "big") or (name == "big") != count.isdigit():
        raise ValueError(f"the seed is empty, demo or big:N, not {seed!r}")
    store = Store(seed=seed, origin=origin, speed=speed, failures=name == "demo")
    settle_people(store)
    settle_organization(store)
    if name == "demo":
        demo.fill(store)
        demo_v2.fill(store)
    elif name == "big":
        demo.fill_many(store, int(count))
    store.settle(origin)
    return store


def settle_people(store: Store) -> None:
    """The two teams, their people and keys."""
    teams = [add_team(store, name, slug) for name, slug in TEAMS]
    for name, email, role, secret, place, personally in PEOPLE:
        person = add_person(store, teams[place], name, email, role)
        person.pays_personally = personally
        store.keys[secret] = Key(secret, person.id, secret)


def settle_organization(store: Store) -> None:
    """An organization above the first team, and its child teams."""
    parent = next(iter(store.teams.values()))
    id_ = "org_" + spell(digest("organization", parent.slug), HASHED)
    store.organizations[id_] = Organization(id_, parent.id)
    for name, slug in CHILDREN:
        team = add_team(store, name, slug)
        team.organization_id = id_
        add_person(store, team, name, f"{slug}@example.com", "member")


def add_team(store: Store, name: str, slug: str) -> Team:
    team = Team("team_" + spell(digest("team", slug), HASHED), name, slug)
    store.teams[team.id] = team
    return team


def add_person(store: Store, team: Team, name: str, email: str, role: str) -> Person:
    person = Person(
        id=spell(digest("person", email), HASHED + 4),
        name=name,
        email=email,
        team_id=team.id,
        role=role,
        created_at=store.origin - 400 * DAY,
        personal_scope=spell(digest("scope", email), HASHED + 4),
    )
    store.people[person.id] = person
    return person
