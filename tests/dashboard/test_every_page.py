"""Every URL for every role: status, whole page and fragment, cost, and other teams' ids."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dashboard.models import Activity, Membership, Snapshot, Submission
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import MOST_QUERIES, NO_POST, OUTSIDE, PAGES, ROLES, Page
from v0client.simulator import Simulator

FOREIGN = {"allauth", "admin"}  # their URLs are theirs to test


def fresh_client(person: Membership | None) -> Client:
    """Signed in a moment ago, so that sensitive pages do not ask again."""
    client = Client()
    if person is None:
        return client
    client.force_login(person.user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.user.pk)
    session.save()
    return client


@pytest.fixture
def scene(cast: Cast) -> dict[str, dict[str, Any]]:
    """A team with several of everything, and for each URL name the ids of one of them."""
    keys = [make.key(cast.owner, f"v0-{number}-of-the-owner") for number in range(3)]
    key = keys[0]
    for number, one in enumerate(keys):
        Snapshot.objects.create(key=one, taken_at=make.AT, balance_remaining=number)
    for _ in range(4):
        project = make.project(cast.team, seen_by=key)
        author = make.author(cast.team)
        chat = make.chat(cast.team, seen_by=key, project=project, author=author)
        make.message(chat, author=author)
        version = make.version(chat, files={"app/page.tsx": "export default 1"})
        deployment = make.deployment(version, project=project)
        run = make.sync_run(key, requested_by=cast.member.user)
        Activity.objects.create(
            team=cast.team, actor=cast.member.user, verb="chat.rename", target=chat.name,
            chat=chat, project=project, deployment=deployment, key=key, after={"name": "New"},
        )  # fmt: skip
    ask = make.ask(chat, kind="plan")
    submission = Submission.objects.create(
        team=cast.team, user=cast.owner.user, key=key, request={"prompt": "A page"}, state="failed"
    )
    carry = make.carry(key, version)
    ids: dict[str, Any] = {
        "chat": chat.upstream_id, "version": version.upstream_id, "key": key.pk, "sync": run.pk,
        "project": project.upstream_id, "deployment": deployment.upstream_id,
        "person": cast.viewer.pk, "nonce": submission.nonce, "ask": ask.pk,
        "carry": carry.pk, "webhook": make.webhook(key).pk,
    }  # fmt: skip
    return {name: {k: ids[k] for k in arguments(name)} for name in PAGES}


def patterns(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """Every URL name of our own with its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name in FOREIGN or "allauth" in str(entry.urlconf_name):
                continue
            for name, route in patterns(entry):
                yield name, str(entry.pattern) + route
        elif isinstance(entry, URLPattern):
            yield entry.name or "", str(entry.pattern)


ROUTES = dict(patterns(get_resolver("dashboard.urls")))


def arguments(name: str) -> list[str]:
    """The ids that a URL takes besides the team's."""
    return [found for found in re.findall(r"<\w+:(\w+)>", ROUTES[name]) if found != "team"]


def url_of(name: str, ids: dict[str, Any], slug: str) -> str:
    return reverse(name, kwargs={**ids, "team": slug})


def test_every_url_name_is_in_the_table() -> None:
    assert set(ROUTES) == set(PAGES) | set(OUTSIDE)


def people(cast: Cast) -> Iterator[tuple[str, Membership | None]]:
    yield from zip(ROLES, [*cast.everyone().values(), None], strict=True)


def answers(method: str, url: str, cast: Cast, page: Page) -> tuple[int, ...]:
    """The status for each role; what a request changes is taken back before the next."""
    found = []
    for _, person in people(cast):
        client = fresh_client(person)
        with transaction.atomic():
            response = getattr(client, method)(url, page.data if method == "post" else {})
            transaction.set_rollback(True)
        if person is None and response.status_code == 302 and url.startswith("/t/"):
            assert response["Location"].startswith("/accounts/login/?next=")
        found.append(response.status_code)
    return tuple(found)


@pytest.mark.parametrize("name", PAGES)
def test_each_role_gets_what_the_table_says(
    name: str, scene: dict[str, dict[str, Any]], cast: Cast
) -> None:
    url = url_of(name, scene[name], cast.team.slug)
    assert dict(zip(ROLES, answers("get", url, cast, PAGES[name]), strict=True)) == dict(
        zip(ROLES, PAGES[name].get, strict=True)
    )


@pytest.mark.parametrize("name", PAGES)
def test_each_role_may_post_what_the_table_says(
    name: str, scene: dict[str, dict[str, Any]], cast: Cast, simulator: Simulator
) -> None:
    url = url_of(name, scene[name], cast.team.slug)
    assert dict(zip(ROLES, answers("post", url, cast, PAGES[name]), strict=True)) == dict(
        zip(ROLES, PAGES[name].post, strict=True)
    )


@pytest.mark.parametrize("name", OUTSIDE)
def test_pages_outside_of_a_team_answer_as_the_table_says(name: str, cast: Cast) -> None:
    page = OUTSIDE[name]
    url = reverse(name, args=page.arguments)
    assert answers("get", url, cast, page) == page.get
    if page.post != NO_POST:
        assert answers("post", url, cast, page) == page.post


@pytest.mark.parametrize("name", [name for name in PAGES if arguments(name)])
def test_ids_of_another_team_are_not_found(
    name: str, scene: dict[str, dict[str, Any]], cast: Cast
) -> None:
    """The outsider owns a team of their own, and asks for these things under its address."""
    client = fresh_client(cast.outsider)
    url = url_of(name, scene[name], cast.outsider.team.slug)
    page = PAGES[name]
    if page.get[0] != 405:
        assert client.get(url).status_code == 404
    if page.post != NO_POST:
        assert client.post(url, page.data).status_code == 404


@pytest.mark.parametrize(
    "name", [name for name, page in PAGES.items() if page.get[0] == 200 and page.whole]
)
def test_a_page_comes_whole_and_as_fragment_within_its_budget(
    name: str, scene: dict[str, dict[str, Any]], cast: Cast
) -> None:
    page, client = PAGES[name], fresh_client(cast.owner)
    url = url_of(name, scene[name], cast.team.slug)
    assert page.queries <= MOST_QUERIES
    with CaptureQueriesContext(
        connection,
    ) as queries:
        whole = client.get(url)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) <= page.queries, "\n".join(
        sql.partition(" FROM ")[2][:90] or sql[:90] for sql in told
    )
    assert "<html" in whole.text
    assert "HX-Target" in whole["Vary"]
    for fragment in page.fragments:
        headers = {"HX-Request": "true", "HX-Target": f"section#{fragment}"}
        part = client.get(url, headers=headers)
        assert part.status_code == 200
        assert "<html" not in part.text
        assert f'id="{fragment}"' in part.text
