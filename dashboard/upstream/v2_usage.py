"""What v2 of the API tells of single messages beyond the messages themselves: which model wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dashboard.upstream.records import CostRecord
from dashboard.upstream.remote import Remote


class UsageV2(Remote):
    def message_costs(self, since: datetime, *, models: bool) -> Iterator[CostRecord]:
        """Models, whether wanted or not: a message of v2 says itself what it cost."""
        pages = self._client.v2.usage.list_events(start=since, limit=100).by_page()
        while (page := self._ask(next, (pages, None), {}, write=False)) is not None:
            for event in page.data:
                if event.chat_id and event.message_id and event.model:
                    yield CostRecord(event.chat_id, event.message_id, model=event.model)
