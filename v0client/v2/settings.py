"""Which sites may show previews of the team's chats inside their own pages."""

from __future__ import annotations

from collections.abc import Sequence

from v0client.calls import Call, M, Resource, operation
from v0client.shapes import Shape


class PreviewHosts(Shape):
    """The patterns of trusted hosts, as v0 writes them."""

    hosts: list[str]


class Settings(Resource[M]):
    """`client.v2.settings`."""

    _name = "v2.settings"

    @operation
    def get_preview_hosts(self) -> Call[PreviewHosts]:
        """The trusted hosts of the team; a child team has those of its organization."""
        return Call("GET", "v2/settings/preview-hosts", PreviewHosts)

    @operation
    def set_preview_hosts(self, *, hosts: Sequence[str]) -> Call[PreviewHosts]:
        """Replace all trusted hosts: at most 5, each of at most 256 characters.

        A host has no scheme, port or path. `*.example.com` matches one label below example.com,
        `**.example.com` one or more; neither matches example.com itself. Child teams cannot set
        their own.
        """
        body = {"hosts": hosts}
        return Call("PUT", "v2/settings/preview-hosts", PreviewHosts, body=body)
