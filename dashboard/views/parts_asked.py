"""What v0 asked in a step, and what it was answered: v0 itself tells neither any more once it has
gone on, so this is what is stored here of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dashboard.models import Ask, Chat
from dashboard.upstream import asks
from dashboard.views.parts import Line, Part

if TYPE_CHECKING:
    from dashboard.views.conversation import Said

UNANSWERED = "v0 went on without an answer from here"


def recall(chat: Chat, messages: Iterable[Said]) -> None:
    """Gives the steps of these messages that asked something what is stored of it. One query, and
    none where nothing was asked."""
    parts: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for message in messages:
        for part in message.parts:
            if part.asks:
                parts[message.id, part.asks].append(part)
    if not parts:
        return
    rows: dict[tuple[str, str], list[Ask]] = defaultdict(list)
    stored = chat.asks.filter(message_id__in={message for message, _ in parts})
    for ask in stored.select_related("answered_by").order_by("asked_at", "pk"):
        rows[ask.message_id, ask.kind].append(ask)
    for place, asking in parts.items():
        # Where fewer are stored than were asked, nobody knows which they are.
        if len(rows[place]) == len(asking):
            for part, ask in zip(asking, rows[place], strict=True):
                tell(part, ask)


def tell(part: Part, ask: Ask) -> None:
    """What was asked and answered as the text and the lines of a step; what waits has a card."""
    if ask.is_waiting:
        return
    said = asks.said(ask.kind, ask.answer) if ask.answer else {}
    part.prose = str(ask.asked.get("plan", "")) or part.prose
    if questions := ask.asked.get("questions"):
        part.lines = [
            Line(str(one["question"]), answer=said.pop(str(one["question"]), ""))
            for one in questions
        ]
    if ask.state != Ask.State.ANSWERED:
        part.lines.append(Line(UNANSWERED))
        return
    who = ask.answered_by.label if ask.answered_by else "a closed account"
    part.lines.append(Line(f"Answered by {who}", answer=sentence(", ".join(said.values()))))


def sentence(said: str) -> str:
    """An answer as it stands alone; “approved: Approved.” says it once."""
    word, _, more = said.partition(": ")
    told = word if more.rstrip(".").lower() == word else said
    return told[:1].upper() + told[1:]
