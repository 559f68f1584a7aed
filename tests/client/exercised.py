"""A client that carries out operations against the simulator and checks what type each answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.client.backend import KEY, ask
from tests.client.simulated import simulator
from v0client.answers import Answer
from v0client.operations import operations


class Exercised:
    """One of the clients before a simulator; keeps the names of the operations it carried out."""

    def __init__(self, kind: str, generation: str) -> None:
        self.kind, self.generation = kind, generation
        self.sim = simulator()
        self.sim.add_key(KEY)
        self.names: set[str] = set()

    def __call__(self, call: Callable[[Any], Any], returns: Any) -> Any:
        """What an operation gives, which must be of this type, or [items] of it."""
        found = ask(
            self.kind,
            self.sim.transport(),
            lambda client: call(getattr(client, self.generation)),
            base_url=self.sim.base_url,
            on_answer=self.note,
        )
        for one in found if isinstance(returns, list) else [found]:
            assert isinstance(one, returns[0] if isinstance(returns, list) else returns)
        return found

    def note(self, answer: Answer) -> None:
        self.names.add(answer.operation)


def left_out(
    areas: Iterable[Callable[[Any], None]], client: Callable[[str], Exercised]
) -> set[str]:
    """The operations of the client's generation that no area carries out."""
    clients = []
    for area in areas:
        clients.append(client("blocking"))
        area(clients[-1])
    offered = {one.name for one in operations() if one.name.startswith(f"{clients[0].generation}.")}
    return offered - set().union(*(one.names for one in clients))
