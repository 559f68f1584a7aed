"""v0 API keys: sealed, owned by a person in a team. Sealing is in crypto.py."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone

from dashboard.models.account import User
from dashboard.models.team import Membership, Team


class KeyQuerySet(models.QuerySet["Key"]):
    def present(self) -> KeyQuerySet:
        """Keys that have not been removed."""
        return self.filter(removed_at=None)

    def usable(self) -> KeyQuerySet:
        return self.present().filter(state=Key.State.OK)

    def sync_due(self) -> KeyQuerySet:
        return self.usable().filter(next_sync_at__lte=timezone.now())


class Key(models.Model):
    class State(models.TextChoices):
        OK = "ok"
        REJECTED = "rejected"
        PAUSED = "paused"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="keys")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    label = models.CharField(max_length=80)
    sealed = models.TextField(blank=True)  # emptied when the key is removed
    last_four = models.CharField(max_length=4)
    fingerprint = models.CharField(max_length=64)
    shared = models.BooleanField(default=False)  # members may act with it
    embeds_vercel_token = models.BooleanField(default=False)

    upstream_user_id = models.CharField(max_length=100, blank=True)
    upstream_name = models.CharField(max_length=200, blank=True)
    upstream_email = models.CharField(max_length=254, blank=True)
    scopes = models.JSONField(default=list)  # [{"id", "name"}]

    state = models.CharField(max_length=10, choices=State.choices, default=State.OK)
    state_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    next_sync_at = models.DateTimeField(default=timezone.now)
    webhooks_at = models.DateTimeField(null=True, blank=True)  # when v0 last listed its webhooks
    lease_run = models.BigIntegerField(null=True, blank=True)  # the SyncRun that holds the lease
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = KeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "fingerprint"],
                condition=models.Q(removed_at=None),
                name="key_once_per_team",
            )
        ]
        indexes = [models.Index(fields=["next_sync_at"], name="key_next_sync")]

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    @property
    def seal_context(self) -> str:
        """What a sealed value is bound to: it opens in this row, team and owner only."""
        return f"key:{self.pk}:team:{self.team_id}:owner:{self.owner_id}"


def seen_with_own_key(sights: models.QuerySet[Any], member: Membership) -> Q:
    """True of rows for which `sights`, which refers to the row, has one of the member's own keys.

    A scalar subquery and no EXISTS: PostgreSQL would collect everything that the keys see into a
    hash table first, also for a page of fifty rows.
    """
    own = sights.filter(key__owner=member.user_id, key__removed_at=None)
    return Q(IsNull(Subquery(own.values("pk")[:1]), False))
