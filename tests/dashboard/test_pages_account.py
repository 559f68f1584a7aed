"""Where people land, the theme, and the first team."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from dashboard.models import Membership, Role, Team, User
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def test_the_start_leads_home_and_remembers_the_last_team(cast: Cast, client_of: SignIn) -> None:
    other = make.team("Other")
    Membership.objects.create(team=other, user=cast.member.user, role=Role.VIEWER)
    client, first = client_of(cast.member), reverse("home", args=[cast.team.slug])
    assert client.get("/")["Location"] == first
    client.get(reverse("home", args=[other.slug]))
    assert client.get("/")["Location"] == reverse("home", args=[other.slug])


def test_a_team_one_has_left_is_not_remembered(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.member)
    client.cookies["team"] = cast.outsider.team.slug
    assert client.get("/")["Location"] == reverse("home", args=[cast.team.slug])


def test_somebody_without_a_team_makes_one_and_owns_it(db: None) -> None:
    user = User.objects.create_user("new@example.com", "a-long-password")
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/")["Location"] == reverse("team-create")
    assert "Welcome, new" in client.get(reverse("team-create")).text
    response = client.post(reverse("team-create"), {"name": "Paper & Ink"})
    team = Team.objects.get()
    assert response["Location"] == reverse("home", args=[team.slug])
    assert team.memberships.get().role == Role.OWNER
    assert "Welcome to Paper &amp; Ink" in client.get(response["Location"]).text


def test_the_theme_is_kept_and_leads_back_only_within_the_site(db: None, client: Client) -> None:
    response = client.post(reverse("theme"), {"theme": "dark", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert response.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").text
    away = client.post(reverse("theme"), {"theme": "neon", "next": "https://evil.example/"})
    assert away["Location"] == reverse("start")
    assert "theme" not in away.cookies
