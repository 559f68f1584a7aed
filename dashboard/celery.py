"""The Celery app and beat's timetable. What tasks do is in tasks.py and behind it."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader
from celery.schedules import crontab
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

from dashboard import crypto

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")


class Loader(AppLoader):
    """Wrong settings or a malformed ring stop worker and beat with a sentence."""

    def config_from_object(self, obj: Any, silent: bool = False) -> Any:
        try:
            loaded = super().config_from_object(obj, silent)
            crypto.ring()
        except ImproperlyConfigured as error:
            raise SystemExit(str(error)) from None
        return loaded


app = Celery("dashboard", loader="dashboard.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard"])
app.conf.beat_schedule = {
    "follow what is running": {
        "task": "dashboard.tasks.follow_due",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "look at what webhooks told of": {
        "task": "dashboard.tasks.look_due",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "sync what is due": {
        "task": "dashboard.tasks.sync_due",
        "schedule": 15.0,
        "options": {"expires": 30},
    },
    "carry over what is due": {
        "task": "dashboard.tasks.carry_due",
        "schedule": 10.0,
        "options": {"expires": 20},
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
