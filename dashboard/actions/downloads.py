"""A version as an archive: of the stored copy, or of v0 as it packs it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.utils.text import slugify

from dashboard import access, packing
from dashboard.actions import Invalid, acting
from dashboard.models import Membership, Version
from dashboard.upstream.errors import Refused

FORMS = {
    "zip": ("zip", "application/zip", packing.zipped),
    "tarball": ("tar.gz", "application/gzip", packing.tarred),
}
ONLY_NEWEST = "v2 has the newest files alone. Download the stored copy of this version instead."
EDITED = "v0 has this version only as it was edited since. Download the stored copy instead."


@dataclass(frozen=True)
class Archive:
    """An archive to send on. `size` is in bytes, None where it is not known."""

    name: str
    content_type: str
    pieces: Generator[bytes, None, None]
    size: int | None


def stored_archive(*, member: Membership, version: Version, form: str) -> Archive:
    """Packed here of what is stored; v0 is not asked, so it works when the chat is gone."""
    access.require(member, "read")
    acting.see_stored_chat(member, version.chat)
    if version.files_at is None:
        raise Refused("The files of this version are not stored here.", kind="gone")
    rows = version.files.select_related("content").order_by("path").iterator(chunk_size=100)
    files = ((row.path, row.content.data) for row in rows)
    name, content_type = named(version, form)
    packed = FORMS[form][-1](files, version.created_at)
    return Archive(name, content_type, (part for part in [packed]), len(packed))


def upstream_archive(*, member: Membership, version: Version, form: str) -> Archive:
    """v0's own, piece by piece; whoever reads it to the end or closes it frees the connection."""
    access.require(member, "read")
    name, content_type = named(version, form)
    chat = version.chat
    if version.is_former:
        raise Refused(EDITED, kind="gone")
    with ExitStack() as stack:
        _, remote = stack.enter_context(acting.remote_of_chat(member, chat))
        if not remote.keeps_versions:
            latest = remote.chat(chat.upstream_id).latest
            if latest is None or latest.id != version.upstream_id:
                raise Refused(ONLY_NEWEST, kind="invalid")
        download = remote.download(chat.upstream_id, version.upstream_id, form)
        archive = stack.enter_context(download)
        pieces = held(archive.pieces, stack.pop_all())
        return Archive(name, content_type, pieces, archive.size)


def held(pieces: Iterator[bytes], stack: ExitStack) -> Generator[bytes, None, None]:
    """The pieces, with everything open that they need until they end."""
    with stack:
        yield from pieces


def named(version: Version, form: str) -> tuple[str, str]:
    """What the file is called, and its media type."""
    if form not in FORMS:
        raise Invalid("form", "Choose zip or tarball.")
    ending, content_type, _ = FORMS[form]
    base = slugify(version.chat.label)[:60] or "chat"
    state = f"-state-{version.edition}" if version.is_former else ""
    return f"{base}-v{version.number}{state}.{ending}", content_type
