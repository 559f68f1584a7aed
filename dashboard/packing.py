"""Archives of stored files, packed here. No database, no requests; the same files give the same
bytes, and no entry leads out of the folder it is unpacked in."""

from __future__ import annotations

import base64
import gzip
import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # ZIP knows no time before
Files = Iterable[tuple[str, bytes]]
# What reading a damaged or closed archive raises.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # encrypted, or packed in a way that Python does not know
    ValueError,
)


def zipped(files: Files, moment: datetime) -> bytes:
    """A .zip of files by their paths, all dated to this moment."""
    buffer = io.BytesIO()
    stamp = max(moment.astimezone(UTC), EARLIEST).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            entry = zipfile.ZipInfo(inside(path), stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def tarred(files: Files, moment: datetime) -> bytes:
    """A .tar.gz of files by their paths, all dated to this moment."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files:
            entry = tarfile.TarInfo(inside(path))
            entry.size, entry.mtime = len(content), int(moment.timestamp())
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)


def address(packed: bytes) -> str:
    """A ZIP archive as an address that contains all of it."""
    return f"data:application/zip;base64,{base64.b64encode(packed).decode()}"


def unzipped(packed: bytes, most: int) -> dict[str, bytes] | None:
    """The files of a .zip by their paths; None where it is damaged, or has more than `most`
    bytes unpacked, whatever it says of itself."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                with archive.open(entry) as opened:
                    found[inside(entry.filename)] = content = opened.read(most + 1)
                most -= len(content)
                if most < 0:
                    return None
    except UNREADABLE:
        return None
    return found


def inside(path: str) -> str:
    """The path without what would lead out of its folder on any system."""
    path = re.sub(r"^[A-Za-z]:", "", path.replace("\\", "/").replace("\0", ""))
    return "/".join(step for step in path.split("/") if step not in ("", ".", "..")) or "file"
