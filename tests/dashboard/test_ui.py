"""What filters, tags and components print."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template

from dashboard import charts
from dashboard.templatetags import ui

ROOT = Path(__file__).parent.parent.parent
NOW = dt.datetime(2026, 3, 15, 12, 0, tzinfo=dt.UTC)
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def shown(source: str, /, **values: Any) -> str:
    return Template(source).render(Context(values)).strip()


def component(which: str, /, **values: Any) -> str:
    given_names = " ".join(f"{key}={key}" for key in values)
    return shown(f'{{% include "components/{which}.html" with {given_names} only %}}', **values)


# Times, money, counts


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "now"), (42, "42 s ago"), (90, "1 min ago"), (3 * 3600, "3 h ago"),
        (2 * 86400, "2 d ago"), (30 * 86400, "13 Feb"), (400 * 86400, "8 Feb 2025"),
        (-90, "in 1 min"), (-5 * 86400, "in 5 d"),
    ],
)  # fmt: skip
def test_a_time_is_told_by_its_distance(seconds: int, words: str) -> None:
    assert ui.relative(NOW - dt.timedelta(seconds=seconds), NOW) == words


def test_a_time_shows_its_exact_moment_on_hover() -> None:
    with time_machine.travel(NOW, tick=False):
        text = ui.ago(NOW - dt.timedelta(minutes=5))
    assert 'datetime="2026-03-15T11:55:00+00:00"' in text
    assert "Sun 15 Mar 2026, 11:55:00" in text
    assert ">5 min ago<" in text


def test_a_moment_that_never_was_says_so() -> None:
    assert "never" in ui.ago(None)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.34, "340 ms"), (4.2, "4.2 s"), (42, "42 s"), (59.7, "1 min"), (200, "3 min 20 s"),
        (3600, "1 h"), (7500, "2 h 5 min"), (dt.timedelta(days=3, hours=4), "3 d 4 h"),
        (None, "—"),
    ],
)  # fmt: skip
def test_durations_have_two_units_at_most(value: Any, words: str) -> None:
    assert ui.duration(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1234.5"), "$1,234.50"), (0, "$0.00"), (0.2153, "$0.22"), (0.0042, "$0.0042"),
        (0.05, "$0.050"), (0.0367, "$0.037"), (0.096, "$0.096"), (0.11, "$0.11"), (1, "$1.00"),
        ("0.0996", "$0.10"), ("0.00996", "$0.010"), ("0.00031", "$0.0003"),
        ("0.000001", "<$0.0001"), (-3, "−$3.00"), (None, "—"), ("x", "—"),
        (float("nan"), "—"),
    ],
)  # fmt: skip
def test_money_has_cents_and_more_only_where_it_is_tiny(value: Any, words: str) -> None:
    assert ui.money(value) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("0.0363", "0.244", "$0.036 to $0.24"),
        ("0.401", "0.3999", "$0.40"),
        ("0", "2", "$0.00 to $2.00"),
    ],
)
def test_a_range_of_money_has_two_ends_only_where_they_differ(
    low: str, high: str, words: str
) -> None:
    assert ui.money_to(Decimal(low), Decimal(high)) == words


def test_counts_and_sizes_have_separators_and_units() -> None:
    assert ui.count(1284) == "1,284"
    assert ui.filesize(812) == "812 B"
    assert ui.filesize(4_100) == "4.1 KB"
    assert ui.filesize(2_300_000) == "2.3 MB"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mara Klein", "MK"),
        ("ada.obi@example.com", "AO"),
        ("Jo", "J"),
        ("A B C", "AC"),
        ("", "?"),
        (None, "?"),
        ("@@", "?"),
        ("🦊 fox", "F"),
    ],
)
def test_initials_come_from_names_and_addresses(name: str | None, letters: str) -> None:
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("status", "tone"),
    [("completed", "ok"), ("READY", "ok"), ("in-progress", "live"), ("failed", "bad"),
     ("partial", "warn"), ("a_new_word_of_v0", "quiet"), (None, "quiet")],
)  # fmt: skip
def test_a_status_has_a_tone_and_an_unknown_one_is_quiet(status: str | None, tone: str) -> None:
    assert ui.tone(status) == tone


def test_an_unknown_privacy_is_shown_in_its_own_words() -> None:
    assert "Team can edit" in component("privacy", privacy="team-edit")
    assert "Friends only" in component("privacy", privacy="friends_only")


# Icons and components


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_icon_a_template_names_is_in_the_sprite(path: Path) -> None:
    source = path.read_text()
    named = set(re.findall(r'{% icon "([\w-]+)"', source))
    named |= set(re.findall(r'{% include "components/[^%]*?\bicon="([\w-]+)"', source))
    assert named <= SPRITE


def test_every_icon_a_filter_chooses_is_in_the_sprite() -> None:
    assert {icon for _, icon in ui.PRIVACY.values()} | set(ui.TONE_ICONS.values()) <= SPRITE


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in ui.icon("plus")
    assert 'role="img" aria-label="ascending"' in ui.icon("arrow-up", "ascending")


def test_a_title_of_markup_stays_text_in_every_component() -> None:
    hostile = '"><script>alert(1)</script>'
    chart = charts.lines([hostile], [charts.Series(hostile, [1]), charts.Series("B", [2])])
    for html in (
        component("badge", text=hostile, title=hostile),
        component("status", status=hostile),
        component("avatar", name=hostile, label=True),
        component("empty", title=hostile, text=hostile, url="/", action=hostile),
        component("meter", value=1, max=2, label=hostile),
        component("lines", chart=chart, title=hostile),
        component("copy", text=hostile),
        component("code", name=hostile, text=hostile, source=hostile),
        component("crumbs", url="/", label=hostile, here=hostile),
        component("activity", person=hostile, text=hostile, target=hostile, when=NOW),
        component("notice", text=hostile, title=hostile),
        component("toast", text=hostile, tone="ok"),
    ):
        assert "<script" not in html


class PlanForm(forms.Form):
    name = forms.CharField(help_text="Shown to the team.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    shared = forms.BooleanField(required=False, label="Share it")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_is_tied_to_its_label_its_help_and_its_error() -> None:
    form = PlanForm({})
    assert not form.is_valid()
    html = component("form", form=form)
    assert '<label for="id_name">Name</label>' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'name="name"[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert "(optional)" in html
    assert "<legend>Kind</legend>" in html


def test_errors_of_a_whole_form_are_an_alert() -> None:
    form = PlanForm({"name": "x", "kind": "a"})
    assert form.is_valid()
    form.add_error(None, "v0 refused it.")
    html = component("form_errors", form=form)
    assert 'role="alert"' in html
    assert "v0 refused it." in html


class ListForm(forms.Form):
    q = forms.CharField(label="Search")
    state = forms.ChoiceField(choices=[("", "Any state"), ("ready", "Ready")])
    mine = forms.BooleanField()
    sort = forms.ChoiceField(choices=[("", "Newest"), ("name", "By name")])


@pytest.mark.parametrize(
    ("query", "made"),
    [("q=a&sort=name", 0), ("state=ready", 1), ("state=ready&mine=on", 2), ("state=nonsense", 0)],
)
def test_folded_filters_count_what_narrows_the_list(query: str, made: int) -> None:
    form = ListForm(QueryDict(query))
    assert ui.choices_made(form) == {"of": 3, "made": made}
    html = component("filters", form=form, action="/", target="rows", active=True, clear_url="/")
    assert f"<span>{made}</span>" in html
    assert 'aria-controls="filter-choices"' in html


def test_one_or_two_filters_are_not_folded() -> None:
    class Short(ListForm):
        mine = None  # type: ignore[assignment]

    html = component("filters", form=Short({}), action="/", target="rows", active=False)
    assert "data-unfolds" not in html


def test_pages_of_a_list_keep_its_filters() -> None:
    page = Paginator(range(100), 10).get_page(2)
    html = component(
        "pagination", page=page, query=QueryDict("q=a&page=2"), target="rows", noun="x"
    )
    assert 'href="?q=a&amp;page=1"' in html
    assert 'href="?q=a&amp;page=3"' in html
    assert 'hx-target="#rows"' in html
    assert "11–20 of 100 x" in html


def test_the_first_page_has_no_way_back() -> None:
    html = component("pagination", page=Paginator(range(20), 10).get_page(1), query=QueryDict())
    assert 'rel="prev"' not in html
    assert 'aria-disabled="true"' in html


def test_a_sorted_column_offers_the_other_direction_and_the_first_page() -> None:
    query = QueryDict("sort=title&page=3")
    html = component("sort", label="Title", name="title", current="title", query=query)
    assert 'href="?sort=-title"' in html
    assert "ascending" in html


def test_a_chart_has_a_table_with_the_same_numbers_behind_it() -> None:
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    chart = charts.lines(days, [charts.Series("Shop", [3, 4])], unit=ui.money)
    html = component("lines", chart=chart, title="Spend per day")
    assert 'aria-label="Spend per day"' in html
    assert '<td class="num">$3.00</td>' in html
    assert '<th scope="row">2 Mar</th>' in html


def test_a_meter_tells_its_value_to_screen_readers() -> None:
    html = component("meter", value=68, max=200, label="Spent")
    assert 'role="meter"' in html
    assert 'aria-valuenow="68"' in html
    assert 'width="34"' in html


# What our scripts and htmx call on a form; a field of that name would stand in its place.
CALLED_ON_FORMS = frozenset({
    "addEventListener", "after", "append", "before", "children", "classList", "closest", "contains",
    "dataset", "dispatchEvent", "elements", "getAttribute", "id", "insertBefore", "isConnected",
    "matches", "moveBefore", "parentElement", "parentNode", "prepend", "querySelector",
    "querySelectorAll", "remove", "replaceChildren", "replaceWith", "requestSubmit", "reset",
    "setAttribute", "submit",
})  # fmt: skip


def test_no_field_hides_what_scripts_call_on_its_form() -> None:
    import_module("dashboard.urls")
    kinds = [forms.BaseForm]
    for kind in kinds:
        kinds += kind.__subclasses__()
    names = {name for kind in kinds for name in getattr(kind, "base_fields", {})}
    for path in TEMPLATES:
        names |= set(
            re.findall(r'<(?:input|button|select|textarea)\b[^>]* name="(\w+)"', path.read_text())
        )
    assert {"hosts", "nonce"} < names
    assert names & CALLED_ON_FORMS == set()
