"""The dashboard: a Django project and its only app. Nothing is executed here but Celery's app."""

from __future__ import annotations

from dashboard.celery import app as celery_app

__all__ = ["celery_app"]
