"""Projects mirrored from v0, and which key sees which."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Prefetch, Q

from dashboard.models.keys import Key, seen_with_own_key
from dashboard.models.team import Membership, Team


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, member: Membership) -> ProjectQuerySet:
        """Team projects, and private ones that one of the member's own keys sees."""
        own = seen_with_own_key(ProjectSight.objects.filter(project=OuterRef("pk")), member)
        return self.filter(Q(privacy="team") | own, team=member.team_id)

    def present(self) -> ProjectQuerySet:
        return self.filter(gone_at=None)


def project_seen_by(member: Membership) -> Prefetch[str, ProjectQuerySet, str]:
    """For rows that have a project: None where it is a private one of somebody else.

    A chat for the whole team may be in such a project, whose name is not for the team.
    """
    return Prefetch("project", Project.objects.visible_to(member))


class Project(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    upstream_id = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    instructions = models.TextField(blank=True)
    privacy = models.CharField(max_length=20)
    vercel_project_id = models.CharField(max_length=100, blank=True)
    web_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    listing_digest = models.CharField(max_length=64, blank=True)  # what the list last said
    synced_at = models.DateTimeField(auto_now=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "upstream_id"], name="project_once_per_team")
        ]
        indexes = [models.Index(fields=["team", "-updated_at"], name="project_recent")]

    def __str__(self) -> str:
        return self.name

    @property
    def public_name(self) -> str:
        """What to call it where people read who may not see it."""
        return self.name if self.privacy == "team" else "a private project"


class ProjectSight(models.Model):
    """This key sees this project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sights")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="project_sights")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="project_sight")]
