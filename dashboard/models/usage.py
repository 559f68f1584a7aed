"""Dated snapshots of what v0 says about a key's plan, money and rate limits."""

from __future__ import annotations

from django.db import models

from dashboard.models.keys import Key


class Snapshot(models.Model):
    """Amounts are in v0's credits (US dollars); an absent value is null, never zero."""

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="snapshots")
    taken_at = models.DateTimeField()
    plan = models.CharField(max_length=60, blank=True)
    billing_type = models.CharField(max_length=20, blank=True)  # token or legacy
    billing_mode = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=60, blank=True)
    cycle_start = models.DateTimeField(null=True)
    cycle_end = models.DateTimeField(null=True)
    balance_remaining = models.FloatField(null=True)
    balance_total = models.FloatField(null=True)
    on_demand_balance = models.FloatField(null=True)
    blocks = models.JSONField(default=list)  # purchased credit, as v0 gives it
    legacy_remaining = models.FloatField(null=True)
    legacy_limit = models.FloatField(null=True)
    legacy_reset_at = models.DateTimeField(null=True)
    rate_remaining = models.FloatField(null=True)
    rate_limit = models.FloatField(null=True)
    rate_reset_at = models.DateTimeField(null=True)
    daily_remaining = models.FloatField(null=True)
    daily_limit = models.FloatField(null=True)
    daily_reset_at = models.DateTimeField(null=True)
    daily_grace = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "taken_at"], name="snapshot_once")]
        indexes = [models.Index(fields=["key", "-taken_at"], name="snapshot_recent")]
