"""What tests of the inbox begin with: chats whose agent has stopped to ask, in both generations."""

from __future__ import annotations

from django.utils import timezone

from dashboard.models import Ask, Chat, Membership
from dashboard.sync import follow
from dashboard.upstream.asks import Answer
from tests.dashboard.prompting import create
from v0client.simulator import Simulator

# The words that make the simulated agent stop, by what it asks for then.
PROMPTS = {
    "questions": "Ask me first, then build a shop",
    "plan": "Plan first: a page for each product",
    "permissions": "Build a shop and ask for permission",
    "integration": "Build a shop and connect an integration",
    "connect": "Build a roadmap and set up Connect",
}
ANSWERS = {
    "questions": Answer(
        "answer",
        selected={"audience": ["Customers", "Partners"]},
        texts={"tone": "Like our shop windows"},
    ),
    "plan": Answer("approve"),
    "permissions": Answer("allow"),
    "integration": Answer("connected", names=("Neon",)),
    "connect": Answer("connected"),
}


def stopped(
    member: Membership,
    simulator: Simulator,
    kind: str,
    generation: str = "v2",
    privacy: str = "team",
) -> Ask:
    """What an agent asks in a new chat of this person."""
    member.team.generation = generation
    member.team.save(update_fields=["generation"])
    chat = create(member, PROMPTS[kind], privacy=privacy)
    assert chat.generation == generation
    finish(simulator)
    return Ask.objects.select_related("chat__author").get(chat=chat)


def finish(simulator: Simulator) -> None:
    """All that is being written is written, and seen."""
    simulator.clock.advance(600)
    Chat.objects.filter(status="running").update(follow_at=timezone.now())
    follow.follow_due()


def answered(simulator: Simulator) -> int:
    """How many answers v0 was sent, refused ones included."""
    return sum(asked.method == "POST" and "/resolve" in asked.path for asked in simulator.requests)
