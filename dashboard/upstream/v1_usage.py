"""What v1 of the API tells of the costs of messages: its ledger, and its list of model calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dashboard.upstream.records import CostRecord
from dashboard.upstream.remote import Remote


class UsageV1(Remote):
    def message_costs(self, since: datetime, *, models: bool) -> Iterator[CostRecord]:
        pages = self._client.v1.reports.get_usage(start_date=since, limit=150).by_page()
        while (page := self._ask(next, (pages, None), {}, write=False)) is not None:
            for row in page.data:
                if row.chat_id and row.message_id:
                    yield CostRecord(row.chat_id, row.message_id, cost=row.total_cost)
        if models:
            yield from self.model_calls(since)

    def model_calls(self, since: datetime) -> Iterator[CostRecord]:
        """Tokens and models, from a report of its own."""
        calls = self._client.v1.reports.get_ai_usage(start=since, limit=1000).by_page()
        while (listed := self._ask(next, (calls, None), {}, write=False)) is not None:
            for call in listed.data:
                tokens = {
                    "input": call.input_tokens,
                    "output": call.output_tokens,
                    "cacheRead": call.cache_read_input_tokens,
                    "cacheWrite": call.cache_creation_input_tokens,
                    "total": call.total_tokens,
                }
                yield CostRecord(call.chat_id, call.message_id, tokens=tokens, model=call.model_id)
