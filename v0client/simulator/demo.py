"""The demo team's projects, chats, deployments and ledger, and many cheap chats for load tests."""

from __future__ import annotations

from v0client.simulator import generation
from v0client.simulator.identity import CHAT, HASHED, LONG
from v0client.simulator.records import Chat, Message, Person, Project, Run, Version
from v0client.simulator.store import DAY, Store

THEMES = (
    ("Build a pricing page with three tiers and a FAQ", "Pricing page"),
    ("Create an admin table for orders with filters and bulk actions", "Orders table"),
    ("Design a landing page for a coffee subscription", "Coffee landing"),
    ("Make a dashboard with revenue, churn and a twelve-month chart", "Revenue dashboard"),
)


def fill(store: Store) -> None:
    """The demo."""
    people = [p for p in store.people.values() if p.team_id == next(iter(store.teams))]
    for i, name in enumerate(("Marketing site", "Shop", "Back office", "Docs")):
        project = Project(
            store.minter.mint("project", HASHED, "prj_"),
            people[0].team_id,
            people[0].id,
            name,
            "team",
            store.origin - (90 - i) * DAY,
            store.minter.mint("vercel", HASHED, "prj_"),
        )
        store.projects[project.id] = project
    for i in range(60):
        person = people[i % 3]
        at = store.origin - (60 - i) * 1.5 * DAY
        prompt, _ = THEMES[i % 4]
        privacy = "private" if i % 3 == 0 else "team"
        chat = Chat(
            store.minter.mint("chat", CHAT), person.id, person.team_id, at, at, privacy, None, at
        )
        store.chats[chat.id] = chat
        generation.start(store, chat, person, generation.Prompt(prompt), at)


def fill_many(store: Store, count: int) -> None:
    """`count` chats of the owner with two versions each."""
    owner = next(iter(store.people.values()))
    for i in range(count):
        at = store.origin - (count - i) * 60 - 3600
        add_plain(store, owner, i, at)


def add_plain(store: Store, owner: Person, place: int, at: float) -> None:
    """A finished chat without the cost of running it."""
    prompt, name = THEMES[place % len(THEMES)]
    mint = store.minter.mint
    chat = Chat(
        mint("chat", CHAT), owner.id, owner.team_id, at, at + 40, "team", f"{name} {place + 1}", at
    )
    store.chats[chat.id] = chat
    prompts: tuple[str, ...] = ()
    for i, text in enumerate((prompt, "Add testimonials")):
        prompts = (*prompts, text)
        start = at + i * 20
        asked = generation.add_message(store, chat, "user", text, start, owner.id)
        reply = generation.add_message(
            store, chat, "assistant", "", start, None, "message", asked.id
        )
        reply.run = Run(start, 12.0, mint("version", LONG), prompts, False, "v0-pro", False, False)
        version = Version(reply.run.version_id, chat.id, start, prompts, start + 12.0)
        generation.add_version(store, chat, version)
