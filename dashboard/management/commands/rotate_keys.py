"""manage.py rotate_keys: seals every stored secret under the newest key of KEY_RING."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard import crypto
from dashboard.ring import rotate_ring


class Command(BaseCommand):
    help = (
        "Seals every stored v0 key and the secrets of two-factor sign-in under the newest key of "
        "KEY_RING (the first of the list). It can be interrupted and started again. Take the old "
        "ring key out of KEY_RING after it has ended without complaint."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done, change nothing"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        resealed, stuck = 0, []
        for progress in rotate_ring(dry_run=dry_run):
            resealed, stuck = progress.resealed, progress.stuck
            self.stdout.write(f"{progress.seen} of {progress.total} secrets looked at")
        done = "would be sealed anew" if dry_run else "sealed anew"
        self.stdout.write(f"{resealed} secrets {done} under the ring key {crypto.ring().newest}.")
        if stuck:
            names = "\n".join(f"  {name}" for name in stuck)
            raise CommandError(
                "These do not open with KEY_RING. Put the ring key they were sealed with back, or "
                f"have the keys added again and the second factors set up again:\n{names}"
            )
