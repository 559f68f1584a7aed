"""What a fresh simulator contains: the people always, and the demo's or a load test's chats."""

from __future__ import annotations

from v0client.simulator import demo
from v0client.simulator.identity import HASHED, digest, spell
from v0client.simulator.records import Key, Person, Team
from v0client.simulator.store import DAY, Store

PEOPLE = (
    ("Olivia Owner", "owner@example.com", "owner", "v0-demo-owner", 0, False),
    ("Adam Admin", "admin@example.com", "admin", "v0-demo-admin", 0, False),
    ("Mia Member", "member@example.com", "member", "v0-demo-member", 0, True),
    ("Otto Outsider", "outsider@example.com", "owner", "v0-demo-outsider", 1, False),
)
TEAMS = (("Harbor Studio", "harbor-studio"), ("Elsewhere Ltd", "elsewhere"))


def grow(seed: str, *, origin: float, speed: float) -> Store:
    """A new store for `empty`, `demo` or `chats:N`."""
    name, _, count = seed.partition(":")
    if name not in ("empty", "demo", "chats") or (name == "chats") != count.isdigit():
        raise ValueError(f"the seed is empty, demo or chats:N, not {seed!r}")
    store = Store(seed=seed, origin=origin, speed=speed, failures=name == "demo")
    settle_people(store)
    if name == "demo":
        demo.fill(store)
    elif name == "chats":
        demo.fill_many(store, int(count))
    store.settle(origin)
    return store


def settle_people(store: Store) -> None:
    """The two teams, their people and keys."""
    teams = []
    for name, slug in TEAMS:
        team = Team("team_" + spell(digest("team", slug), HASHED), name, slug)
        store.teams[team.id] = team
        teams.append(team)
    for name, email, role, secret, place, personally in PEOPLE:
        person = Person(
            id=spell(digest("person", email), HASHED + 4),
            name=name,
            email=email,
            team_id=teams[place].id,
            role=role,
            created_at=store.origin - 400 * DAY,
            personal_scope=spell(digest("scope", email), HASHED + 4),
            pays_personally=personally,
        )
        store.people[person.id] = person
        store.keys[secret] = Key(secret, person.id, secret)
