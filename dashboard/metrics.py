"""What /metrics tells, read from the database and the broker when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import redis
from django.conf import settings
from django.db.models import Avg, Count, F, Min, Sum
from django.utils import timezone
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from dashboard.models import Chat, Deployment, Key, Submission, SyncRun, Team, User
from dashboard.upstream import pace

RECENT = 500  # sync runs that averages are over
PREFIX = "v0dashboard"


class Mirror(Collector):
    """Every query here uses an index or a small table, so scraping often is fine."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield gauge("teams", "Teams", Team.objects.count())
        yield gauge("people", "Accounts that may sign in", people())
        yield from keys()
        yield from sync_runs()
        yield from waiting()
        yield from queue()
        yield from upstream()


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", about, value=value)


def by_state(name: str, about: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", about, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


def people() -> int:
    return User.objects.filter(is_active=True).count()


def keys() -> Iterator[GaugeMetricFamily]:
    present = Key.objects.present()
    counts: dict[str, int] = dict.fromkeys(Key.State.values, 0)
    rows = present.order_by().values_list("state").annotate(Count("pk"))
    counts.update(dict(rows))
    yield by_state("keys", "v0 keys by state", counts)
    oldest = present.usable().aggregate(at=Min("last_synced_at"))["at"]
    age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield gauge("sync_age_seconds", "Age of the oldest mirror of a working key", age)


def sync_runs() -> Iterator[GaugeMetricFamily]:
    unfinished: dict[str, int] = {"queued": 0, "running": 0}
    rows = SyncRun.objects.filter(state__in=unfinished).order_by().values_list("state")
    unfinished.update(dict(rows.annotate(Count("pk"))))
    yield by_state("sync_runs_unfinished", "Syncs that wait or run", unfinished)

    newest = SyncRun.objects.order_by("-pk").values("pk")[:RECENT]
    over = SyncRun.objects.filter(pk__in=newest, finished_at__isnull=False).order_by()
    finished: dict[str, int] = {"done": 0, "partial": 0, "failed": 0}
    finished.update(dict(over.values_list("state").annotate(Count("pk"))))
    about = f"How the newest {RECENT} syncs ended"
    yield by_state("sync_runs_recent", about, finished)
    sums = over.aggregate(seconds=Avg(F("finished_at") - F("started_at")), requests=Sum("requests"))
    seconds = sums["seconds"].total_seconds() if sums["seconds"] else 0.0
    yield gauge("sync_seconds_mean", f"Mean duration of the newest {RECENT} syncs", seconds)
    answers = float(sums["requests"] or 0)
    yield gauge("sync_answers_recent", f"Answers of v0 to the newest {RECENT} syncs", answers)


def waiting() -> Iterator[GaugeMetricFamily]:
    """What somebody waits for; `late` ones are due and nobody has looked at them."""
    now = timezone.now()
    chats = Chat.objects.filter(follow_at__isnull=False)
    deployments = Deployment.objects.filter(follow_at__isnull=False)
    unclear = Submission.objects.filter(state=Submission.State.UNCLEAR)
    yield gauge("chats_running", "Chats that v0 is writing", chats.count())
    yield gauge("deployments_building", "Deployments that are followed", deployments.count())
    yield gauge("submissions_unclear", "Prompts whose arrival is unknown", unclear.count())
    late = chats.order_by("follow_at").values_list("follow_at", flat=True).first()
    seconds = max(0.0, (now - late).total_seconds()) if late else 0.0
    yield gauge("follow_late_seconds", "How overdue the next look at v0 is", seconds)


def queue() -> Iterator[GaugeMetricFamily]:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
        ) as server:
            length = int(server.llen(f"{prefix}celery"))
    except redis.RedisError:
        return  # an absent number, rather than a wrong one
    yield gauge("tasks_queued", "Tasks that wait for a worker", length)


def upstream() -> Iterator[CounterMetricFamily]:
    """Over all processes and since Valkey began to count."""
    family = CounterMetricFamily(
        f"{PREFIX}_answers",
        "Answers of v0, by who asked and the class of the status; none where a connection was lost",
        labels=["asker", "status"],
    )
    try:
        told = pace.answers()
    except redis.RedisError:
        return
    for (who, status), number in sorted(told.items()):
        family.add_metric([who, status], number)
    yield family


registry = CollectorRegistry(auto_describe=False)
registry.register(Mirror())
ProcessCollector(registry=registry)
