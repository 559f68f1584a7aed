"""Who did what, with before and after. Rows are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q

from dashboard.models.account import User
from dashboard.models.chats import FOR_THE_TEAM, Chat, ChatSight
from dashboard.models.deployments import Deployment
from dashboard.models.keys import Key, seen_with_own_key
from dashboard.models.projects import Project, ProjectSight
from dashboard.models.team import Membership, Team


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, member: Membership) -> ActivityQuerySet:
        """Without what happened to chats and projects that the member does not see."""
        chats = seen_with_own_key(ChatSight.objects.filter(chat=OuterRef("chat")), member)
        projects = seen_with_own_key(
            ProjectSight.objects.filter(project=OuterRef("project")), member
        )
        return self.filter(
            Q(chat=None) | Q(chat__privacy__in=FOR_THE_TEAM) | chats,
            Q(project=None) | Q(project__privacy="team") | projects,
            team=member.team_id,
        )


class Activity(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="activity")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)  # "chat.rename": area, then what was done
    at = models.DateTimeField(auto_now_add=True)
    chat = models.ForeignKey(
        Chat, on_delete=models.SET_NULL, null=True, blank=True, related_name="activity"
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="activity"
    )
    deployment = models.ForeignKey(
        Deployment, on_delete=models.SET_NULL, null=True, blank=True, related_name="activity"
    )
    key = models.ForeignKey(
        Key, on_delete=models.SET_NULL, null=True, blank=True, related_name="activity"
    )  # the key that was used or changed
    person = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # whom it was done to
    target = models.CharField(max_length=500)  # what it was called then
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activity"
        indexes = [
            models.Index(fields=["team", "-at", "-id"], name="activity_recent"),
            models.Index(fields=["chat", "-at"], name="activity_of_chat"),
            models.Index(fields=["project", "-at"], name="activity_of_project"),
        ]
