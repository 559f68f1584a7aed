"""The list of deployments, one deployment with its log and descent, and deleting it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from dashboard.models import Deployment, DeploymentLine, Membership
from tests import make
from tests.dashboard.conftest import Cast

SignIn = Callable[[Membership], Client]


def url(name: str, cast: Cast, *ids: object) -> str:
    return reverse(name, args=[cast.team.slug, *ids])


def line(deployment: Deployment, number: int, level: str, text: str) -> None:
    DeploymentLine.objects.create(
        deployment=deployment,
        upstream_id=f"line{number}",
        created_at=make.AT + timedelta(seconds=number),
        stream="stdout",
        level=level,
        text=text,
    )


def test_the_list_is_filtered_by_state_project_author_and_words(
    cast: Cast, client_of: SignIn
) -> None:
    project, author = make.project(cast.team), make.author(cast.team)
    shop = make.version(make.chat(cast.team, name="Shop", author=author))
    blog = make.version(make.chat(cast.team, name="Blog"))
    one = make.deployment(shop, project=project)
    two = make.deployment(blog, state="failed", error_summary="It did not compile.")
    client = client_of(cast.viewer)
    for query, expected in (
        ({}, {one, two}),
        ({"state": "failed"}, {two}),
        ({"project": project.upstream_id}, {one}),
        ({"author": author.upstream_id}, {one}),
        ({"q": "blo"}, {two}),
        ({"q": two.upstream_id}, {two}),
        ({"state": "exploded"}, {one, two}),
    ):
        page = client.get(url("deployments", cast), query).context["page"]
        assert set(page.object_list) == expected, query


def test_deployments_of_private_chats_of_others_are_not_found(
    cast: Cast, client_of: SignIn
) -> None:
    chat = make.chat(cast.team, privacy="private", name="Secret", seen_by=make.key(cast.member))
    deployment = make.deployment(make.version(chat))
    client = client_of(cast.owner)
    assert "Secret" not in client.get(url("deployments", cast)).text
    assert client.get(url("deployment", cast, deployment.upstream_id)).status_code == 404


def test_an_error_is_said_in_words_first_with_the_full_text_folded(
    cast: Cast, client_of: SignIn
) -> None:
    deployment = make.deployment(
        make.version(make.chat(cast.team)), state="failed", error_type="ModuleNotFound",
        error_summary="A package is missing.", error_text="Error: <b>recharts</b>",
    )  # fmt: skip
    text = client_of(cast.viewer).get(url("deployment", cast, deployment.upstream_id)).text
    assert text.index("A package is missing.") < text.index("Full error message")
    assert "Error: &lt;b&gt;recharts&lt;/b&gt;" in text


def test_the_log_is_filtered_by_level(cast: Cast, client_of: SignIn) -> None:
    deployment = make.deployment(make.version(make.chat(cast.team)))
    for number, level in enumerate(("info", "warn", "error")):
        line(deployment, number, level, f"a line of {level}")
    client, page = client_of(cast.viewer), url("deployment", cast, deployment.upstream_id)
    for level, shown in (("", 3), ("warn", 2), ("error", 1), ("nonsense", 3)):
        response = client.get(page, {"level": level})
        assert response.text.count("a line of ") == shown
        assert [tab["count"] for tab in response.context["levels"]] == [3, 2, 1]


def test_a_building_deployment_is_polled_and_a_finished_one_is_not(
    cast: Cast, client_of: SignIn
) -> None:
    deployment = make.deployment(make.version(make.chat(cast.team)), state="building")
    client, page = client_of(cast.viewer), url("deployment", cast, deployment.upstream_id)
    headers = {"HX-Request": "true", "HX-Target": "section#state"}
    assert "hx-trigger" in client.get(page, headers=headers).text
    Deployment.objects.filter(pk=deployment.pk).update(state="ready")
    finished = client.get(page, headers=headers).text
    assert "hx-trigger" not in finished
    assert "Live on the web." in finished


def test_the_line_of_descent_goes_from_prompt_to_deployment(cast: Cast, client_of: SignIn) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "Make a shop", author=make.author(cast.team, name="Ann"))
    first = make.deployment(make.version(chat, created_at=make.AT + timedelta(minutes=1)))
    make.message(chat, "Fix the basket", created_at=make.AT + timedelta(minutes=2))
    second = make.deployment(
        make.version(chat, created_at=make.AT + timedelta(minutes=3)),
        created_at=make.AT + timedelta(minutes=4),
    )
    page = client_of(cast.viewer).get(url("deployment", cast, second.upstream_id))
    descent = [(row.pk, row.asked["text"]) for row in page.context["descent"]]
    assert descent == [(first.pk, "Make a shop"), (second.pk, "Fix the basket")]
    assert "Ann asked" in page.text


def test_deleting_asks_first(cast: Cast, client_of: SignIn) -> None:
    deployment = make.deployment(make.version(make.chat(cast.team)))
    remove = url("deployment-delete", cast, deployment.upstream_id)
    page = client_of(cast.member).get(remove)
    assert "Delete this deployment?" in page.text
    deployment.refresh_from_db()
    assert deployment.gone_at is None


def test_a_refusal_is_told_on_the_page_of_the_deployment(cast: Cast, client_of: SignIn) -> None:
    deployment = make.deployment(make.version(make.chat(cast.team)))
    remove = url("deployment-delete", cast, deployment.upstream_id)
    page = client_of(cast.member).post(remove, follow=True)
    assert page.redirect_chain[-1][0] == url("deployment", cast, deployment.upstream_id)
    assert "You need a v0 key for this." in page.text


def test_a_deleted_deployment_is_a_memory(cast: Cast, client_of: SignIn) -> None:
    deployment = make.deployment(make.version(make.chat(cast.team)), gone_at=make.AT)
    client = client_of(cast.member)
    text = client.get(url("deployment", cast, deployment.upstream_id)).text
    assert "Deleted. This record is kept" in text
    assert url("deployment-delete", cast, deployment.upstream_id) not in text
    assert deployment.upstream_id not in client.get(url("deployments", cast)).text
