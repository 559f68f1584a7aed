"""The site map plus one page of the team that has the frame and no content, to compare with."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from dashboard.access import TeamRequest, member
from dashboard.htmx import render_page
from dashboard.urls import urlpatterns as pages


@member()
def empty(request: TeamRequest) -> HttpResponse:
    return render_page(request, "app.html", {})


urlpatterns = [path("t/<slug:team>/empty/", empty), *pages]
