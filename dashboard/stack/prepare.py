"""Brings the database up to date, and fills the demo: python -m dashboard.stack.prepare demo|run.

The supervisor runs it where `fingerprint()` says that something changed since the last time.
"""

from __future__ import annotations

import hashlib
import os
import sys

from dashboard.stack.children import PROJECT

WATCHED = (
    "dashboard/migrations/*.py",
    "dashboard/models/*.py",
    "dashboard/management/commands/demo*.py",
    "dashboard/settings.py",
    "requirements/embedded.txt",
    "static/**/*",
)


def fingerprint(*, demo: bool) -> str:
    """Changes whenever there may be something to prepare."""
    seen = hashlib.sha256(b"demo" if demo else b"run")
    paths = [path for pattern in WATCHED for path in PROJECT.glob(pattern) if path.is_file()]
    for path in sorted(paths):
        found = path.stat()
        seen.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def main(*, demo: bool) -> None:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    if demo:
        call_command("demo_team")


if __name__ == "__main__":
    main(demo=sys.argv[1:] == ["demo"])
