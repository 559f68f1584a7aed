"""`manage.py sync`: runs the mirror here and now, and says how far it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard import ring, sync
from dashboard.models import Key, SyncRun

UNFINISHED = "is being synced by a worker; its run is shown under Syncs."


class Command(BaseCommand):
    help = "Brings what v0 has into the database, for all keys or for some."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", metavar="SLUG", help="only the keys of this team")
        parser.add_argument("--key", type=int, metavar="ID", help="only this key")

    def handle(self, *args: Any, **options: Any) -> None:
        ring.stop_on_wrong_ring()
        keys = Key.objects.present().select_related("team", "owner").order_by("pk")
        if options["team"]:
            keys = keys.filter(team__slug=options["team"])
        if options["key"]:
            keys = keys.filter(pk=options["key"])
        if not keys:
            raise CommandError("There is no such key.")
        failed = [key for key in keys if not self.sync(key)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(keys)} keys did not sync.")

    def sync(self, key: Key) -> bool:
        """One key; True when all of it went well."""
        name = f"{key.team.slug}: {key}"
        run = sync.queue(key, trigger=SyncRun.Trigger.COMMAND, send=False)
        sync.run(run.pk, tell=lambda *told: self.tell(name, *told))
        run.refresh_from_db()
        if not run.is_over:
            self.stderr.write(f"{name} {UNFINISHED}")
            return False
        self.stdout.write(f"{name}: {run.state}, {run.requests} requests")
        for area, counts in run.counts.items():
            numbers = ", ".join(f"{number} {what}" for what, number in counts.items())
            self.stdout.write(f"  {area}: {numbers or 'nothing new'}")
        for area, sentence in run.errors.items():
            self.stderr.write(f"  {area}: {sentence}")
        return run.state == SyncRun.State.DONE

    def tell(self, name: str, area: str, done: int, total: int) -> None:
        of = f" {done} of {total}" if total else ""
        self.stdout.write(f"{name}: {area}{of}")
        self.stdout.flush()
