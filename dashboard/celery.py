"""The Celery app and beat's timetable. What tasks do is in tasks.py and behind it."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

app = Celery("dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard"])
app.conf.beat_schedule = {
    "follow what is running": {
        "task": "dashboard.tasks.follow_due",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "sync what is due": {
        "task": "dashboard.tasks.sync_due",
        "schedule": 15.0,
        "options": {"expires": 30},
    },
    "delete what is old": {
        "task": "dashboard.tasks.prune_old",
        "schedule": crontab(hour=3, minute=17),
    },
}


@worker_init.connect
def stop_on_wrong_ring(**_: object) -> None:
    """A worker whose ring opens no key would only write errors."""
    from dashboard import ring

    ring.stop_on_wrong_ring()
