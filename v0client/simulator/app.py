"""The simulator as one object: a request goes in, an answer comes out. The ways in (ASGI, test
transport, command line) are elsewhere, and so is what each address answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from v0client.simulator import connecting, control, generations, pages, reporting, seed
from v0client.simulator.asgi import Application
from v0client.simulator.clock import Clock
from v0client.simulator.exchange import HTML, Call, Refusal, Request, Response, answer
from v0client.simulator.faults import Faults
from v0client.simulator.generations import Generation
from v0client.simulator.identity import HASHED, session_token
from v0client.simulator.journal import Journal
from v0client.simulator.outbox import Outbox
from v0client.simulator.records import Key, Person
from v0client.simulator.sources import Unfetched
from v0client.simulator.store import Store
from v0client.simulator.transport import SimulatorTransport

KEPT_REQUESTS = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as tests and `/_sim/requests` see it."""

    method: str
    path: str
    query: str
    key: str | None
    status: int


class Simulator:
    """A local v0. `seed` is empty, demo or big:N; time is virtual unless `clock="real"`.

    `on_exchange` is told of each request and its answer; see reporting.py.
    """

    def __init__(
        self,
        seed: str = "empty",
        now: datetime | None = None,
        speed: float = 1.0,
        base_url: str = "http://v0.test",
        *,
        clock: str = "virtual",
        journal: Path | str | None = None,
        on_exchange: reporting.Listener | None = None,
    ) -> None:
        if clock not in ("virtual", "real"):
            raise ValueError("clock is 'virtual' or 'real'")
        self.seed = seed
        self.speed = speed
        self.base_url = base_url.rstrip("/")
        self.on_exchange = on_exchange
        self.clock = Clock(start=now, real=clock == "real")
        self.faults = Faults()
        self.outbox = Outbox()
        self.requests: list[Asked] = []
        self.lock = RLock()
        self.app = Application(self)
        self.journal = Journal(Path(journal)) if journal else None
        self.store = self._grow(self.clock.now())
        if self.journal:
            self._replay(self.journal)
        self.clock.on_move = self.catch_up

    def _grow(self, origin: float) -> Store:
        return seed.grow(self.seed, origin=origin, speed=self.speed)

    def _replay(self, journal: Journal) -> None:
        """Plays what was accepted before the last stop into a fresh seed."""
        origin, entries = journal.open(self.clock.now(), self.seed, self.speed)
        self.store = self._grow(origin)
        for entry in entries:
            self.store.settle(entry.at)
            request = entry.request()
            if entry.key is None and request.path.startswith("/_sim/"):
                control.change(self, request)
            elif entry.key is None:
                connecting.visit(self.store, request, entry.at)
            elif (key := self.store.keys.get(entry.key)) and (api := generations.of(entry.path)):
                self._run(api, request, key, entry.at)
            # Time that had been moved forward stays there.
            self.clock.advance(max(0.0, entry.at - self.clock.now()))
        # Hooks hear of nothing that happened before.
        self.store.settle(self.clock.now())
        self.store.news.clear()

    # ---- for tests ----------------------------------------------------------------------------

    def transport(self) -> Any:
        """Give it as `transport=` to a sync or async client of httpx or httpx2."""
        return SimulatorTransport(self)

    def add_key(
        self, secret: str, person: Person | str = "owner@example.com", label: str | None = None
    ) -> Key:
        """One more key for a person (or the e-mail address of one)."""
        if isinstance(person, str):
            person = self.person(person)
        key = Key(secret, person.id, label or f"…{secret[-4:]}")
        self.store.keys[secret] = key
        return key

    def person(self, email: str) -> Person:
        """The person with that e-mail address."""
        for person in self.store.people.values():
            if person.email == email:
                return person
        raise KeyError(email)

    def revoke(self, secret: str) -> None:
        """The key answers 401 from now on."""
        self.store.keys[secret].revoked = True

    def reset(self) -> None:
        """Back to the seed: no faults, no requests, nothing that was made since."""
        self.faults.clear()
        self.outbox.clear()
        self.requests.clear()
        origin = self.clock.now()
        self.store = self._grow(origin)
        if self.journal:
            self.journal.begin(origin, self.seed, self.speed)

    # ---- answering ----------------------------------------------------------------------------

    def answer(self, request: Request) -> Response:
        """The whole way of a request; one at a time, whichever thread it comes from."""
        while True:
            try:
                return self._turn(request)
            except Unfetched as source:
                source.fetch(request)

    async def answer_async(self, request: Request) -> Response:
        """The same without blocking the event loop while a source is fetched."""
        while True:
            try:
                return self._turn(request)
            except Unfetched as source:
                await asyncio.to_thread(source.fetch, request)

    def catch_up(self) -> None:
        """What time alone has brought about: ended answers, and what hooks are told of them."""
        with self.lock:
            now = self.clock.now()
            self.store.settle(now)
            self.outbox.collect(self.store, now)

    def _turn(self, request: Request) -> Response:
        with self.lock:
            response = self._answer(request)
            self.outbox.collect(self.store, self.clock.now())
            return response

    def _answer(self, request: Request) -> Response:
        """Faults, key, handler, bookkeeping."""
        if request.path.startswith("/_sim/"):
            return control.answer(self, request)
        now = self.clock.now()
        self.store.settle(now)
        api = generations.of(request.path)
        if api is None:
            return self._page(request, now)
        fault = self.faults.find(request.method, request.path)
        secret = bearer(request)
        key = self.store.keys.get(secret or "")
        if fault and not fault.reaches_handler:
            response, template = api.refuse(fault.refusal()), ""
        else:
            response, template = self._authorized(api, request, key, now)
        if fault:
            self.faults.count(fault)
            response = fault.spoil(response)
        if api.numbered:
            request_id = self.store.minter.mint("request", HASHED, "req_")
            response.headers.setdefault("x-request-id", request_id)
        self._remember(
            Asked(
                request.method,
                request.path,
                request.query_string,
                key.label if key else None,
                response.status,
            )
        )
        self._report(api, request, template, response, fault is not None)
        return response

    def _page(self, request: Request, now: float) -> Response:
        fault = self.faults.find_for_page(request.method, request.path)
        if fault is None:
            return pages.answer(self, request, now)
        self.faults.count(fault)
        if not fault.reaches_handler:
            return fault.spoil(Response(status=fault.refusal().status, body=b"", content_type=HTML))
        return fault.spoil(pages.answer(self, request, now))

    def _authorized(
        self, api: Generation, request: Request, key: Key | None, now: float
    ) -> tuple[Response, str]:
        if key is None or key.revoked:
            return api.refuse(Refusal(401, "Invalid or missing API key")), ""
        response, template = self._run(api, request, key, now)
        if api is generations.V1:
            response.headers["x-session-token"] = session_token(key.secret)
        if self.journal and request.method != "GET" and response.status < 400:
            self.journal.add(now, key.secret, request)
        return response, template

    def _run(self, api: Generation, request: Request, key: Key, now: float) -> tuple[Response, str]:
        template = ""
        try:
            handler, params, template = api.router.find(
                request.method, api.path(request.path) or ""
            )
            person = self.store.people[key.person_id]
            key.last_used_at = now
            if scope := request.headers.get("x-scope"):
                self.store.check_scope(person, scope)
            result = handler(Call(self, request, params, person, key, now, request.query))
        except Refusal as refusal:
            return api.refuse(refusal), template
        return (result if isinstance(result, Response) else answer(result)), template

    def _remember(self, asked: Asked) -> None:
        self.requests.append(asked)
        if len(self.requests) > KEPT_REQUESTS:
            del self.requests[: KEPT_REQUESTS // 2]

    def _report(
        self, api: Generation, request: Request, template: str, response: Response, faulted: bool
    ) -> None:
        listeners = [*reporting.everywhere, *filter(None, [self.on_exchange])]
        if listeners:
            reporting.report(listeners, api.name, template, request, response, faulted=faulted)

    def moment(self) -> datetime:
        """The simulator's present."""
        return datetime.fromtimestamp(self.clock.now(), UTC)


def bearer(request: Request) -> str | None:
    """The key of the Authorization header."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None
