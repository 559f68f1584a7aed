"""Starting, stopping and reading an answer that is being written: a pure function of the time."""

from __future__ import annotations

from dataclasses import dataclass

from v0client.simulator import asking, script, writer
from v0client.simulator.identity import HASHED, LONG, digest
from v0client.simulator.records import Chat, ConnectSetup, Message, Person, Run, Version
from v0client.simulator.store import Store

FAILING_WORDS = "fail on purpose"


@dataclass(slots=True)
class Prompt:
    """What a person asks for."""

    text: str
    model: str = "v0-pro"
    thinking: bool = False
    images: bool = False
    attachments: tuple[str, ...] = ()
    type: str = "message"
    # How long the answer takes; by default that follows from the text.
    seconds: float | None = None
    # The run that asked for what this prompt says.
    continues: Run | None = None
    # What the answer comes to; by default that follows from the text.
    outcome: str = ""


def start(store: Store, chat: Chat, person: Person, prompt: Prompt, at: float) -> Message:
    """Adds the prompt, the answer to come and its version; returns the answer."""
    if (waiting := asking.waiting(chat, at)) and waiting.run:
        waiting.run.closed = True
        store.note("message.updated", chat, at, waiting)
    before = chat.versions[-1] if chat.versions else None
    asked = add_message(store, chat, "user", prompt.text, at, person.id, prompt.type)
    asked.attachments = prompt.attachments
    run = new_run(store, chat, prompt, before, at)
    reply = add_message(store, chat, "assistant", "", at, None, "message", asked.id)
    reply.run = run
    if run.outcome == asking.VERSION:
        add_version(store, chat, pending_version(chat, run, before))
    if chat.name is None:
        chat.name = writer.title(prompt.text)
        chat.named_at = at + run.duration * script.TITLE_SHARE
    store.count_sent(person, at)
    store.run_started(reply)
    store.touch(chat, at)
    return reply


def new_run(store: Store, chat: Chat, prompt: Prompt, before: Version | None, at: float) -> Run:
    """How the answer to a prompt will be written."""
    asked = prompt.text
    if prompt.continues:
        asked = prompt.continues.prompts[-1] + asking.PARAGRAPH + prompt.text
    outcome = prompt.outcome or asking.outcome(prompt.text, chat.generation)
    produces = outcome == asking.VERSION
    run = Run(
        started_at=at,
        duration=duration(prompt, len(chat.messages), store.speed),
        version_id=store.minter.mint("version", LONG) if produces else "",
        prompts=(*(before.prompts if before else ()), asked),
        failed=produces and fails(asked, len(chat.messages), store.failures),
        model=prompt.model,
        thinking=prompt.thinking,
        images=prompt.images,
        outcome=outcome,
        continues=prompt.continues.outcome if prompt.continues else "",
        setup=prompt.continues.setup if prompt.continues else None,
    )
    if outcome == asking.CONNECT:
        request, connector = store.minter.mint("connect", HASHED), store.minter.mint("scl", HASHED)
        run.setup = ConnectSetup(
            "req_" + request, asking.SERVICE, "scl_" + connector, asking.CONNECTOR, at
        )
    return run


def pending_version(chat: Chat, run: Run, before: Version | None) -> Version:
    """The version that this answer will complete; what was edited by hand stays."""
    version = Version(run.version_id, chat.id, run.started_at, run.prompts, run.finished_at)
    version.failed = run.failed
    if before and before.overlay is not None:
        version.overlay = dict(before.overlay)
    return version


def add_message(
    store: Store,
    chat: Chat,
    role: str,
    text: str,
    at: float,
    author_id: str | None,
    kind: str = "message",
    parent_id: str | None = None,
) -> Message:
    """Appends a message to a chat."""
    if parent_id is None and chat.messages:
        parent_id = chat.messages[-1].id
    message = Message(
        id=store.minter.mint("message", LONG),
        chat_id=chat.id,
        role=role,
        type=kind,
        created_at=at,
        text=text,
        author_id=author_id,
        parent_id=parent_id,
    )
    chat.messages.append(message)
    store.messages[message.id] = message
    store.note("message.created", chat, at, message)
    return message


def add_version(store: Store, chat: Chat, version: Version) -> Version:
    """Appends a version to a chat."""
    chat.versions.append(version)
    store.versions[version.id] = version
    return version


def duration(prompt: Prompt, place: int, speed: float) -> float:
    """Six to twenty seconds, longer for longer prompts, faster at higher speed."""
    spread = digest("duration", prompt.text, place) % 900 / 100
    seconds = prompt.seconds or 6 + spread + min(len(prompt.text), 600) / 120
    return round(seconds / speed, 3)


def fails(prompt: str, place: int, by_chance: bool) -> bool:
    """Prompts can ask for failure; otherwise about one in fifteen fails where chance is on."""
    if FAILING_WORDS in prompt.lower():
        return True
    return by_chance and digest("outcome", prompt, place) % 15 == 0


def running(chat: Chat, now: float) -> Message | None:
    """The answer that is being written, if one is."""
    last = chat.messages[-1] if chat.messages else None
    return last if last and last.run and last.run.finished_at > now else None


def stop(store: Store, chat: Chat, message: Message, now: float) -> None:
    """Ends a running answer where it is; its version stays unfinished and counts as failed."""
    run = message.run
    if run is None or run.finished_at <= now:
        return
    run.stopped_at = now
    if (version := store.versions.get(run.version_id)) is not None:
        version.failed = True
        version.finished_at = now
    store.touch(chat, now)
    store.note("message.updated", chat, now, message)
    store.note("message.finished", chat, now, message)


def share(run: Run, now: float) -> float:
    """How much of the answer has been written, 0 to 1."""
    until = min(now, run.finished_at)
    return min(1.0, max(0.0, (until - run.started_at) / run.duration))


def current(chat: Chat, now: float) -> Version | None:
    """The version that the chat's code is at: the latest one that was completed."""
    for version in reversed(chat.versions):
        if status(version, now) == "completed":
            return version
    return None


def restorable(store: Store, message: Message, now: float) -> bool:
    """Whether code came of this message that is not what its chat is at."""
    made = message.run.version_id if message.run else message.version_id
    version, chat = store.versions.get(made), store.chats.get(message.chat_id)
    latest = current(chat, now) if chat else None
    if version is None or latest is None or status(version, now) != "completed":
        return False
    return (version.prompts, version.overlay) != (latest.prompts, latest.overlay)


def played(run: Run) -> tuple[script.Beat, ...]:
    return script.beats(run.prompts, run.outcome, run.failed, run.thinking, run.continues)


def status(version: Version, now: float) -> str:
    """pending, completed or failed."""
    if version.finished_at > now:
        return "pending"
    return "failed" if version.failed else "completed"


def finish_reason(run: Run, now: float) -> str | None:
    """Nothing while it is being written."""
    if run.finished_at > now:
        return None
    if run.stopped_at is not None:
        return "other"
    if run.outcome in asking.KINDS:
        return "tool-calls"
    return "error" if run.failed else "stop"


def copy_state(
    store: Store, chat: Chat, copy: Chat, person: Person, version: Version | None, now: float
) -> None:
    """A fork begins with what one version of the other chat contained."""
    source = version or (chat.versions[-1] if chat.versions else None)
    if source is None:
        return
    add_message(store, copy, "user", f"Forked from {chat.id}", now, person.id, "forked-chat")
    fresh = Version(store.minter.mint("version", LONG), copy.id, now, source.prompts, now)
    fresh.overlay = dict(source.overlay) if source.overlay is not None else None
    add_version(store, copy, fresh)
