"""Which sites may show a team's previews: read from v0, set there, and written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.models import Activity, Key, Membership
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]


@pytest.fixture
def key(cast: Cast, simulator: Simulator) -> Key:
    return make.key(cast.owner, "v0-demo-owner")


def url(name: str, cast: Cast) -> str:
    return reverse(name, args=[cast.team.slug])


def hosts_in_v0(key: Key) -> list[str]:
    with connect(key) as remote:
        return remote.of("v2").preview_hosts()


def save(client: Client, cast: Cast, key: Key, hosts: str, known: str = "") -> str:
    told = {"key": key.pk, "hosts": hosts, "known": known}
    return client.post(url("preview-hosts-save", cast), told, follow=True).text


def test_opening_the_page_asks_v0_nothing(
    cast: Cast, client_of: SignIn, key: Key, simulator: Simulator
) -> None:
    assert "Ask v0" in client_of(cast.owner).get(url("preview-hosts", cast)).text
    assert simulator.requests == []


def test_hosts_are_read_changed_and_written_down(cast: Cast, client_of: SignIn, key: Key) -> None:
    client = client_of(cast.owner)
    text = save(client, cast, key, "app.example.com\r\n\r\n**.Example.org")
    assert "The trusted hosts were saved in v0." in text
    assert hosts_in_v0(key) == ["app.example.com", "**.example.org"]
    asked = client.post(url("preview-hosts", cast), {"key": key.pk}).text
    assert "app.example.com\n**.example.org" in asked
    row = Activity.objects.get(verb="team.preview_hosts")
    assert (row.before, row.after) == (
        {"hosts": []},
        {"hosts": ["app.example.com", "**.example.org"]},
    )
    history = client.get(url("activity", cast)).text
    assert "changed the trusted preview hosts" in history


@pytest.mark.parametrize(
    ("hosts", "sentence"),
    [
        ("https://app.example.com", "is not a host"),
        ("app.example.com:8080", "is not a host"),
        ("*", "is not a host"),
        ("\n".join(f"{number}.example.com" for number in range(6)), "at most 5 hosts"),
    ],
)
def test_what_is_no_host_is_refused_before_v0_is_asked(
    cast: Cast, client_of: SignIn, key: Key, simulator: Simulator, hosts: str, sentence: str
) -> None:
    assert sentence in save(client_of(cast.owner), cast, key, hosts)
    assert simulator.requests == []


def test_a_change_of_somebody_else_is_not_undone(cast: Cast, client_of: SignIn, key: Key) -> None:
    with connect(key) as remote:
        remote.of("v2").set_preview_hosts(["theirs.example.com"])
    text = save(client_of(cast.owner), cast, key, "mine.example.com", known="")
    assert "they are now: theirs.example.com" in text
    assert hosts_in_v0(key) == ["theirs.example.com"]


def test_what_v0_does_not_allow_is_said_in_its_words(
    cast: Cast, client_of: SignIn, simulator: Simulator
) -> None:
    key = make.key(cast.admin, "v0-demo-member")  # no owner of the team in v0
    text = save(client_of(cast.admin), cast, key, "app.example.com")
    assert "Only owners can set the trusted preview hosts" in text
    assert not Activity.objects.exists()


def test_nobody_uses_a_key_that_is_not_theirs(cast: Cast, client_of: SignIn, key: Key) -> None:
    asked = client_of(cast.admin).post(url("preview-hosts", cast), {"key": key.pk})
    assert asked.status_code == 422
    assert hosts_in_v0(key) == []
