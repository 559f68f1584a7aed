"""Money and limits of the keys one may see: gauges now, history over time. Figures in words
and shapes are made in usage_figures.py.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dashboard.access import TeamRequest, can, member
from dashboard.htmx import render_page
from dashboard.models import Key, Snapshot
from dashboard.views.keys import keys_for
from dashboard.views.usage_figures import Figures, history_chart

RANGES = {"7": "7 days", "30": "30 days", "90": "90 days"}
ROWS_PER_PAGE = 30


class UsageFilters(forms.Form):
    key = forms.ChoiceField(required=False, label="Key")
    days = forms.ChoiceField(required=False, choices=list(RANGES.items()))

    def __init__(self, request: TeamRequest, keys: list[Key]) -> None:
        super().__init__(request.GET)
        self.keys = {str(key.pk): key for key in keys}
        self.fields["key"].choices = [(pk, "") for pk in self.keys]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def reach(self) -> str:
        return self.cleaned_data.get("days") or "30"

    @property
    def chosen(self) -> Key | None:
        """The key asked for, else the first one."""
        named = self.keys.get(self.cleaned_data.get("key", ""))
        return named or next(iter(self.keys.values()), None)


def latest_of(keys: list[Key]) -> dict[int, Snapshot]:
    """The newest snapshot of each key."""
    rows = Snapshot.objects.filter(key__in=keys).order_by("key", "-taken_at").distinct("key")
    return {row.key_id: row for row in rows}


@require_GET
@member()
def usage(request: TeamRequest) -> HttpResponse:
    keys = list(keys_for(request.member).order_by("owner__email", "label", "pk"))
    keys.sort(key=lambda key: key.owner_id != request.user.pk)  # one's own first
    filters = UsageFilters(request, keys)
    latest = latest_of(keys)
    figures = [Figures(key, latest.get(key.pk)) for key in keys]
    chosen = filters.chosen
    context: dict[str, Any] = {
        "figures": figures,
        "shown": next((row for row in figures if row.key == chosen), None),
        "days": filters.reach,
        "ranges": RANGES.items(),
        "oversees": can(request.member, "key-oversee"),
    }
    if chosen is not None:
        since = timezone.now() - timedelta(days=int(filters.reach))
        history = chosen.snapshots.filter(taken_at__gte=since)
        context["chart"] = history_chart(history, int(filters.reach))
        rows = Paginator(history.order_by("-taken_at"), ROWS_PER_PAGE)
        context["page"] = rows.get_page(request.GET.get("page"))
    return render_page(request, "usage/usage.html", context, fragments=("history",))
