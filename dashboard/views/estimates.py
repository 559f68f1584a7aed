"""What a prompt will probably cost, by what similar ones of the team have cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles

from dashboard.models import Chat, Message, Team

CHATS_LOOKED_AT = 200  # the newest ones
FEWEST = 3  # answers; fewer make no range


@dataclass(frozen=True)
class Estimate:
    """Of ten similar prompts eight cost between `low` and `high`; without `count` nothing is
    known. `model` is "" for whichever v0 takes."""

    model: str
    count: int
    low: Decimal = Decimal()
    high: Decimal = Decimal()


def estimates(team: Team, models: Sequence[str], *, first: bool) -> list[Estimate]:
    """One for each model, of the first prompts of chats or of all that follow."""
    costs: dict[str, list[Decimal]] = defaultdict(list)
    begun: set[int] = set()
    newest = Chat.objects.filter(team=team).order_by("-updated_at", "-id")
    answers = Message.objects.filter(
        chat__in=newest.values("pk")[:CHATS_LOOKED_AT], role="assistant"
    ).order_by("chat", "created_at", "id")
    for chat, cost, model, usual in answers.values_list("chat", "cost", "model", "chat__model_id"):
        is_first = chat not in begun
        begun.add(chat)
        if is_first == first and cost:
            costs[model or usual].append(cost)
    costs[""] = [cost for found in costs.values() for cost in found]
    return [estimate(model, costs[model]) for model in models]


def estimate(model: str, costs: list[Decimal]) -> Estimate:
    if len(costs) < FEWEST:
        return Estimate(model, 0)
    tenths = quantiles(costs, n=10, method="inclusive")
    return Estimate(model, len(costs), tenths[0], tenths[-1])
