"""Archives that v0 packs, handed through piece by piece; nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dashboard.upstream.errors import refused
from dashboard.upstream.records import ArchiveRecord
from dashboard.upstream.remote import Remote
from v0client.downloads import Download
from v0client.errors import V0Error


@contextmanager
def opened(remote: Remote, file: Download) -> Iterator[ArchiveRecord]:
    """The archive, from v0's first word on until the block ends."""
    with ExitStack() as stack:
        download = remote.read(stack.enter_context, file)
        yield ArchiveRecord(download.size, pieces(download))


def pieces(download: Download) -> Iterator[bytes]:
    """Its bytes; raises Refused where v0 is cut off."""
    try:
        yield from download.chunks()
        return
    except V0Error as error:
        # Without the original: its frames hold the request.
        refusal = refused(error)
    raise refusal
