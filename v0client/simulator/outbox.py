"""Delivers what happens to webhooks: unsigned, once, each hook's in order from a thread of its own,
so that no request waits for a receiver. A delivery that fails changes nothing.

v0 documents neither body nor headers. The body here is our guess, after the hook events that v1's
contract describes without serving them: {"id", "object": "hook_event", "event", "createdAt",
"chatId"} and, for events of messages, "messageId".
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from functools import cached_property

from v0client import http
from v0client.simulator.clock import iso
from v0client.simulator.exchange import dump
from v0client.simulator.faults import HookFaults
from v0client.simulator.identity import HASHED, digest, spell
from v0client.simulator.records import Happening, Hook
from v0client.simulator.store import Store, in_list

PATIENCE = 5.0
KEPT = 5_000
# Seconds of the simulator's time after which a delivery that was to be overtaken waits no longer.
OVERTAKEN_WITHIN = 60.0


@dataclass(slots=True)
class Delivery:
    """One event for one hook, and what came of it: a status, or why there was none."""

    id: str
    hook_id: str
    url: str
    event: str
    chat_id: str
    message_id: str | None
    created_at: str
    status: int | None = None
    error: str = ""

    def body(self) -> bytes:
        told = {
            "id": self.id,
            "object": "hook_event",
            "event": self.event,
            "createdAt": self.created_at,
            "chatId": self.chat_id,
        }
        return dump(told if self.message_id is None else {**told, "messageId": self.message_id})


@dataclass(slots=True)
class Held:
    """A delivery that leaves at a moment, or right after the next one to its hook."""

    delivery: Delivery
    due: float
    overtaken: bool


class Outbox:
    """`deliveries` are those that were made, the newest last; `faults` spoil those to come."""

    def __init__(self) -> None:
        self.faults = HookFaults()
        self.deliveries: list[Delivery] = []
        self._held: list[Held] = []
        self._waiting: dict[str, deque[Delivery]] = {}
        self._idle = threading.Condition()
        self._count = 0

    def clear(self) -> None:
        """Forgets everything that has not left."""
        self.faults.clear()
        self._held.clear()
        with self._idle:
            self.deliveries.clear()
            for waiting in self._waiting.values():
                waiting.clear()

    def flush(self, patience: float = 10.0) -> None:
        """Returns when all that is due has been delivered or has failed."""
        with self._idle:
            if not self._idle.wait_for(lambda: not self._waiting, patience):
                raise TimeoutError("deliveries to webhooks are still under way")

    # ---- from what happened to deliveries -----------------------------------------------------

    def collect(self, store: Store, now: float) -> None:
        """Takes what happened since the last time, and sends what is due."""
        news, store.news = distinct(store.news), []
        for happening in news:
            for hook in list(store.hooks.values()):
                if wants(store, hook, happening):
                    self._post(self._delivery(hook, happening), now)
        for held in [held for held in self._held if held.due <= now]:
            self._held.remove(held)
            self._send(held.delivery)

    def _delivery(self, hook: Hook, happening: Happening) -> Delivery:
        self._count += 1
        message_id = happening.message_id
        number = digest(hook.id, happening.event, message_id, happening.at, self._count)
        return Delivery(
            f"evt_{spell(number, HASHED)}",
            hook.id,
            hook.url,
            happening.event,
            happening.chat.id,
            message_id,
            iso(happening.at),
        )

    def _post(self, delivery: Delivery, now: float) -> None:
        """Lets a fault have its way with the delivery, or sends it."""
        fault = self.faults.take(delivery.event, delivery.hook_id)
        if fault is None:
            self._send(delivery)
        elif fault.overtaken:
            self._held.append(Held(delivery, now + OVERTAKEN_WITHIN, True))
            return
        elif not fault.lost:
            copies = [delivery, replace(delivery)] if fault.twice else [delivery]
            for copy in copies:
                self._held.append(Held(copy, now + fault.delay, False))
        for held in [held for held in self._held if held.overtaken]:
            if held.delivery.hook_id == delivery.hook_id:
                held.due = now

    # ---- delivering ---------------------------------------------------------------------------

    def _send(self, delivery: Delivery) -> None:
        with self._idle:
            waiting = self._waiting.get(delivery.hook_id)
            if waiting is not None:
                waiting.append(delivery)
                return
            waiting = self._waiting[delivery.hook_id] = deque([delivery])
        threading.Thread(
            target=self._deliver_all, args=(delivery.hook_id, waiting), daemon=True
        ).start()

    def _deliver_all(self, hook_id: str, waiting: deque[Delivery]) -> None:
        """The life of a hook's thread: until nothing waits any more."""
        while True:
            with self._idle:
                if not waiting:
                    del self._waiting[hook_id]
                    self._idle.notify_all()
                    return
                delivery = waiting.popleft()
            self._deliver(delivery)
            with self._idle:
                self.deliveries.append(delivery)
                del self.deliveries[:-KEPT]

    def _deliver(self, delivery: Delivery) -> None:
        if not delivery.url.startswith(("http://", "https://")):
            delivery.error = "not an HTTP address"
            return
        headers = {"content-type": "application/json", "user-agent": "v0-webhooks"}
        content = delivery.body()
        try:
            # What the receiver says beyond the status is nobody's business.
            with self._client.stream(
                "POST", delivery.url, content=content, headers=headers
            ) as answer:
                delivery.status = answer.status_code
        except (http.RequestError, http.InvalidURL, UnicodeError) as error:
            delivery.error = str(error) or type(error).__name__

    @cached_property
    def _client(self) -> http.Client:
        return http.Client(trust_env=False, timeout=PATIENCE)


def distinct(news: list[Happening]) -> list[Happening]:
    """Each event once; that a new chat was changed right away is no news."""
    created = {one.chat.id for one in news if one.event == "chat.created"}
    seen = dict[tuple[str, str, str | None], Happening]()
    for one in news:
        if one.event != "chat.updated" or one.chat.id not in created:
            seen.setdefault((one.event, one.chat.id, one.message_id), one)
    return list(seen.values())


def wants(store: Store, hook: Hook, happening: Happening) -> bool:
    """Whether a hook listens to this, and its owner sees that chat."""
    if happening.event not in hook.events or hook.chat_id not in (None, happening.chat.id):
        return False
    return in_list(happening.chat, store.people[hook.person_id])
