"""Projects: creating and editing them. Putting chats into one is in chats.py."""

from __future__ import annotations

from django.db import transaction

from dashboard import access
from dashboard.actions import Invalid, acting, checked_text, history
from dashboard.models import Membership, Project
from dashboard.sync import store

PRIVACY = ("team", "private")  # what v0 knows for projects


def create_project(
    *,
    member: Membership,
    name: str,
    description: str = "",
    instructions: str = "",
    privacy: str = "team",
) -> Project:
    access.require(member, "project-change")
    values = checked(name, description, instructions, privacy)
    key = acting.key_for(member)
    with acting.remote(key) as remote:
        record = remote.create_project(**values)
    with transaction.atomic():
        project = store.store_project(key, record)
        history.record(
            member, "project.create", target=project, project=project, key=key, after=values
        )
    return project


def edit_project(
    *,
    member: Membership,
    project: Project,
    name: str,
    description: str,
    instructions: str,
    privacy: str,
) -> Project:
    access.require(member, "project-change")
    acting.see_project(member, project)
    values = checked(name, description, instructions, privacy)
    before = {field: getattr(project, field) for field in values}
    changes = {field: value for field, value in values.items() if value != before[field]}
    if not changes:
        return project
    key = acting.key_for_project(member, project)
    with acting.remote(key) as remote:
        record = remote.edit_project(project.upstream_id, **values)
    with transaction.atomic():
        stored = store.store_project(key, record)
        history.record(
            member,
            "project.edit",
            target=stored,
            project=stored,
            key=key,
            before={field: before[field] for field in changes},
            after=changes,
        )
    return stored


def checked(name: str, description: str, instructions: str, privacy: str) -> dict[str, str]:
    if privacy not in PRIVACY:
        raise Invalid("privacy", "A project is either for the team or private.")
    return {
        "name": checked_text("name", name, "The name", most=255),
        "description": checked_text(
            "description", description, "The description", most=1000, required=False
        ),
        "instructions": checked_text(
            "instructions", instructions, "The instructions", most=2000, required=False
        ),
        "privacy": privacy,
    }
