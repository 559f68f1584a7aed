"""manage.py prune: deletes old runs of the mirror and old events of webhooks, and thins out old
snapshots, as beat does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.sync.hints import prune_deliveries
from dashboard.sync.prune import RUN_DAYS, SNAPSHOT_DAYS, prune


class Command(BaseCommand):
    help = (
        "Deletes finished syncs that are old, except each key's newest, and keeps one snapshot "
        "of money and limits per key and day of those that are old. Events that webhooks brought "
        "are deleted after two weeks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name, days, what in (
            ("--run-days", RUN_DAYS, "finished syncs"),
            ("--snapshot-days", SNAPSHOT_DAYS, "every single snapshot"),
        ):
            words = f"keep {what} of so many days (default {days})"
            parser.add_argument(name, type=int, default=days, metavar="DAYS", help=words)

    def handle(self, *args: Any, run_days: int, snapshot_days: int, **options: Any) -> None:
        if run_days < 1 or snapshot_days < 1:
            raise CommandError("Keep at least one day.")
        runs, snapshots = prune(run_days=run_days, snapshot_days=snapshot_days)
        self.stdout.write(f"{runs} syncs and {snapshots} snapshots were deleted.")
        if events := prune_deliveries():
            self.stdout.write(f"{events} events of webhooks were deleted.")
