"""What became of each request, told to whoever listens: to one simulator's hook, or to all of a
process. Nothing is held back meanwhile: a stream is told once it has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from v0client.simulator.exchange import Pieces, Request, Response


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what was answered.

    `generation` is v1, v2 or model; `template` the address within it, "" where the request never
    came so far. `body` is all that was sent, of a stream as far as its client stayed. `faulted`
    marks what a fault has spoiled.
    """

    generation: str
    template: str
    request: Request
    status: int
    content_type: str
    body: bytes
    faulted: bool


Listener = Callable[[Exchange], None]

everywhere: list[Listener] = []
"""Functions that hear of the exchanges of every simulator in this process."""


def report(
    listeners: Sequence[Listener],
    generation: str,
    template: str,
    request: Request,
    response: Response,
    *,
    faulted: bool,
) -> None:
    """Tells the listeners as soon as the answer is whole, which may be much later."""

    def tell(final: Response, body: bytes) -> None:
        exchange = Exchange(
            generation, template, request, final.status, final.content_type, body, faulted
        )
        for listener in listeners:
            listener(exchange)

    _follow(response, tell)


def _follow(response: Response, tell: Callable[[Response, bytes], None]) -> None:
    if response.later is not None:
        compute = response.later

        def later() -> Response:
            final = compute()
            _follow(final, tell)
            return final

        response.later = later
    elif response.pieces is not None:
        response.pieces = _heard(response.pieces, lambda body: tell(response, body))
    else:
        tell(response, response.body)


def _heard(pieces: Pieces, ended: Callable[[bytes], None]) -> Pieces:
    """The same pieces; all that were taken are handed over when the last one was, or at closing."""
    taken = bytearray()
    try:
        for due, piece in pieces:
            taken += piece
            yield due, piece
    finally:
        ended(bytes(taken))
