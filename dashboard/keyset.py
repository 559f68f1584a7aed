"""Pages of long lists by where the last page ended, so that each costs the same at any depth.

An edge is "<value>_<id>" of the row at the end of a page. Nothing here knows what is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_datetime

COUNTED = 1000  # counting further would cost more, the longer the list

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page: its rows, and the edges behind which the pages before and after it lie."""

    rows: list[Row]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Count:
    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.more else ''}"


@dataclass(frozen=True)
class Keyset:
    """An order by one field and then by id, both in the same direction."""

    field: str
    descending: bool

    def cut(self, rows: models.QuerySet[Row], query: Mapping[str, str], size: int) -> Slice[Row]:
        """The page that ?after= or ?before= asks for, else the first one."""
        forward = self.parse(query.get("after", ""))
        backward = None if forward else self.parse(query.get("before", ""))
        edge, reverse = forward or backward, bool(backward)
        if edge:
            rows = rows.filter(self.beyond(*edge, reverse=reverse))
        sign = "-" if self.descending != reverse else ""
        found = list(rows.order_by(f"{sign}{self.field}", f"{sign}pk")[: size + 1])
        more, found = len(found) > size, found[:size]
        if reverse:
            found.reverse()
        if not found:
            return Slice([])
        has_before, has_after = (more, True) if reverse else (bool(edge), more)
        return Slice(
            found,
            before=self.edge(found[0]) if has_before else "",
            after=self.edge(found[-1]) if has_after else "",
        )

    def beyond(self, value: Any, pk: int, *, reverse: bool) -> Q:
        # The first condition alone bounds the walk over the index; the second settles equals.
        side = "lt" if self.descending != reverse else "gt"
        within = Q(**{f"{self.field}__{side}e": value})
        return within & (Q(**{f"{self.field}__{side}": value}) | Q(**{f"pk__{side}": pk}))

    def edge(self, row: models.Model) -> str:
        value = getattr(row, self.field)
        text = value.isoformat() if isinstance(value, datetime) else str(value)
        return f"{text}_{row.pk}"

    def parse(self, edge: str) -> tuple[Any, int] | None:
        """The value and the id of an edge; nothing where it makes no sense."""
        text, found, pk = edge.rpartition("_")
        if not found or not (pk.isascii() and pk.isdigit()) or len(pk) > 18 or "\0" in text:
            return None
        if not self.field.endswith("_at"):
            return text, int(pk)
        try:
            value = parse_datetime(text)
        except ValueError:
            return None
        return (value, int(pk)) if value is not None and value.tzinfo else None


def capped_count(rows: models.QuerySet[Any]) -> Count:
    """How many rows there are, exact up to COUNTED."""
    number = rows.order_by()[: COUNTED + 1].count()
    return Count(min(number, COUNTED), number > COUNTED)
