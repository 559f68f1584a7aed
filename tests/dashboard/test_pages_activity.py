"""The history: its words, its filters, and what it keeps from whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.models import Activity, Membership
from dashboard.views.activity import feed, rows_for
from dashboard.views.activity_words import said
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def happened(cast: Cast, verb: str, target: str = "Pricing page", **fields: Any) -> Activity:
    return Activity.objects.create(
        **{"team": cast.team, "actor": cast.member.user, "verb": verb, "target": target} | fields
    )


def page(client: Client, cast: Cast, **query: str) -> str:
    return client.get(reverse("activity", args=[cast.team.slug]), query).text


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("chat.rename", "renamed the chat"),
        ("budget.raise", "raised the budget"),
        ("env_var.copy", "copied the env var"),
        ("chat.take-over", "took over the chat"),
        ("webhook", "changed the webhook"),
    ],
)
def test_known_and_unknown_verbs_read_as_sentences(verb: str, sentence: str) -> None:
    assert said(verb) == sentence


def test_a_line_says_before_and_after(cast: Cast) -> None:
    happened(cast, "chat.privacy", before={"privacy": "private"}, after={"privacy": "team-edit"})
    (line,) = feed(rows_for(cast.owner), cast.owner)
    (change,) = line.changes
    assert (change.name, change.before, change.after) == ("Privacy", "Private", "Team can edit")


def test_an_outcome_is_said_in_the_sentence(cast: Cast) -> None:
    happened(cast, "chat.favorite", before={"favorite": False}, after={"favorite": True})
    (line,) = feed(rows_for(cast.owner), cast.owner)
    assert line.text == "favourited the chat"
    assert line.changes == []


def test_the_use_of_a_shared_key_names_its_owner(cast: Cast) -> None:
    happened(cast, "chat.create", key=make.key(cast.owner, shared=True))
    (line,) = feed(rows_for(cast.viewer), cast.viewer)
    assert [change.after for change in line.changes] == ["Owner"]


def test_private_chats_and_projects_of_others_stay_out_of_the_history(
    cast: Cast, client_of: SignIn
) -> None:
    key = make.key(cast.member)
    secret = make.chat(cast.team, seen_by=key, privacy="private", name="Acquisition")
    hidden = make.project(cast.team, seen_by=key, privacy="private", name="Project X")
    deployment = make.deployment(make.version(secret))
    happened(cast, "chat.create", "Acquisition", chat=secret)
    happened(cast, "project.create", "Project X", project=hidden)
    happened(cast, "deployment.create", "Acquisition, version 1", deployment=deployment)
    assert "Acquisition" in page(client_of(cast.member), cast)
    for other in (cast.owner, cast.admin, cast.viewer):
        text = page(client_of(other), cast)
        assert "Acquisition" not in text
        assert "Project X" not in text


def test_filters_narrow_by_person_area_period_and_name(cast: Cast, client_of: SignIn) -> None:
    happened(cast, "chat.rename", "Alpha")
    happened(cast, "deployment.create", "Beta", actor=cast.admin.user)
    old = happened(cast, "chat.delete", "Gamma")
    Activity.objects.filter(pk=old.pk).update(at=make.AT.replace(year=2020))
    client = client_of(cast.viewer)
    for query, shown in (
        ({"person": str(cast.admin.user.pk)}, {"Beta"}),
        ({"area": "deployment"}, {"Beta"}),
        ({"period": "7"}, {"Alpha", "Beta"}),
        ({"q": "gam"}, {"Gamma"}),
        ({"period": "never", "person": "nobody"}, {"Alpha", "Beta", "Gamma"}),
    ):
        text = page(client, cast, **query)
        assert {name for name in ("Alpha", "Beta", "Gamma") if name in text} == shown, query


def test_the_page_has_pages(cast: Cast, client_of: SignIn) -> None:
    Activity.objects.bulk_create(
        Activity(team=cast.team, actor=cast.member.user, verb="chat.rename", target=f"Chat {n}.")
        for n in range(60)
    )
    client = client_of(cast.owner)
    assert "1–50 of 60" in page(client, cast)
    assert "51–60 of 60" in page(client, cast, page="2")


def test_names_are_shown_as_text_never_as_markup(cast: Cast, client_of: SignIn) -> None:
    happened(cast, "chat.rename", "<script>alert(1)</script>", after={"name": "<img src=x>"})
    text = page(client_of(cast.owner), cast)
    assert "<script>alert(1)" not in text
    assert "<img src=x>" not in text
    assert "&lt;script&gt;alert(1)" in text
