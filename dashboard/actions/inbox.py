"""Answering what v0's agent asks. An ask is answered once: whoever comes later is told by whom.

Nothing can be sent twice: v0 itself refuses an answer that it does not wait for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from dashboard import access
from dashboard.actions import Invalid, acting, history
from dashboard.actions.prompts import FIRST_LOOK, watch
from dashboard.actions.states import keep_present
from dashboard.models import Ask, Chat, Key, Membership
from dashboard.sync import store
from dashboard.sync.inbox import LOST, ask_row
from dashboard.upstream import Remote, asks
from dashboard.upstream.asks import Answer
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord, SetupRecord

MOST_CHARACTERS = 10_000
MISSING = {
    "change": "Write what should change.",
    "reject": "Write why, so that v0 does not propose the same again.",
}
ELSEWHERE = "This was answered in v0 in the meantime, so nothing was sent."
EXPIRED = "This set-up is not valid any more. Send v0 a message, and it asks again."
NOT_SET_UP = "The set-up is not finished yet. Finish it in the browser, then go on."
NOBODY_ELSE = (
    "Another person has to confirm it, but nobody else in the team can write in this chat."
)
MOST_NAMES = 5
STATE = Ask.State


class AlreadyAnswered(Refused):
    """v0 does not wait for this any more."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, kind="conflict")


def answer_ask(*, member: Membership, ask: Ask, answer: Answer) -> Ask:
    """Sends the answer, and v0 goes on. Where two have to agree, the first one's is kept till the
    second one's comes."""
    access.require(member, "chat-create")
    acting.see_chat(member, ask.chat)
    task = checked(ask, answer)
    if ask.state == STATE.SECOND and answer.do == "allow" and not answer.text:
        task = ask.answer or task  # with what the first person said to it
    if is_done(member, ask, task):
        return ask
    acting.key_for(member, ask.chat, to_write=True)  # without one nothing is claimed
    if answer.do == "allow" and needs_two(member, ask):
        if ask.state == STATE.OPEN:
            return allow_first(member, ask, task)
        if ask.first_by_id == member.user_id:
            raise Invalid("do", f"You have allowed this already. {who_confirms(member, ask)}")
    before = claim(member, ask, task)
    if before is None:
        return ask
    try:
        with acting.remote_of_chat(member, ask.chat, to_write=True) as (key, remote):
            record = deliver(remote, key, ask, task)
    except Refused as refusal:
        release(ask, before, refusal)
        if ask.kind == Ask.Kind.CONNECT and ask.is_waiting and refusal.kind == "conflict":
            raise Refused(NOT_SET_UP, kind="conflict") from None
        raise
    with transaction.atomic():
        ask.chat = watch(store.store_chat(key, record))
        note(member, ask, "ask.answer", key)
    return ask


def withdraw_ask(*, member: Membership, ask: Ask) -> Ask:
    """Takes back what one allowed while the second person has not confirmed it."""
    access.require(member, "chat-create")
    acting.see_chat(member, ask.chat)
    waiting = Ask.objects.filter(pk=ask.pk, state=STATE.SECOND, first_by=member.user_id)
    with transaction.atomic():
        if not waiting.update(state=STATE.OPEN, first_by=None, answer=None):
            ask.refresh_from_db()
            raise AlreadyAnswered(ending(ask))
        note(member, ask, "ask.withdraw")
    ask.refresh_from_db()
    return ask


def check_setup(*, member: Membership, ask: Ask) -> SetupRecord:
    """How far the set-up of the connector is that this waits for."""
    access.require(member, "chat-create")
    acting.see_chat(member, ask.chat)
    if ask.kind != Ask.Kind.CONNECT:
        raise Invalid("do", "v0 does not wait for a set-up here.")
    if not ask.is_waiting:
        raise AlreadyAnswered(ending(ask))
    try:
        with acting.remote_of_chat(member, ask.chat) as (key, remote):
            try:
                return remote.setup_status(ask.chat.upstream_id, str(ask.asked["requestId"]))
            except Refused as refusal:
                if refusal.kind != "conflict":
                    raise
            store.store_chat(key, remote.chat(ask.chat.upstream_id))
    except Refused as refusal:
        if refusal.kind != "gone" or ask.chat.gone_at is not None:
            raise
        return SetupRecord("failed", EXPIRED)
    ask.refresh_from_db()
    raise AlreadyAnswered(ending(ask))


# ---- before it is sent --------------------------------------------------------------------------


def checked(ask: Ask, answer: Answer) -> dict[str, Any]:
    """The task that says this. Raises Invalid where it says nothing, or nothing that fits."""
    if answer.do not in asks.WAYS[ask.kind]:
        raise Invalid("do", "This does not answer what v0 asks. Reload the page.")
    if not answer.text.strip() and answer.do in MISSING:
        raise Invalid("text", MISSING[answer.do])
    for text in (answer.text, *answer.texts.values()):
        if len(text) > MOST_CHARACTERS:
            raise Invalid("text", f"Write at most {MOST_CHARACTERS:,} characters.")
    if ask.kind == Ask.Kind.INTEGRATION and answer.do == "connected" and not answer.names:
        raise Invalid("names", "Tick what you have connected, or go on without.")
    for question in ask.asked.get("questions", ()):
        if not answer.selected.get(question["id"]) and not answer.texts.get(question["id"]):
            raise Invalid("questions", "Answer every question, with a choice or in your own words.")
    return asks.task(ask.kind, ask.asked, answer)


