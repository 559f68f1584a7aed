"""Reads settings from environment variables; a wrong value stops the start with a sentence.

Any secret may be given as a file instead: NAME_FILE=/run/secrets/name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

WILDCARD_ORIGIN = re.compile(r"https?://\*(\.[a-z0-9-]+)+(:[0-9]+)?")
ON, OFF = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands. Without a default the variable must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is missing. See .env.example.")
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in ON:
        return True
    if value.strip().lower() in OFF:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; use true or false.")


def number(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        parsed = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number.") from None
    if parsed < least:
        raise ImproperlyConfigured(f"{name} is {parsed}; use {least} or more.")
    return parsed


def listing(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks around entries are dropped."""
    return [entry.strip() for entry in text(name, default).split(",") if entry.strip()]


def secret(name: str, default: str | None = None) -> str:
    """NAME, or the content of the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return text(name, default)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None


def database(name: str) -> dict[str, Any]:
    """Django's description of postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(secret(name))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must start with postgresql://; other databases cannot.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def check_preview_origin(origin: str, dashboards: Sequence[str], hosts: Sequence[str]) -> None:
    """Stops where previews could not have hosts of their own, apart from the dashboard's."""
    if not WILDCARD_ORIGIN.fullmatch(origin):
        raise ImproperlyConfigured(
            f"PREVIEW_ORIGIN is {origin!r}; use a form like https://*.previews.example.com."
        )
    if not dashboards:
        raise ImproperlyConfigured(
            "PREVIEW_ORIGIN needs DASHBOARD_ORIGINS: who may show previews in a frame."
        )
    domain = (urlsplit(origin).hostname or "").removeprefix("*")
    for host in hosts:
        if host == "*" or host.endswith(domain) or (host[:1] == "." and domain.endswith(host)):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS has {host!r}, so the dashboard would answer on hosts of "
                "PREVIEW_ORIGIN. Use another domain for previews."
            )
