"""The demo team's projects, chats, deployments and ledger, and many cheap chats for load tests."""

from __future__ import annotations

from v0client.simulator import builds, generation
from v0client.simulator.demo_data import CHATS, FOLLOW_UPS, OUTSIDER, PROJECTS
from v0client.simulator.identity import HASHED, LONG, digest
from v0client.simulator.records import (
    Chat,
    EnvVar,
    Person,
    Project,
    Run,
    UsageEvent,
    VercelProject,
)
from v0client.simulator.store import DAY, Store

PRIVACIES = (
    "private",
    "team",
    "team",
    "team-edit",
    "private",
    "team",
    "public",
    "private",
    "team-edit",
    "unlisted",
    "team",
    "private",
)
MODELS = ("v0-pro", "v0-pro", "v0-max", "v0-mini", "v0-pro", "v0-max-fast")
ROUNDS = (1, 3, 2, 5, 1, 4, 2, 3, 1, 2, 12, 3, 5, 1, 8)
DEPLOYMENTS = 25
SPAN = 90 * DAY


def fill(store: Store) -> None:
    """The demo, as of the store's origin."""
    people = list(store.people.values())
    team, outsider = people[:3], people[3]
    projects = [add_project(store, team, i) for i in range(len(PROJECTS))]
    chats = [begin_chat(store, team, projects, i) for i in range(len(CHATS))]
    for i, (title, prompt) in enumerate(OUTSIDER):
        at = store.origin - (12 - 4 * i) * DAY
        chat = store.add_chat(outsider, at, privacy="team", name=title)
        generation.start(store, chat, outsider, generation.Prompt(prompt), at)
    deploy(store, chats)
    store.settle(store.origin)
    fill_ledger(store, team)


def add_project(store: Store, team: list[Person], place: int) -> Project:
    name, description, instructions, private, variables = PROJECTS[place]
    at = store.origin - SPAN - (20 - place) * DAY
    author = team[1] if private else team[place % 2]
    vercel = VercelProject(
        store.minter.mint("vercel", HASHED, "prj_"), author.team_id, name.lower().replace(" ", "-")
    )
    store.vercel_projects[vercel.id] = vercel
    project = Project(
        id=store.minter.mint("project", HASHED, "prj_"),
        team_id=author.team_id,
        author_id=author.id,
        name=name,
        privacy="private" if private else "team",
        created_at=at,
        vercel_project_id=vercel.id,
        description=description,
        instructions=instructions or None,
    )
    for key, value in variables:
        id_ = store.minter.mint("env", LONG)
        project.env_vars[id_] = EnvVar(id_, key, value, at + 600)
    store.projects[project.id] = project
    return project


def begin_chat(store: Store, team: list[Person], projects: list[Project], place: int) -> Chat:
    """One chat with its conversation; the last two are being written when the demo starts."""
    title, project, prompt = CHATS[place]
    # Spread over the ninety days in an order of its own, so that projects are mixed.
    order = place * 37 % len(CHATS)
    number = digest("chat", title)
    running = order >= len(CHATS) - 2
    at = store.origin - (len(CHATS) - order) * SPAN / len(CHATS) - number % 30_000
    at = store.origin - 2 - order % 2 if running else working_hours(at)
    person = team[(0, 1, 2, 0, 2, 1)[order % 6]]
    privacy = "team" if running else PRIVACIES[place % len(PRIVACIES)]
    chat = store.add_chat(person, at, privacy=privacy, name=title)
    if running:
        chat.name = None
    chat.favorite = number % 5 == 0
    chat.project_id = projects[project].id if project is not None else None
    if chat.project_id and projects[project or 0].privacy == "private":
        chat.author_id, chat.privacy = team[1].id, "private"
        person = team[1]
    chat.model = {"modelId": MODELS[number % 6], "imageGenerations": False, "thinking": False}
    converse(store, chat, team, person, prompt, 1 if running else ROUNDS[place % len(ROUNDS)])
    if not running:
        chat.name = title
    return chat


