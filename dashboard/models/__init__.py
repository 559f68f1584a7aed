"""Every model, one file per area. Models know their rows and who may see them, nothing else."""

from __future__ import annotations

from dashboard.models.account import User
from dashboard.models.activity import Activity
from dashboard.models.carry import Carry
from dashboard.models.chats import Author, Chat, ChatSight, Message, Submission
from dashboard.models.deployments import Deployment, DeploymentLine
from dashboard.models.inbox import Ask
from dashboard.models.keys import Key
from dashboard.models.projects import Project, ProjectSight, project_seen_by
from dashboard.models.syncs import SyncRun
from dashboard.models.team import Generation, Membership, Role, Team
from dashboard.models.usage import Snapshot
from dashboard.models.versions import Content, Version, VersionFile
from dashboard.models.webhooks import Delivery, Webhook

__all__ = [
    "Activity",
    "Ask",
    "Author",
    "Carry",
    "Chat",
    "ChatSight",
    "Content",
    "Delivery",
    "Deployment",
    "DeploymentLine",
    "Generation",
    "Key",
    "Membership",
    "Message",
    "Project",
    "ProjectSight",
    "Role",
    "Snapshot",
    "Submission",
    "SyncRun",
    "Team",
    "User",
    "Version",
    "VersionFile",
    "Webhook",
    "project_seen_by",
]
