"""Pages outside of a team: where to start, a new team, the theme. Sign-in is allauth's."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.actions import Invalid
from dashboard.actions import team as actions
from dashboard.context import THEMES
from dashboard.htmx import answer, render_page
from dashboard.models import Membership, User
from dashboard.views.refusals import posted

YEAR = 365 * 24 * 3600
LAST_TEAM = "team"  # the cookie that remembers which team's home was opened last


class TeamForm(forms.Form):
    name = forms.CharField(
        max_length=80,
        label="Team name",
        help_text="You can change it later.",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "organization"}),
    )


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The home of the team that was opened last, or the first step there is to take."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    mine = Membership.objects.filter(user=request.user).order_by("created_at", "pk")
    slugs = list(mine.values_list("team__slug", flat=True))
    if not slugs:
        return redirect("team-create")
    last = request.COOKIES.get(LAST_TEAM, "")
    return redirect("home", last if last in slugs else slugs[0])


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        address = reverse("start")
    response = redirect(address)
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@login_required
@require_http_methods(["GET", "POST"])
def team_create(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = TeamForm(posted(request))
    if form.is_valid():
        try:
            team = actions.create_team(user=user, name=form.cleaned_data["name"])
        except Invalid as error:
            form.add_error(error.field or None, error.sentence)
        else:
            return answer(request, reverse("home", args=[team.slug]), f"{team.name} is ready.")
    status = 422 if form.is_bound else 200
    first = not Membership.objects.filter(user=user).exists()
    context = {"form": form, "first": first}
    return render_page(request, "teams/create.html", context, fragments=("form",), status=status)
