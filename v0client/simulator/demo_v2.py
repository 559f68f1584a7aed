"""The demo team's chats of v2: a few, some of which wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass

from v0client.simulator import asking, generation
from v0client.simulator.demo import working_hours
from v0client.simulator.identity import HASHED
from v0client.simulator.records import Chat, Person, VercelProject
from v0client.simulator.store import DAY, Store

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Told:
    """A chat: who began it and when, and what was said. `answered` says what was done about the
    first thing that the agent asked for."""

    title: str
    person: int
    days: float
    privacy: str
    prompts: tuple[str, ...]
    answered: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    project: str = ""


CHATS = (
    Told(
        "Supplier portal",
        0,
        41.3,
        "team",
        (
            "Build a supplier portal with a table of orders",
            "Add a form to confirm an order",
            "Show late shipments first",
        ),
        metadata=(("area", "operations"),),
        project="supplier-portal",
    ),
    Told(
        "Launch page for the mobile app",
        1,
        36.6,
        "team-edit",
        (
            "Build a launch page for our mobile app, but plan first",
            "Make it darker",
            "Add customer stories",
        ),
        answered="Looks good, go ahead",
        metadata=(("area", "marketing"), ("ticket", "MKT-214")),
        project="mobile-launch",
    ),
    Told(
        "Support inbox",
        2,
        29.4,
        "team",
        ("Build a support inbox with tickets and answers", "Fail on purpose", "Try that again"),
    ),
    Told("Reading list", 1, 25.5, "private", ("Build a reading list for our design team",)),
    Told(
        "Onboarding checklist",
        0,
        22.2,
        "team",
        ("Build a checklist for new colleagues", "Group it by week", "Add a progress chart"),
        metadata=(("area", "people"),),
    ),
    Told(
        "Event calendar",
        2,
        17.7,
        "public",
        ("Build a calendar of our public events, but ask me first", "Add a map of the venues"),
        answered="Who is this page for? Customers\nWhich tone fits? Playful",
    ),
    Told(
        "Churn report",
        0,
        12.1,
        "private",
        ("Build a report on churn with a chart for each plan", "Compare it with last year"),
        metadata=(("area", "revenue"), ("ticket", "DATA-88")),
    ),
    Told(
        "Partner directory",
        1,
        3.2,
        "team",
        ("Build a partner directory", "Let partners edit their entry and ask for permission"),
    ),
    Told(
        "Roadmap from Linear",
        0,
        0.2,
        "team",
        ("Build a roadmap page and set up Connect for our issues",),
        metadata=(("area", "product"),),
    ),
    Told(
        "Stock alerts",
        2,
        1.6,
        "team-edit",
        ("Build alerts for low stock and connect an integration for the data",),
    ),
    Told(
        "Pricing experiment",
        1,
        0.9,
        "team",
        ("Build a pricing page with two variants, but ask me first",),
        metadata=(("area", "marketing"),),
    ),
    Told("Status page", 0, 0.3, "team", ("Build a status page for our API, but plan first",)),
)


def fill(store: Store) -> None:
    """The chats, as of the store's origin."""
    team = list(store.people.values())[:3]
    for told in CHATS:
        converse(store, begin(store, team[told.person], told), team, told)
    store.settle(store.origin)
    store.usage.sort(key=lambda event: event.created_at)


def begin(store: Store, person: Person, told: Told) -> Chat:
    """An empty chat of v2, with a Vercel project where it has one."""
    at = store.origin - told.days * DAY
    at = working_hours(at) if told.days > 1 else at
    chat = store.add_chat(person, at, privacy=told.privacy, name=told.title, generation="v2")
    chat.metadata = dict(told.metadata)
    if told.project:
        project_id = store.minter.mint("vercel", HASHED, "prj_")
        project = VercelProject(project_id, person.team_id, told.project)
        store.vercel_projects[project_id] = project
        chat.vercel_project_id = project_id
    return chat


def converse(store: Store, chat: Chat, team: list[Person], told: Told) -> None:
    """The prompts, an hour or so apart; others of the team write where they may."""
    speed, at = store.speed, chat.created_at
    store.speed = 1.0
    for i, text in enumerate(told.prompts):
        shared = chat.privacy == "team-edit"
        person = team[(told.person + (i if shared else 0)) % len(team)]
        reply = generation.start(store, chat, person, generation.Prompt(text), at)
        store.settle(at)
        at += HOUR
        if i == 0 and told.answered:
            answer = generation.Prompt(told.answered, continues=reply.run, outcome=asking.VERSION)
            generation.start(store, chat, person, answer, at)
            at += HOUR
    store.speed = speed
