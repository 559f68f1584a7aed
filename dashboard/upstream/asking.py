"""One key's conversation with v0 in one generation of its API: how questions and changes are sent,
and when one is asked again. What can be asked is in remote.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Self, TypeVar

from dashboard.upstream.errors import NotOffered, Refused, refused
from dashboard.upstream.pace import Pace
from v0client import V0
from v0client.errors import V0Error

T = TypeVar("T")

WORTH_ONE_MORE = ("unreachable", "broken")


class Asking:
    """Asks v0 with one key, at the pace that all who use the key keep together."""

    generation: ClassVar[str]

    def __init__(self, client: V0, pace: Pace, *, patient: bool) -> None:
        self._client = client
        self._pace = pace
        self._patient = patient  # else nobody waits: the client does not retry, we do it once

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.generation})"

    def within(self, seconds: float) -> Self:
        """The same, for when nobody wants to wait longer than this for an answer."""
        client = self._client.with_options(timeout=seconds)
        return type(self)(client, self._pace, patient=self._patient)

    def read(self, ask: Callable[..., T], *args: Any, **fields: Any) -> T:
        """A question; it may be asked again."""
        try:
            return self._ask(ask, args, fields, write=False)
        except Refused as refusal:
            if self._patient or refusal.kind not in WORTH_ONE_MORE:
                raise
        return self._ask(ask, args, fields, write=False)

    def write(self, ask: Callable[..., T], *args: Any, **fields: Any) -> T:
        """A change; it is sent once."""
        return self._ask(ask, args, fields, write=True)

    def _ask(self, ask: Callable[..., T], args: Any, fields: Any, *, write: bool) -> T:
        with self._pace.slot():
            try:
                return ask(*args, **fields)
            except V0Error as error:
                # Without the original: its frames hold the request.
                refusal = refused(error, write=write)
        raise refusal

    def turn(self) -> AbstractContextManager[None]:
        """Inside, this thread asks several things in a row and keeps its place for all of them."""
        return self._pace.slot()

    def lacking(self, capability: str) -> NotOffered:
        """The refusal of a verb that this generation does not have."""
        return NotOffered(
            self._client.capabilities.why_not(self.generation, capability)
            or "v0 does not offer this."
        )
