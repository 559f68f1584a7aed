"""Webhooks: addresses that v0 tells when something happens, and what it told this dashboard.

A webhook of the dashboard is found by a keyed hash of its token; the token itself is not stored.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.models.account import User
from dashboard.models.keys import Key
from dashboard.models.team import Team


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def present(self) -> WebhookQuerySet:
        """Those that v0 still has, of keys that are still here."""
        return self.filter(gone_at=None, key__removed_at=None)

    def known(self) -> WebhookQuerySet:
        """Without those of which v0 has not said yet whether it made them."""
        return self.exclude(upstream_id="")


class Webhook(models.Model):
    """One webhook of v0. With a `token_hash` it points at this dashboard, else somewhere else."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="webhooks")
    added_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    upstream_id = models.CharField(max_length=100, blank=True)  # empty until v0 has answered
    generations = models.JSONField(default=list)  # whose lists have it: v1, v2
    name = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list)
    upstream_chat_id = models.CharField(max_length=100, blank=True)  # empty: every chat
    host = models.CharField(max_length=255, blank=True)  # where it points
    sealed_address = models.TextField(blank=True)  # the whole of a foreign one, as keys are sealed
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(null=True, blank=True)  # as far as v0 tells
    noted_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    received = models.PositiveBigIntegerField(default=0)  # events, kept or not
    last_event = models.CharField(max_length=60, blank=True)
    last_received_at = models.DateTimeField(null=True, blank=True)
    sync_asked_at = models.DateTimeField(null=True, blank=True)  # an event last made a sync due
    missed = models.PositiveBigIntegerField(default=0)  # changes that only a sync found

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "upstream_id"],
                condition=~Q(upstream_id=""),
                name="webhook_once_per_team",
            )
        ]

    def __str__(self) -> str:
        return self.name or "Untitled webhook"

    @property
    def is_ours(self) -> bool:
        return self.token_hash is not None

    @property
    def seal_context(self) -> str:
        """What a sealed address is bound to."""
        return f"webhook:{self.upstream_id}:team:{self.team_id}"


class Delivery(models.Model):
    """One event that arrived. Its body is whatever was posted: a hint to look, and no fact."""

    class Outcome(models.TextChoices):
        LOOK = "look"  # the chat is read again
        SYNC = "sync"  # the key's sync was made due
        NOTHING = "nothing"  # the key is paused or rejected

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    received_at = models.DateTimeField()
    body = models.BinaryField()
    event = models.CharField(max_length=60, blank=True)  # empty where the body could not be read
    upstream_chat_id = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    look_at = models.DateTimeField(null=True, blank=True)  # the chat is to be read then
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_recent"),
            models.Index(fields=["received_at"], name="delivery_age"),
            models.Index(fields=["look_at"], condition=~Q(look_at=None), name="delivery_to_look"),
        ]