def converse(
    store: Store, chat: Chat, team: list[Person], person: Person, prompt: str, rounds: int
) -> None:
    """The first prompt and the follow-ups, minutes to hours apart."""
    at, speed = chat.created_at, store.speed
    store.speed = 1.0 if rounds > 1 else speed
    model = str((chat.model or {})["modelId"])
    # Long enough for somebody who has just started the demo to see it run.
    seconds = 150.0 if chat.name is None else None
    for i in range(rounds):
        number = digest("round", chat.id, i)
        text = prompt if i == 0 else FOLLOW_UPS[(number + i) % len(FOLLOW_UPS)]
        author = team[number % 3] if i and chat.privacy == "team-edit" else person
        generation.start(store, chat, author, generation.Prompt(text, model, seconds=seconds), at)
        store.settle(at)
        at += 60 + number % (2_400 if i % 3 else 14_000)
        if at > store.origin - 600:
            break
    store.speed = speed


def working_hours(at: float) -> float:
    """Moves a moment of the night into the day after."""
    hour = at % DAY / 3600
    return at - at % DAY + (8 + hour % 10) * 3600 if hour < 7 or hour > 19 else at


def deploy(store: Store, chats: list[Chat]) -> None:
    """Twenty-five deployments of finished versions, a few of which failed."""
    finished = [
        (version, chat)
        for chat in chats
        for version in chat.versions
        if generation.status(version, store.origin) == "completed"
    ]
    chosen = [finished[len(finished) * i // DEPLOYMENTS] for i in range(DEPLOYMENTS)]
    people = store.people
    for i, (version, chat) in enumerate(sorted(chosen, key=lambda pair: pair[0].created_at)):
        at = min(version.finished_at + 300 + i * 7, store.origin - 90)
        builds.begin(store, people[chat.author_id], chat, version, at, failed=i % 6 == 4)


def fill_ledger(store: Store, team: list[Person]) -> None:
    """What else costs money: API requests, pictures, quick edits, and one manual debit."""
    kinds = ("api_request", "inline-edit", "image_generation", "api_request", "inline-edit")
    for day in range(90):
        start = store.origin - (90 - day) * DAY
        for i in range(1 + digest("busy", day) % 4):
            number = digest("ledger", day, i)
            kind = kinds[number % 5] if (day, i) != (45, 0) else "manual_debit"
            cost = 4.0 if kind == "manual_debit" else 0.01 + number // 7 % 900 / 2_000
            store.usage.append(
                UsageEvent(
                    id=store.minter.mint("usage", LONG),
                    type=kind,
                    team_id=team[0].team_id,
                    person_id=team[number // 11 % 3].id,
                    created_at=round(start + number % 80_000, 3),
                    prompt_cost=round(cost * 0.3, 6),
                    completion_cost=round(cost * 0.7, 6),
                    model=MODELS[number % 6],
                    tokens=(0, 0, 0, 0),
                )
            )
    store.usage.sort(key=lambda event: event.created_at)


def fill_many(store: Store, count: int) -> None:
    """`count` chats of the owner with two versions each, a minute apart."""
    owner = next(iter(store.people.values()))
    for i in range(count):
        add_plain(store, owner, i, store.origin - (count - i) * 60 - 3600)


def add_plain(store: Store, owner: Person, place: int, at: float) -> None:
    """A finished chat without the cost of running it."""
    title, _, prompt = CHATS[place % len(CHATS)]
    chat = store.add_chat(owner, at, privacy="team", name=f"{title} {place + 1}")
    prompts: tuple[str, ...] = ()
    for i, text in enumerate((prompt, FOLLOW_UPS[place % len(FOLLOW_UPS)])):
        prompts = (*prompts, text)
        start = at + i * 20
        asked = generation.add_message(store, chat, "user", text, start, owner.id)
        reply = generation.add_message(
            store, chat, "assistant", "", start, None, parent_id=asked.id
        )
        id_ = store.minter.mint("version", LONG)
        reply.run = Run(start, 12.0, id_, prompts, False, "v0-pro", False, False)
        generation.add_version(store, chat, generation.pending_version(chat, reply.run, None))
    chat.updated_at = at + 32
