"""Deployments mirrored from v0, with their log lines and errors.

v0's deployment has no status: it is read from the log and the errors, see sync/deployments.py.
"""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q

from dashboard.models.chats import FOR_THE_TEAM, Chat, ChatSight
from dashboard.models.keys import seen_with_own_key
from dashboard.models.projects import Project
from dashboard.models.team import Membership, Team
from dashboard.models.versions import Version


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def visible_to(self, member: Membership) -> DeploymentQuerySet:
        """Deployments of chats that the member sees."""
        own = seen_with_own_key(ChatSight.objects.filter(chat=OuterRef("chat")), member)
        return self.filter(Q(chat__privacy__in=FOR_THE_TEAM) | own, team=member.team_id)

    def present(self) -> DeploymentQuerySet:
        return self.filter(gone_at=None)


class Deployment(models.Model):
    class State(models.TextChoices):
        BUILDING = "building"
        READY = "ready"
        FAILED = "failed"
        UNKNOWN = "unknown"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="deployments")
    upstream_id = models.CharField(max_length=100)
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="deployments")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="deployments")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="deployments"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    web_url = models.URLField(max_length=1000)
    inspector_url = models.URLField(max_length=1000, blank=True)
    error_type = models.CharField(max_length=200, blank=True)
    error_text = models.TextField(blank=True)
    error_summary = models.TextField(blank=True)
    created_at = models.DateTimeField()  # of its first log line, else when it was first seen
    finished_at = models.DateTimeField(null=True, blank=True)
    log_since = models.FloatField(null=True, blank=True)  # where to go on reading, UNIX seconds
    follow_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "upstream_id"], name="deployment_once_per_team")
        ]
        indexes = [
            models.Index(fields=["team", "-created_at"], name="deployment_recent"),
            models.Index(
                fields=["follow_at"], condition=~Q(follow_at=None), name="deployment_to_follow"
            ),
        ]

    def __str__(self) -> str:
        return self.upstream_id


class DeploymentLine(models.Model):
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="lines")
    upstream_id = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    stream = models.CharField(max_length=10)  # stdout or stderr
    level = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "upstream_id"], name="line_once")
        ]
        indexes = [models.Index(fields=["deployment", "created_at", "id"], name="line_order")]
