"""What v1 of the API tells of the costs of messages: its ledger, and its list of model calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from dashboard.upstream.records import CostRecord
from dashboard.upstream.remote import Remote

# Pages that are read for one chat: v0 may send empty ones while it looks for the chat's rows.
MOST_PAGES = 10


class UsageV1(Remote):
    def message_costs(self, since: datetime, *, models: bool) -> Iterator[CostRecord]:
        pages = self._client.v1.reports.get_usage(start_date=since, limit=150).by_page()
        for page in self.each(pages):
            yield from costs(page)
        if models:
            yield from self.model_calls(since)

    def chat_costs(self, chat_id: str, since: datetime) -> list[CostRecord]:
        """In a few requests; what is further back in the report stays unknown."""
        reports = self._client.v1.reports
        pages = reports.get_usage(start_date=since, chat_id=chat_id, limit=150).by_page()
        return [cost for page in islice(self.each(pages), MOST_PAGES) for cost in costs(page)]

    def each(self, pages: Iterator[Any]) -> Iterator[Any]:
        while (page := self._ask(next, (pages, None), {}, write=False)) is not None:
            yield page

    def model_calls(self, since: datetime) -> Iterator[CostRecord]:
        """Tokens and models, from a report of its own."""
        calls = self._client.v1.reports.get_ai_usage(start=since, limit=1000).by_page()
        for listed in self.each(calls):
            for call in listed.data:
                tokens = {
                    "input": call.input_tokens,
                    "output": call.output_tokens,
                    "cacheRead": call.cache_read_input_tokens,
                    "cacheWrite": call.cache_creation_input_tokens,
                    "total": call.total_tokens,
                }
                yield CostRecord(call.chat_id, call.message_id, tokens=tokens, model=call.model_id)


def costs(page: Any) -> Iterator[CostRecord]:
    """What a page of the ledger says of messages; other things cost something, too."""
    for row in page.data:
        if row.chat_id and row.message_id:
            yield CostRecord(row.chat_id, row.message_id, cost=row.total_cost)
