"""Seals the secrets of authenticator apps and recovery codes that were stored as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

from dashboard import crypto

BOUND_TO = "second-factor"
SECRETS = ("secret", "seed", "migrated_codes")


def change(apps: Any, by: Callable[[str], str]) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects.filter(
        type__in=["totp", "recovery_codes"]
    )
    for row in rows.select_for_update().order_by("pk"):
        for name in SECRETS:
            value = row.data.get(name)
            if isinstance(value, list):
                row.data[name] = [by(each) for each in value]
            elif value is not None:
                row.data[name] = by(value)
        row.save(update_fields=["data"])


def seal(apps: Any, schema_editor: Any) -> None:
    change(apps, lambda plain: crypto.seal(plain, BOUND_TO))


def unseal(apps: Any, schema_editor: Any) -> None:
    change(apps, lambda sealed: crypto.open_sealed(sealed, BOUND_TO))


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0009_ask_once"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, unseal)]
