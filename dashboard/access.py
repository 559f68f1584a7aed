"""Who may do what: the roles' table, the decorator for team pages, and the getters of objects.

The whole permission model is CAN. Nothing here talks to v0 or changes a row.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from dashboard.models import (
    Ask,
    Chat,
    Deployment,
    Key,
    Membership,
    Project,
    Role,
    SyncRun,
    Team,
    User,
    Webhook,
    project_seen_by,
)

OWNERS = frozenset({Role.OWNER})
ADMINS = OWNERS | {Role.ADMIN}
MEMBERS = ADMINS | {Role.MEMBER}
EVERYONE = MEMBERS | {Role.VIEWER}

CAN: dict[str, tuple[frozenset[Role], str]] = {
    "read": (EVERYONE, "View chats, projects, deployments and activity"),
    "chat-create": (MEMBERS, "Create chats, send messages, answer v0 and fork versions"),
    "chat-change": (MEMBERS, "Rename, favourite, share and assign chats"),
    "chat-delete": (MEMBERS, "Delete chats"),
    "file-change": (MEMBERS, "Edit, lock and delete files, restore versions"),
    "playground": (MEMBERS, "Try models in the playground"),
    "project-change": (MEMBERS, "Create and edit projects"),
    "deploy": (MEMBERS, "Deploy versions and delete deployments"),
    "key-add": (MEMBERS, "Add v0 keys, edit and remove one's own"),
    "webhook-change": (MEMBERS, "Add, change and delete webhooks of one's own keys"),
    "sync-run": (MEMBERS, "Sync one's own keys"),
    "key-oversee": (ADMINS, "See every key's status and usage, pause and remove any key"),
    "team-change": (ADMINS, "Change team settings"),
    "member-change": (OWNERS, "Add and remove people, change their roles"),
}

AND_ABOVE = {  # the least role that may, in words
    Role.VIEWER: "Everybody",
    Role.MEMBER: "Members and above",
    Role.ADMIN: "Admins and owners",
    Role.OWNER: "Owners",
}

P = ParamSpec("P")


class TeamRequest(HttpRequest):
    """A request to a page under /t/<team>/, after @member has let it in."""

    user: User  # signed in, always
    team: Team
    member: Membership


TeamView = Callable[Concatenate[TeamRequest, P], HttpResponseBase]


def can(member: Membership, permission: str) -> bool:
    return member.role in CAN[permission][0]


def why_not(member: Membership, permission: str, doing: str = "do this") -> str:
    """Why the person's role does not allow it, in a sentence; "" if it does."""
    if can(member, permission):
        return ""
    least = [role for role in Role if role in CAN[permission][0]][-1]
    return f"Your role is {member.role}. {AND_ABOVE[least]} can {doing}."


def require(member: Membership, permission: str) -> None:
    """Raises PermissionDenied with a sentence that names who could."""
    if not can(member, permission):
        allowed, what = CAN[permission]
        roles = ", ".join(role.label.lower() for role in Role if role in allowed)
        raise PermissionDenied(f"Your role is {member.role}. “{what}” is for: {roles}.")


def member(*, can: str = "read") -> Callable[[TeamView[P]], Callable[..., HttpResponseBase]]:
    """For views under /t/<team>/: sign-in, membership (else 404), permission (else 403)."""
    permission = can

    def decorate(view: TeamView[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @functools.wraps(view)
        def checked(request: HttpRequest, *args: Any, team: str, **kwargs: Any) -> HttpResponseBase:
            membership = (
                Membership.objects.select_related("team", "user")
                .filter(team__slug=team, user=cast(User, request.user))
                .first()
            )
            if membership is None:
                raise Http404("There is no such team, or you are not in it.")
            admitted = cast(TeamRequest, request)
            admitted.team, admitted.member = membership.team, membership
            require(membership, permission)
            return view(admitted, *args, **kwargs)

        return checked

    return decorate


def get_chat(request: TeamRequest, chat: str, **asked: Subquery) -> Chat:
    """A chat of the team that the person sees, tombstones included; else 404. It has as attributes
    what else is `asked` of it."""
    projects = Project.objects.visible_to(request.member).filter(pk=OuterRef("project"))
    rows = Chat.objects.visible_to(request.member).select_related("project", "author")
    row = get_object_or_404(rows.annotate(project_seen=Exists(projects), **asked), upstream_id=chat)
    if not cast(Any, row).project_seen:  # a private one of somebody else
        row.project = None
    return row


def get_ask(request: TeamRequest, ask: int) -> Ask:
    """What v0 asked in a chat that the person sees; else 404."""
    rows = Ask.objects.visible_to(request.member)
    return get_object_or_404(rows.select_related("chat__author", "first_by", "answered_by"), pk=ask)


def get_project(request: TeamRequest, project: str, **asked: Exists) -> Project:
    """A project that the person sees, else 404; `asked` are questions beside it, by their names."""
    rows = Project.objects.visible_to(request.member).annotate(**asked)
    return get_object_or_404(rows, upstream_id=project)


def get_deployment(request: TeamRequest, deployment: str) -> Deployment:
    rows = Deployment.objects.visible_to(request.member).select_related("chat__author", "version")
    rows = rows.prefetch_related(project_seen_by(request.member))
    return get_object_or_404(rows, upstream_id=deployment)


def get_key(request: TeamRequest, key: int) -> Key:
    """One's own key, or any of the team for those who oversee keys; else 404."""
    rows = Key.objects.filter(team=request.team).present().select_related("owner")
    if not can(request.member, "key-oversee"):
        rows = rows.filter(owner=request.user)
    return get_object_or_404(rows, pk=key)


def get_webhook(request: TeamRequest, webhook: int) -> Webhook:
    """A webhook that v0 still has. Of one chat only for those who see the chat; else 404."""
    rows = Webhook.objects.present().known().filter(team=request.team)
    row = get_object_or_404(rows.select_related("key__owner", "added_by"), pk=webhook)
    seen = Chat.objects.visible_to(request.member).filter(upstream_id=row.upstream_chat_id)
    holder = row.key.owner_id == request.user.pk
    if row.upstream_chat_id and not holder and not seen.exists():
        raise Http404("There is no such webhook.")
    return row


def get_sync(request: TeamRequest, sync: int) -> SyncRun:
    rows = SyncRun.objects.filter(team=request.team)
    return get_object_or_404(rows.select_related("key", "requested_by"), pk=sync)
