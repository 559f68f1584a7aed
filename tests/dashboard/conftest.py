"""The simulated v0 over real HTTP, the cast of people, and browsers without a browser."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.models import Membership, Role, Team
from tests import make
from tests.dashboard.chatting import Acting
from tests.serving import held, served
from v0client.simulator import Simulator


@dataclass
class Cast:
    """One team with every role, and somebody of another team."""

    team: Team
    owner: Membership
    admin: Membership
    member: Membership
    viewer: Membership
    outsider: Membership

    def everyone(self) -> dict[str, Membership]:
        """All five by their names."""
        roles = ("owner", "admin", "member", "viewer", "outsider")
        return {role: getattr(self, role) for role in roles}


@pytest.fixture
def cast(db: None) -> Cast:
    team = make.team("Acme")
    people = {
        role: make.person(role, team, name=role.title(), email=f"{role}@example.com")
        for role in ("owner", "admin", "member", "viewer")
    }
    outsider = make.person(Role.OWNER, name="Outsider", email="outsider@example.com")
    return Cast(team=team, outsider=outsider, **people)


@pytest.fixture
def client_of() -> Callable[[Membership], Client]:
    """A Django client that is signed in as this person."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in


@pytest.fixture(scope="session")
def served_simulator() -> Iterator[Simulator]:
    """One server for the test process, on a free port of the loopback interface."""
    with served() as simulator:
        yield simulator


@pytest.fixture
def simulator(served_simulator: Simulator, settings: Settings) -> Simulator:
    """A v0 with people and keys and nothing else; its clock stands until it is moved."""
    served_simulator.clock.frozen = time.time()
    served_simulator.seed = "empty"  # a test may choose another one and reset
    served_simulator.reset()
    settings.V0_BASE_URL = served_simulator.base_url
    settings.V0_TIMEOUT = 5.0
    return served_simulator


@pytest.fixture
def held_simulator(settings: Settings) -> Iterator[Simulator]:
    """A v0 of the test's own that writes only as far as the test lets it."""
    with served() as one:
        held(one)
        settings.V0_BASE_URL = one.base_url
        yield one
        one.clock.advance(3600)  # what is still held would keep the server from ending


@pytest.fixture
def acting(simulator: Simulator, cast: Cast, client_of: Callable[[Membership], Client]) -> Acting:
    """The member with a key, in front of the pages of the team."""
    return Acting(client_of(cast.member), make.key(cast.member, "v0-demo-member"), simulator)


@pytest.fixture(params=["v1", "v2"])
def generation(request: pytest.FixtureRequest, cast: Cast) -> str:
    """The team's: a test with it is done with both."""
    cast.team.generation = request.param
    cast.team.save(update_fields=["generation"])
    return str(request.param)


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Celery tasks run where they are queued."""
    from dashboard.tasks import app  # registers the tasks, as a worker does

    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@pytest.fixture(autouse=True)
def fresh_pace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing of another test slows a key down: rows get the same ids again."""
    yield
    if "simulator" in request.fixturenames:
        from dashboard.upstream.pace import Away, server

        Away.until = 0.0
        server(os.environ["REDIS_URL"]).flushdb()
