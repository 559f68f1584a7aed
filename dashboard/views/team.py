"""People of a team and its settings: roles, adding, removing, and who may do what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import CAN, TeamRequest, can, member, why_not
from dashboard.actions import Invalid
from dashboard.actions import team as actions
from dashboard.htmx import answer, render_page
from dashboard.models import Activity, Generation, Membership, Role
from dashboard.upstream.errors import Refused
from dashboard.views.controls import Control
from dashboard.views.refusals import explain, posted

ROLE_WORDS = {
    Role.OWNER: "Owner: full access, manages people and roles",
    Role.ADMIN: "Admin: oversees all keys, their usage and the team settings",
    Role.MEMBER: "Member: works in v0 with their own keys",
    Role.VIEWER: "Viewer: read-only",
}
ORDER = list(Role)
GENERATIONS = [
    (Generation.V2, "v2: steps as they happen, questions and permissions, costs with each message"),
    (Generation.V1, "v1: versions and deployments listed by v0, registries and templates"),
]


class MemberForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="The person needs an account here already.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(choices=list(ROLE_WORDS.items()), initial=Role.MEMBER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=list(ROLE_WORDS.items()), widget=forms.RadioSelect)


class TeamForm(forms.Form):
    name = forms.CharField(max_length=80)
    sync_minutes = forms.IntegerField(
        label="Minutes between syncs",
        min_value=1,
        max_value=1440,
        help_text="How often each key's account is compared with v0. 5 is a good start; every "
        "comparison costs a few requests even when nothing changed.",
    )
    generation = forms.ChoiceField(
        label="v0's API for new chats",
        choices=GENERATIONS,
        widget=forms.RadioSelect,
        help_text="A chat stays in the API it was made with. The other one never sees it.",
    )
    two_for_danger = forms.BooleanField(
        required=False,
        label="Two people for dangerous commands",
        help_text="What v0 marks as dangerous runs only after a second person has agreed.",
    )


def people_of(request: TeamRequest) -> list[Membership]:
    """Everybody in the team with their keys' number and when they last did something."""
    acted = Activity.objects.filter(team=request.team, actor=OuterRef("user")).order_by()
    keys = Q(user__keys__team=request.team, user__keys__removed_at=None)
    rows: QuerySet[Any] = Membership.objects.filter(team=request.team).select_related("user")
    rows = rows.annotate(
        key_count=Count("user__keys", filter=keys),
        last_active=Subquery(acted.values("actor").annotate(at=Max("at")).values("at")),
    )
    return sorted(rows, key=lambda row: (ORDER.index(row.role), row.user.label.lower()))


def permissions() -> list[tuple[str, list[tuple[str, bool]]]]:
    """The permission table as the page shows it: what, then for each role whether."""
    return [(text, [(role.label, role in roles) for role in Role]) for roles, text in CAN.values()]


def heads(request: TeamRequest) -> list[Control]:
    """What can be done about the team as a whole; where it cannot, why."""
    made = [
        ("preview-hosts", "Preview hosts", "globe", "team-change", "set the trusted preview hosts"),
        ("team-edit", "Settings", "settings", "team-change", "change the team's settings"),
        ("member-add", "Add a person", "plus", "member-change", "add people"),
    ]
    return [
        Control(name, label, icon, reverse(name, args=[request.team.slug]),
                why_not(request.member, permission, doing), way="page")
        for name, label, icon, permission, doing in made
    ]  # fmt: skip


def get_person(request: TeamRequest, person: int) -> Membership:
    rows = Membership.objects.filter(team=request.team).select_related("user", "team")
    return get_object_or_404(rows, pk=person)


@require_GET
@member()
def team(request: TeamRequest) -> HttpResponse:
    context = {
        "people": people_of(request),
        "permissions": permissions(),
        "roles": list(Role),
        "may_change": can(request.member, "member-change"),
        "heads": heads(request),
    }
    return render_page(request, "team/team.html", context)


@require_http_methods(["GET", "POST"])
@member(can="team-change")
def team_edit(request: TeamRequest) -> HttpResponse:
    now = {field: getattr(request.team, field) for field in TeamForm.base_fields}
    form = TeamForm(posted(request), initial=now)
    if form.is_valid():
        try:
            actions.change_team(member=request.member, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("team", args=[request.team.slug])
            return answer(request, url, "The team settings were saved.")
    status = 422 if form.is_bound else 200
    return render_page(
        request, "team/edit.html", {"form": form}, fragments=("form",), status=status
    )


@require_http_methods(["GET", "POST"])
@member(can="member-change")
def member_add(request: TeamRequest) -> HttpResponse:
    form = MemberForm(posted(request))
    if form.is_valid():
        try:
            person = actions.add_member(member=request.member, **form.cleaned_data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            text = f"{person.user.label} was added to the team as {person.role}."
            return answer(request, reverse("team", args=[request.team.slug]), text)
    status = 422 if form.is_bound else 200
    return render_page(request, "team/add.html", {"form": form}, fragments=("form",), status=status)


@require_http_methods(["GET", "POST"])
@member(can="member-change")
def member_role(request: TeamRequest, person: int) -> HttpResponse:
    row = get_person(request, person)
    form = RoleForm(posted(request), initial={"role": row.role})
    if form.is_valid():
        try:
            actions.change_role(member=request.member, person=row, role=form.cleaned_data["role"])
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            text = f"{row.user.label} is now {form.cleaned_data['role']}."
            return answer(request, reverse("team", args=[request.team.slug]), text)
    context = {"form": form, "person": row}
    status = 422 if form.is_bound else 200
    return render_page(request, "team/role.html", context, fragments=("form",), status=status)


@require_http_methods(["GET", "POST"])
@member(can="member-change")
def member_remove(request: TeamRequest, person: int) -> HttpResponse:
    row = get_person(request, person)
    url = reverse("team", args=[request.team.slug])
    if request.method == "GET":
        keys = row.user.keys.filter(team=request.team).present()
        return render_page(request, "team/remove.html", {"person": row, "keys": list(keys)})
    try:
        actions.remove_member(member=request.member, person=row)
    except (Invalid, Refused) as error:
        return answer(request, url, error.sentence, "bad")
    return answer(request, url, f"{row.user.label} is no longer in the team.")
