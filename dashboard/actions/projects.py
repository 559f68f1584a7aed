"""Projects: creating and editing them. Putting chats into one is in chats.py."""

from __future__ import annotations

import uuid

from django.db import transaction

from dashboard import access
from dashboard.actions import Invalid, acting, checked_text, history, submissions
from dashboard.actions.once import once
from dashboard.models import Membership, Project, Submission
from dashboard.sync import store
from dashboard.sync.submissions import PROJECT

PRIVACY = ("team", "private")  # what v0 knows for projects


def create_project(
    *,
    member: Membership,
    nonce: uuid.UUID,
    name: str,
    description: str = "",
    instructions: str = "",
    privacy: str = "team",
) -> Project:
    access.require(member, "project-change")
    values = checked(name, description, instructions, privacy)
    key = acting.key_for(member)
    with acting.remote(key) as remote:

        def make(submission: Submission) -> None:
            record = remote.create_project(**values)
            with transaction.atomic():
                project = store.store_project(key, record)
                history.record(
                    member, "project.create", target=project, project=project, key=key, after=values
                )
                request = {**submission.request, "made": project.upstream_id}
                submissions.settle(submission, Submission.State.SENT, request=request)

        sent = once(member, nonce, key, remote, request_of(member, values), make)
    return Project.objects.get(team=member.team_id, upstream_id=sent.request["made"])


def request_of(member: Membership, values: dict[str, str]) -> dict[str, object]:
    """What is asked for; `besides` are projects of that name that are there before."""
    same = Project.objects.filter(team=member.team_id, name=values["name"])
    return {
        "kind": PROJECT,
        **values,
        "besides": list(same.values_list("upstream_id", flat=True)),
    }


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
