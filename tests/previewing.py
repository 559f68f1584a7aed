"""The server of the preview origin inside the test process, and somebody who asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.test import Client as Visitor
from pytest_django.fixtures import Settings

from dashboard import labels
from dashboard.actions import previews
from dashboard.labels import Label
from dashboard.models import Chat, Membership
from dashboard.previews.app import Previews
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.serving import free_listener, in_thread
from v0client.http import Client, Headers, Request, Response
from v0client.simulator import Simulator


class Noting:
    """A connection to previews that keeps the headers of what they answer, as they came."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.answers = connection, list[Headers]()

    async def handle_async_request(self, request: Request) -> Response:
        answer: Response = await self.connection.handle_async_request(request)
        self.answers.append(answer.headers)
        return answer

    async def aclose(self) -> None:
        await self.connection.aclose()

    def told(self, name: str) -> list[str]:
        """The values of this header in all answers."""
        return [value for answer in self.answers for value in answer.get_list(name)]


@contextmanager
def served_previews() -> Iterator[int]:
    """Its port on the loopback interface."""
    with noted_previews() as (port, _):
        yield port


@contextmanager
def noted_previews() -> Iterator[tuple[int, Noting]]:
    """The same, with what previews answer to it."""
    application = Previews(seen_for=0.05)
    notes = Noting(application.transport)
    application.transport = cast(Any, notes)
    with in_thread(application, free_listener(), lifespan="on", log_level="critical") as port:
        yield port, notes


@contextmanager
def asking_previews() -> Iterator[Client]:
    """A client that asks that server."""
    with served_previews() as port, Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client


class Browser:
    """Asks the preview origin as one member, about one chat; `visitor` asks the dashboard."""

    def __init__(self, http: Client, member: Membership, chat: Chat) -> None:
        self.http, self.member, self.chat = http, member, chat
        self.visitor = Visitor()
        self.visitor.force_login(member.user, "allauth.account.auth_backends.AuthenticationBackend")
        self.session = UserSession.objects.create(
            user=member.user, ip="127.0.0.1", session_key=self.visitor.session.session_key
        )

    @property
    def host(self) -> str:
        return previews.address(self.member, self.chat, self.session.pk).split("/")[2]

    @property
    def label(self) -> Label:
        found = labels.read(self.host.partition(".")[0])
        assert found is not None
        return found

    def ask(self, path: str = "/", method: str = "GET", host: str = "", **more: Any) -> Response:
        headers = {"host": host or self.host, **more.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **more)


def in_front_of_a_preview(
    http: Client, cast: Cast, simulator: Simulator, settings: Settings
) -> Browser:
    """The member, with a finished v2 chat whose preview runs; `http` asks the preview origin."""
    settings.PREVIEW_ORIGIN = f"http://*.localhost:{http.base_url.port}"
    settings.DASHBOARD_ORIGINS = ["http://localhost:8000"]
    key = make.key(cast.member, "v0-demo-member")
    with connect(key) as remote:
        made = remote.of("v2").create_chat(prompt="A page about tea", nonce="1")
    chat = make.chat(
        cast.team, seen_by=key, upstream_id=made.id, generation="v2", privacy="private"
    )
    simulator.clock.advance(600)
    return Browser(http, cast.member, chat)


def asked_for_tokens(simulator: Simulator) -> int:
    return sum(one.path.endswith("/preview") for one in simulator.requests)
