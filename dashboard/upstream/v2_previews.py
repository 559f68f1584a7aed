"""Running previews in v2 of the API, and the sites that may show them in their own pages."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.upstream.records import PreviewRecord
from dashboard.upstream.remote import Remote


class PreviewsV2(Remote):
    def preview(self, chat_id: str) -> PreviewRecord | None:
        found = self.read(self._client.v2.chats.get_preview, chat_id)
        if found is None:
            return None
        return PreviewRecord(found.url, found.token, found.expires_at)

    def preview_hosts(self) -> list[str]:
        return self.read(self._client.v2.settings.get_preview_hosts).hosts

    def set_preview_hosts(self, hosts: Sequence[str]) -> list[str]:
        return self.write(self._client.v2.settings.set_preview_hosts, hosts=list(hosts)).hosts
