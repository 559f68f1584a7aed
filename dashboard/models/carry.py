"""Chats of v1 on their way to v2: what came of each, and the hash of every file on both sides."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dashboard.models.account import User
from dashboard.models.chats import Chat
from dashboard.models.keys import Key
from dashboard.models.team import Membership, Team
from dashboard.models.versions import Version


@dataclass(frozen=True)
class CarriedFile:
    """A file's SHA-256 in the archive that v1 packed and in v2; "" where a side lacks it."""

    path: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after


class CarryQuerySet(models.QuerySet["Carry"]):
    def visible_to(self, member: Membership) -> CarryQuerySet:
        """Those of the chats that the member sees."""
        return self.filter(team=member.team_id, source__in=Chat.objects.visible_to(member))

    def due(self) -> CarryQuerySet:
        """Those that a worker should take up: new ones, and what a dead worker has left."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        waited = Q(look_at=None) | Q(look_at__lte=timezone.now())
        return self.filter(free & waited, state__in=UNFINISHED)


class Carry(models.Model):
    """One version's way from v1 to v2. There is one row for a version, however often it is tried,
    so that no second copy is made."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        DIFFERS = "differs"  # carried, but not every file is the same
        FAILED = "failed"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="carries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="carries")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="carries")
    source = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="carries")
    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="carry")
    target = models.ForeignKey(
        Chat, on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_from"
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)  # what was chosen together
    nonce = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    files = models.JSONField(default=list)  # {path, before, after}: SHA-256, "" where it is not
    error = models.CharField(max_length=500, blank=True)  # of a success: what is missing
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)  # when v2 was asked for a chat; None once it is there
    claimed_until = models.DateTimeField(null=True)  # a worker is at it until then
    look_at = models.DateTimeField(null=True)  # not before
    finished_at = models.DateTimeField(null=True)

    objects = CarryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=["queued", "running"]),
                name="carry_unfinished",
            )
        ]

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def carried(self) -> list[CarriedFile]:
        return [CarriedFile(**file) for file in self.files]


UNFINISHED = [Carry.State.QUEUED, Carry.State.RUNNING]