def needs_two(member: Membership, ask: Ask) -> bool:
    return ask.is_dangerous and member.team.two_for_danger


def who_confirms(member: Membership, ask: Ask) -> str:
    """Who can be the second person, as this one reads it; NOBODY_ELSE where nobody can."""
    people = list(acting.writers(ask.chat))
    first = ask.first_by_id or member.user_id
    others = [one for one in people if one.user_id != first]
    is_outside = ask.first_by_id is None and len(others) == len(people)  # neither is the reader
    if not others or (is_outside and len(others) < 2):
        return NOBODY_ELSE
    mine = ["you" for one in others if one.user_id == member.user_id]
    names = [*mine, *(one.user.label for one in others if one.user_id != member.user_id)]
    if is_outside:
        return f"Two people have to allow it: {listed(names)}."
    return f"Another person has to confirm it: {listed(names)}."


def listed(names: list[str]) -> str:
    """The names in a sentence, the first few of them."""
    few, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    last = f"{more} more" if more > 0 else few.pop()
    return f"{', '.join(few)} or {last}" if few else last


def allow_first(member: Membership, ask: Ask, task: dict[str, Any]) -> Ask:
    """Keeps the first person's word; nothing is sent."""
    with transaction.atomic():
        claimed = Ask.objects.filter(pk=ask.pk, state=STATE.OPEN).update(
            state=STATE.SECOND, first_by=member.user_id, answer=task
        )
        ask.refresh_from_db()
        if not claimed:
            raise AlreadyAnswered(ending(ask))
        note(member, ask, "ask.allow")
    return ask


def is_done(member: Membership, ask: Ask, task: dict[str, Any]) -> bool:
    """Whether this very person has sent just that already, as a double click does. Raises
    AlreadyAnswered where somebody or something else was quicker."""
    if ask.is_waiting:
        return False
    if ask.answered_by_id == member.user_id and ask.answer == task:
        return True
    raise AlreadyAnswered(ending(ask))


def claim(member: Membership, ask: Ask, task: dict[str, Any]) -> dict[str, Any] | None:
    """Makes the answer this person's alone to send; gives the row as it was, or None where this
    person has sent it a moment ago.

    Should this process die now, the chat is looked at again, and v0's word counts.
    """
    names = ("state", "answer", "answered_by_id", "answered_at")
    before = {name: getattr(ask, name) for name in names}
    now = timezone.now()
    values = {"answer": task, "answered_by": member.user_id, "answered_at": now}
    with transaction.atomic():
        mine = Ask.objects.filter(pk=ask.pk, state=ask.state).update(state=STATE.ANSWERED, **values)
        ask.refresh_from_db()
        if mine:
            look_again(ask.chat, now + LOST)
            return before
    if ask.is_waiting:
        raise AlreadyAnswered(ending(ask))
    is_done(member, ask, task)
    return None


def look_again(chat: Chat, at: datetime) -> None:
    Chat.objects.filter(pk=chat.pk, gone_at=None).update(follow_at=at)


# ---- sending it ---------------------------------------------------------------------------------


def deliver(remote: Remote, key: Key, ask: Ask, task: dict[str, Any]) -> ChatRecord:
    """The chat once v0 has taken the answer. What is unclear is looked up in the chat itself."""
    chat_id = ask.chat.upstream_id
    keep_present(key, remote, ask.chat)
    try:
        if task["type"] == asks.MESSAGE:
            return remote.send_message(chat_id, prompt=task["content"])
        return remote.resolve_task(chat_id, task)
    except Refused as refusal:
        if refusal.kind != "conflict" and refusal.kind not in acting.UNCLEAR:
            raise
        record = remote.chat(chat_id)
        if is_asked(record, ask):
            raise
        if refusal.kind == "conflict":
            store.store_chat(key, record)
            raise AlreadyAnswered(ELSEWHERE) from None
        return record


def is_asked(record: ChatRecord, ask: Ask) -> bool:
    """Whether v0 still waits for just this."""
    now = record.ask
    if now is None or now.message_id != ask.message_id:
        return False
    return bool(ask_row(ask.chat_id, now).asked == ask.asked)


def release(ask: Ask, before: dict[str, Any], refusal: Refused) -> None:
    """Nothing was answered: the row is as it was, or over where v0 does not wait any more."""
    over = isinstance(refusal, AlreadyAnswered) or ask.chat.gone_at is not None
    values = before | {"answer": None, "state": STATE.OVER} if over else before
    Ask.objects.filter(pk=ask.pk).update(**values)
    ask.refresh_from_db()
    look_again(ask.chat, timezone.now() + FIRST_LOOK)


def ending(ask: Ask) -> str:
    """What became of an ask that nobody can answer now, in a sentence."""
    if ask.state == STATE.ANSWERED:
        who = ask.answered_by.label if ask.answered_by else "Somebody"
        return f"This was already answered by {who}, so nothing was sent."
    if ask.state == STATE.SECOND:
        who = ask.first_by.label if ask.first_by else "Somebody"
        return f"{who} has allowed this in the meantime; it waits for a second person."
    if ask.state == STATE.OPEN:
        return "This has changed in the meantime. Look at it again, then answer."
    return "v0 does not wait for this any more: the chat has gone on without an answer from here."


def note(member: Membership, ask: Ask, verb: str, key: Key | None = None) -> None:
    told = asks.said(ask.kind, ask.answer) if ask.answer else {}
    after = {name: text[:300] for name, text in told.items()}
    history.record(member, verb, target=ask.chat, chat=ask.chat, key=key, after=after)
