"""The app's registration, and the check that stops a start without a usable key ring."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "v0 dashboard"

    def ready(self) -> None:
        from dashboard import crypto

        crypto.ring()
