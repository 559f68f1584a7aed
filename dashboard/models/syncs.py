"""Runs of the mirror: what was asked for, how far it is, what came of it."""

from __future__ import annotations

from django.db import models

from dashboard.models.account import User
from dashboard.models.keys import Key
from dashboard.models.team import Team


class SyncRun(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        PARTIAL = "partial"  # some areas failed
        FAILED = "failed"

    class Trigger(models.TextChoices):
        FIRST = "first"
        SCHEDULE = "schedule"
        PERSON = "person"
        COMMAND = "command"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sync_runs")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="sync_runs")
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)  # answers received from v0
    area = models.CharField(max_length=20, blank=True)  # what it is busy with
    done_items = models.PositiveIntegerField(default=0)
    total_items = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # {"chats": {"created": 3, "changed": 1, "gone": 0}}
    errors = models.JSONField(default=dict)  # {"chats": "v0 did not answer in time."}

    class Meta:
        indexes = [
            models.Index(fields=["team", "-created_at"], name="sync_recent"),
            models.Index(fields=["key", "-created_at"], name="sync_of_key"),
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["queued", "running"]),
                name="sync_unfinished",
            ),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.PARTIAL, self.State.FAILED)
