"""A dashboard inside the test process, before a v0 that writes only as far as a test lets it.

Nothing moves between two steps of a test: it sees what people see in the midst of a run.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from playwright.sync_api import Page, expect

from dashboard.models import Role
from dashboard.sync.live import Follower
from dashboard.tasks import app
from dashboard.views.live import Painter
from tests import make
from tests.browser.driving import begin
from tests.previewing import served_previews
from tests.serving import free_listener, held, in_thread, served
from v0client.simulator import Simulator, generation, script
from v0client.simulator.live import START
from v0client.simulator.records import Chat, Run
from v0client.simulator.v2 import parts

GENERATIONS = ("v1", "v2")
SPEED = 5.0  # answers take 1 to 4 seconds of v0's time


@dataclass
class Studio:
    """`base` is the address of the dashboard. It has a team for each generation of v0's API, named
    by it; owner, member and viewer are in both, and the member's key is for all."""

    base: str
    simulator: Simulator

    def chat(self, url: str) -> Chat:
        """v0's side of the chat whose page has this address."""
        return self.simulator.store.chats[urlsplit(url).path.split("/")[4]]

    def run(self, url: str) -> Run:
        """How v0 writes, or wrote, the newest answer of that chat."""
        run = self.chat(url).messages[-1].run
        assert run is not None
        return run

    def write(self, url: str, share: float) -> None:
        """v0 writes on until this share of the chat's newest answer is written."""
        run = self.run(url)
        self.simulator.clock.advance(run.started_at + share * run.duration - self.now)

    def finish(self, url: str) -> None:
        """v0 writes to the end, and the preview starts."""
        self.write(url, 1.0)
        self.simulator.clock.advance(START / SPEED)

    def said(self, url: str) -> list[str]:
        """The headings and paragraphs that v0 has written of that answer by now."""
        chat, run = self.chat(url), self.run(url)
        if chat.generation == "v1":
            nodes = script.nodes(generation.played(run), generation.share(run, self.now))
            return [str(rest[0]) for tag, _, *rest in nodes if tag in ("h3", "p")]
        told = parts.told(chat.messages[-1], self.now, "")
        texts = [part["text"] for part in told if part["type"] == "text"]
        blocks = [block for text in texts for block in text.split("\n\n")]
        return [block.removeprefix("### ") for block in blocks if not block.startswith("- ")]

    @property
    def now(self) -> float:
        return self.simulator.clock.now()


def written(page: Page, studio: Studio, team: str, prompt: str) -> str:
    """A chat whose first answer is finished; the page shows it. Returns its address."""
    chat = begin(page, team, prompt)
    studio.finish(chat)
    expect(page.locator("#writing")).to_have_count(0)
    return chat


@contextmanager
def open_studio() -> Iterator[Studio]:
    """Needs a database whose rows other threads see; leaves it empty."""
    with ExitStack() as stack:
        simulator = stack.enter_context(served())
        simulator.speed = SPEED
        held(simulator)
        listener = free_listener()
        base = f"http://localhost:{listener.getsockname()[1]}"
        stack.enter_context(
            override_settings(DASHBOARD_ORIGINS=[base], V0_BASE_URL=simulator.base_url)
        )
        previews = f"http://*.localhost:{stack.enter_context(served_previews())}"
        stack.enter_context(override_settings(**shown_from(simulator.base_url, previews)))
        stack.callback(clean_up)
        fill()
        stack.enter_context(at_once())
        pages = ASGIStaticFilesHandler(get_asgi_application())
        # Time for what is still answered: Django leaves a file open where it is cut off.
        stack.enter_context(in_thread(pages, listener, timeout_graceful_shutdown=10))
        stack.enter_context(follower())
        # What is still held would keep the servers from ending.
        stack.callback(simulator.clock.advance, 3600)
        yield Studio(base, simulator)


def shown_from(v0: str, previews: str) -> dict[str, Any]:
    """The settings that let pages show previews and pictures."""
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    images = {"img-src": [*policy["img-src"], v0], "frame-src": [v0, previews]}
    return {
        "PREVIEW_ORIGIN": previews,
        "PREVIEW_SOURCES": [v0, previews],
        "IMAGE_SOURCES": [*settings.IMAGE_SOURCES, v0],
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {**policy, **images}},
        "ALLOWED_HOSTS": ["localhost"],
    }


def fill() -> None:
    """The teams and their people."""
    teams = [make.team(name, slug=name, generation=name) for name in GENERATIONS]
    for role in (Role.OWNER, Role.MEMBER, Role.VIEWER):
        person = make.person(role, teams[0], email=f"{role}@example.com", name=str(role).title())
        teams[1].memberships.create(user=person.user, role=role)
        if role == Role.MEMBER:
            for team in teams:
                holder = team.memberships.get(user=person.user)
                make.key(holder, "v0-demo-member", shared=True)


def clean_up() -> None:
    """Neither rows nor what Valkey keeps stay for other tests."""
    call_command("flush", interactive=False, verbosity=0)
    connection.close_pool()
    with redis.Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.flushall()


@contextmanager
def at_once() -> Iterator[None]:
    """What is queued runs where it is queued."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@contextmanager
def follower() -> Iterator[None]:
    """`manage.py follow` in a thread."""
    loop, stopping = asyncio.new_event_loop(), asyncio.Event()

    async def follow() -> None:
        loop.set_default_executor(ThreadPoolExecutor(8))
        await Follower(Painter).run(stopping)

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(follow())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(stopping.set)
    thread.join(10)
