"""The state of one simulated v0, and what time does to it. No rendering, no HTTP."""

from __future__ import annotations

import heapq
from collections import Counter, deque

from v0client.simulator import prices
from v0client.simulator.exchange import Refusal
from v0client.simulator.identity import CHAT, LONG, Minter
from v0client.simulator.records import (
    Chat,
    Deployment,
    Happening,
    Hook,
    Key,
    McpServer,
    Message,
    Organization,
    Person,
    Project,
    Team,
    Upload,
    UsageEvent,
    VercelProject,
    Version,
)

DAY = 86_400
# Long answers that are kept as written, so that many chats do not take much memory.
MOST_WRITTEN = 1_000


class Store:
    """Everything in dictionaries by id; `revision` grows with every change of any chat."""

    def __init__(self, *, seed: str, origin: float, speed: float, failures: bool) -> None:
        self.origin = origin
        self.speed = speed
        self.failures = failures
        self.minter = Minter(seed)
        self.organizations: dict[str, Organization] = {}
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.keys: dict[str, Key] = {}
        self.chats: dict[str, Chat] = {}
        # What happened since somebody last looked, as long as there are hooks.
        self.news: list[Happening] = []
        self.messages: dict[str, Message] = {}
        self.versions: dict[str, Version] = {}
        self.projects: dict[str, Project] = {}
        self.deployments: dict[str, Deployment] = {}
        self.usage: list[UsageEvent] = []
        # By their addresses below /uploads/.
        self.uploads: dict[str, Upload] = {}
        self.hooks: dict[str, Hook] = {}
        self.mcp_servers: dict[str, McpServer] = {}
        self.vercel_projects: dict[str, VercelProject] = {}
        self.sent: Counter[tuple[str, int]] = Counter()
        self.revision = 0
        self._written: deque[tuple[Chat, object]] = deque()
        self._running: list[tuple[float, int, str]] = []
        self._listed: dict[tuple[str, str], tuple[int, list[Chat]]] = {}

    # ---- chats --------------------------------------------------------------------------------

    def note(self, event: str, chat: Chat, at: float, message: Message | None = None) -> None:
        """Something that hooks are told of has happened."""
        if self.hooks:
            self.news.append(Happening(event, chat, message.id if message else None, at))

    def add_chat(
        self,
        person: Person,
        at: float,
        *,
        privacy: str,
        name: str | None = None,
        generation: str = "v1",
    ) -> Chat:
        """A new, empty chat of this person."""
        chat = Chat(
            id=self.minter.mint("chat", CHAT),
            author_id=person.id,
            team_id=person.team_id,
            created_at=at,
            updated_at=at,
            privacy=privacy,
            name=name,
            named_at=at,
            generation=generation,
        )
        self.chats[chat.id] = chat
        self.note("chat.created", chat, at)
        self.touch(chat, at)
        return chat

    def touch(self, chat: Chat, at: float) -> None:
        """The chat changed at that moment."""
        self.note("chat.updated", chat, at)
        chat.updated_at = max(chat.updated_at, at)
        self.forget(chat)

    def forget(self, chat: Chat) -> None:
        """Drops what was written of the chat without calling it updated."""
        chat.written.clear()
        self.revision += 1

    def keep(self, chat: Chat, slot: object, page: bytes) -> None:
        """Keeps a long answer about a chat until the chat changes or many others were kept."""
        chat.written[slot] = page
        self._written.append((chat, slot))
        if len(self._written) > MOST_WRITTEN:
            other, other_slot = self._written.popleft()
            other.written.pop(other_slot, None)

    def listed(self, person: Person, generation: str = "v1") -> list[Chat]:
        """The chats that a person's list shows, newest change first."""
        cached = self._listed.get((person.id, generation))
        if cached and cached[0] == self.revision:
            return cached[1]
        chats = [
            chat
            for chat in self.chats.values()
            if chat.generation == generation and in_list(chat, person)
        ]
        chats.sort(key=lambda chat: (chat.updated_at, chat.id), reverse=True)
        self._listed[person.id, generation] = (self.revision, chats)
        return chats

    def chat(self, chat_id: str, person: Person, generation: str = "v1") -> Chat:
        """A chat of this generation that this person may read, else 404."""
        chat = self.chats.get(chat_id)
        if chat is None or chat.generation != generation or not may_read(chat, person):
            raise Refusal(404, "Chat not found")
        return chat

    def own_chat(self, chat_id: str, person: Person, generation: str = "v1") -> Chat:
        """A chat that this person may change: 404 when unseen, 403 when read-only."""
        chat = self.chat(chat_id, person, generation)
        if not may_write(chat, person):
            raise Refusal(403, "You do not have permission to change this chat")
        return chat

    def version(self, chat: Chat, version_id: str) -> Version:
        """A version of this chat, else 404."""
        version = self.versions.get(version_id)
        if version is None or version.chat_id != chat.id:
            raise Refusal(404, "Version not found")
        return version

    def message(self, chat: Chat, message_id: str) -> Message:
        """A message of this chat, else 404."""
        message = self.messages.get(message_id)
        if message is None or message.chat_id != chat.id:
            raise Refusal(404, "Message not found")
        return message

    def drop_chat(self, chat: Chat, at: float) -> None:
        """The chat goes to the trash: nothing shows it any more."""
        self.forget(chat)
        del self.chats[chat.id]
        for message in chat.messages:
            self.messages.pop(message.id, None)
            self.note("message.deleted", chat, at, message)
        self.note("chat.deleted", chat, at)
        for version in chat.versions:
            self.versions.pop(version.id, None)
        for address in [a for a, u in self.uploads.items() if u.chat_id == chat.id]:
            del self.uploads[address]
        for deployment_id in [d.id for d in self.deployments.values() if d.chat_id == chat.id]:
            del self.deployments[deployment_id]

    # ---- projects -----------------------------------------------------------------------------

    def project(self, project_id: str, person: Person) -> Project:
        """A project that this person may see, else 404."""
        project = self.projects.get(project_id)
        if project is None or not sees_project(project, person):
            raise Refusal(404, "Project not found")
        return project

    def check_scope(self, person: Person, scope: str) -> None:
        """403 for scopes that are neither this person's own nor their team's."""
        team = self.teams[person.team_id]
        if scope not in (person.personal_scope, team.id, team.slug):
            raise Refusal(403, "You do not have access to this scope")

    # ---- time ---------------------------------------------------------------------------------

    def run_started(self, message: Message) -> None:
        """Remembers that a running answer ends some day."""
        if message.run is not None:
            entry = (message.run.finished_at, len(self.messages), message.id)
            heapq.heappush(self._running, entry)

    def settle(self, now: float) -> None:
        """Everything that has ended by now is settled, in the order in which it ended."""
        while self._running and self._running[0][0] <= now:
            _, _, message_id = heapq.heappop(self._running)
            message = self.messages.get(message_id)
            if message is not None and message.run is not None:
                self._finish(message)

    def _finish(self, message: Message) -> None:
        run, chat = message.run, self.chats.get(message.chat_id)
        if run is None or chat is None or run.stopped_at is not None:
            return
        self.touch(chat, run.finished_at)
        self.note("message.updated", chat, run.finished_at, message)
        self.note("message.finished", chat, run.finished_at, message)
        self.charge(message, chat)

    def charge(self, message: Message, chat: Chat) -> None:
        """A ledger row for a finished answer."""
        run = message.run
        if run is None or not run.charged:
            return
        used = prices.spent(message.id, run.model)
        tokens, cost = used.tokens, used.cost
        self.usage.append(
            UsageEvent(
                id=self.minter.mint("usage", LONG),
                type="message",
                team_id=chat.team_id,
                person_id=self.asker(message) or chat.author_id,
                created_at=run.finished_at,
                prompt_cost=round(cost.total - cost.output, 6),
                completion_cost=cost.output,
                model=run.model,
                tokens=(
                    int(tokens.input),
                    int(tokens.output),
                    int(tokens.cache_write),
                    int(tokens.cache_read),
                ),
                chat_id=chat.id,
                message_id=message.id,
                waived=self.repairs(message),
            )
        )

    def asker(self, message: Message) -> str | None:
        """Whose prompt an answer answers."""
        asked = self.messages.get(message.parent_id or "")
        return asked.author_id if asked else None

    def repairs(self, message: Message) -> bool:
        """Whether an answer mends what an answer before it broke."""
        asked = self.messages.get(message.parent_id or "")
        return asked is not None and asked.type in ("fix-with-v0", "auto-fix-with-v0")

    def count_sent(self, person: Person, at: float) -> None:
        """The person has sent one prompt more."""
        self.sent[person.id, int(at // DAY)] += 1

    def sent_today(self, person: Person, now: float) -> int:
        """How many prompts the person has sent since midnight, UTC."""
        return self.sent[person.id, int(now // DAY)]


def in_list(chat: Chat, person: Person) -> bool:
    """Lists show the team's chats, and of the private ones only one's own."""
    if chat.team_id != person.team_id:
        return False
    return chat.privacy != "private" or chat.author_id == person.id


def may_read(chat: Chat, person: Person) -> bool:
    """Public and unlisted chats open for anybody who knows the id."""
    return in_list(chat, person) or chat.privacy in ("public", "unlisted")


def may_write(chat: Chat, person: Person) -> bool:
    """The author, and the team where the author let it in."""
    if chat.author_id == person.id:
        return True
    return chat.team_id == person.team_id and chat.privacy == "team-edit"


def sees_project(project: Project, person: Person) -> bool:
    """One's own, and the team's that are not private."""
    if project.team_id != person.team_id:
        return False
    return project.privacy == "team" or project.author_id == person.id
