"""Money and limits as dated snapshots, and what single messages cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from dashboard.models import Chat, Key, Message, Snapshot
from dashboard.sync.progress import Progress
from dashboard.sync.values import clean_json, fit
from dashboard.upstream import Refused, Remote
from dashboard.upstream.records import CostRecord, MoneyRecord

Told = tuple[str, str]  # a chat's id and a message's
LACKING = {"v1": Q(cost=None), "v2": Q(model="")}  # what only reports tell

AT_LEAST_EVERY = timedelta(hours=1)
AT_FIRST = timedelta(days=90)  # so far back when a key is new
LATE = timedelta(minutes=30)  # what v0 has not in its reports by then is asked for no more
AT_ONCE = 500  # messages that are looked up in one query
# Seconds after the end of an answer at which its cost is asked for, where only reports tell it.
# After that a sync finds it.
LOOKS_FOR_COST = (5.0, 20.0, 60.0, 180.0)


def sync_usage(remote: Remote, key: Key, progress: Progress) -> None:
    stored = store_money(key, remote.money())
    progress.count("usage", created=int(stored is not None))


def store_money(key: Key, record: MoneyRecord, taken_at: datetime | None = None) -> Snapshot | None:
    """A new snapshot when something changed, or when the last one is an hour old.

    With the time of an earlier day: one of the past, unless there is one of that moment.
    """
    now = timezone.now()
    snapshot = Snapshot(key=key, taken_at=taken_at or now, **asdict(record))
    fit(snapshot)
    snapshot.blocks = clean_json(record.blocks)
    if taken_at is not None:
        if Snapshot.objects.filter(key=key, taken_at=taken_at).exists():
            return None
    elif is_as_before(snapshot, record, now):
        return None
    snapshot.save(force_insert=True)
    return snapshot


def is_as_before(snapshot: Snapshot, record: MoneyRecord, now: datetime) -> bool:
    last = Snapshot.objects.filter(key=snapshot.key_id).order_by("-taken_at").first()
    if last is None or last.taken_at <= now - AT_LEAST_EVERY:
        return False
    names = asdict(record).keys()
    return all(getattr(last, name) == getattr(snapshot, name) for name in names)


# ---- what messages cost -----------------------------------------------------------------------


def sync_costs(remote: Remote, key: Key, progress: Progress) -> None:
    """Asks v0's reports where a message lacks what only they tell. A key that may not read them
    has no costs."""
    is_new = key.last_synced_at is None
    for generation, lacking in LACKING.items():
        since = missing_since(key, generation, lacking)
        if since is None:
            continue
        try:
            records = remote.of(generation).message_costs(since, models=is_new)
            told = collected(records, progress.alive)
        except Refused as refusal:
            if refusal.kind not in ("forbidden", "gone"):
                raise
            continue
        progress.count("costs", changed=save_costs(key, generation, told))


def missing_since(key: Key, generation: str, lacking: Q) -> datetime | None:
    """When the oldest answer was written whose cost may be known by now; None without any."""
    synced = key.last_synced_at
    begin = timezone.now() - AT_FIRST if synced is None else synced - LATE
    chats = Chat.objects.filter(sights__key=key, generation=generation, updated_at__gte=begin)
    answers = Message.objects.filter(lacking, role="assistant", updated_at__gte=begin)
    unpaid = answers.filter(chat__in=chats.values("pk")).exclude(finish_reason="")
    oldest = unpaid.order_by("created_at").values_list("created_at", flat=True).first()
    return oldest


def collected(
    records: Iterable[CostRecord], heard: Callable[[], object] = bool
) -> dict[Told, CostRecord]:
    """One record for each message; `heard` is called for each that comes."""
    told: dict[Told, CostRecord] = {}
    for record in records:
        name = (record.chat_id, record.message_id)
        told[name] = added(told[name], record) if name in told else record
        heard()
    return told


# ---- what an answer cost that has just ended ----------------------------------------------------


def unpaid(chat: Chat) -> Message | None:
    """The chat's newest message, if that is a finished answer whose cost is not known yet."""
    newest = chat.messages.order_by("-created_at", "-id").first()
    is_answer = newest is not None and newest.role == "assistant" and newest.finish_reason
    return newest if newest is not None and is_answer and newest.cost is None else None


def payer(answer: Message) -> Key | None:
    """A usable key of whoever asked for the answer: v0 tells costs to those who have them."""
    rows = Message.objects.filter(chat=answer.chat_id, role="user").select_related("author")
    asked = rows.order_by("-created_at", "-id").first()
    person = asked.author.upstream_id if asked and asked.author else ""
    keys = Key.objects.usable().filter(team=answer.chat.team_id, upstream_user_id=person)
    return keys.order_by("pk").first() if person else None


def look_at_cost(remote: Remote, key: Key, answer: Message) -> None:
    """One look at v0's reports."""
    chat = answer.chat
    records = remote.of(chat.generation).chat_costs(chat.upstream_id, answer.created_at)
    save_costs(key, chat.generation, collected(records))


def wait_for_cost(answer: Message) -> timedelta | None:
    """How long to wait before the next look; None where there have been enough."""
    age = (timezone.now() - answer.updated_at).total_seconds()
    waits = [moment - max(0.0, age) for moment in LOOKS_FOR_COST if moment > age]
    return timedelta(seconds=waits[0]) if waits and age > -LOOKS_FOR_COST[-1] else None


def added(one: CostRecord, other: CostRecord) -> CostRecord:
    costs = [cost for cost in (one.cost, other.cost) if cost is not None]
    tokens = Counter(one.tokens or {}) + Counter(other.tokens or {})
    return replace(
        one,
        cost=sum(costs, Decimal()) if costs else None,
        tokens=dict(tokens) or None,
        model=other.model or one.model,
    )


def save_costs(key: Key, generation: str, told: dict[Told, CostRecord]) -> int:
    """Writes what a message lacks. Answers how many did."""
    changed: list[Message] = []
    names = sorted(told)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        rows = Message.objects.filter(
            chat__team=key.team_id,
            chat__generation=generation,
            chat__upstream_id__in={chat_id for chat_id, _ in some},
            upstream_id__in=[message_id for _, message_id in some],
        ).select_related("chat")
        for row in rows.only("chat__upstream_id", "upstream_id", "cost", "tokens", "model"):
            record = told.get((row.chat.upstream_id, row.upstream_id))
            if record is not None and fill_in(row, record):
                changed.append(row)
    Message.objects.bulk_update(changed, ["cost", "tokens", "model"], batch_size=AT_ONCE)
    return len(changed)


def fill_in(row: Message, record: CostRecord) -> bool:
    before = (row.cost, row.tokens, row.model)
    row.cost = row.cost if row.cost is not None else record.cost
    row.tokens = row.tokens or record.tokens
    row.model = row.model or record.model[:60]
    return before != (row.cost, row.tokens, row.model)
